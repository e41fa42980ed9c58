# SPDX-License-Identifier: MIT
"""Logging in, and being refused."""

from __future__ import annotations

import contextlib
import select
import struct
import threading
import time
from collections.abc import Callable

import pytest

from tests.support.http import Closed
from tests.support.lwip import not_on_lwip
from tests.support.websocket import BINARY, CLOSE, PING, PONG, TEXT, Frame, frame

from .firmware import CONNECTED, DENIED, PROMPT, Firmware, FrameClient

POLICY, BUSY, TAKEN_OVER, RESTART = 1008, 4000, 4001, 1012


def type_password(client: FrameClient, *frames: tuple[int, bytes]) -> None:
    """Sends those frames in answer to the prompt."""
    assert client.frame() == Frame(TEXT, PROMPT)
    for opcode, payload in frames:
        client.send_frame(opcode, payload)


def waited(begun: float, delay: float) -> bool:
    """Whether the server has waited long enough. Its clock counts whole milliseconds."""
    return time.monotonic() - begun > delay - 0.05


@pytest.mark.parametrize(
    "frames",
    [
        [(TEXT, b"secret\r")],
        [(TEXT, b"secret\n")],
        [(BINARY, b"secret\r")],
        [(BINARY, b"sec"), (TEXT, b"ret"), (BINARY, b"\n")],
        [(TEXT, bytes([byte])) for byte in b"secret\r"],
        [(TEXT, b""), (TEXT, b"secret"), (TEXT, b""), (TEXT, b"\r")],
    ],
)
@pytest.mark.parametrize("masked", [True, False])
def test_password_in_any_frames(
    firmware: Firmware, frames: list[tuple[int, bytes]], masked: bool
) -> None:
    client = firmware.connect(masked=masked)
    type_password(client, *frames)
    assert client.frame() == Frame(TEXT, CONNECTED)
    assert firmware.connected
    client.leave()


def test_fragments_of_one_message(firmware: Firmware) -> None:
    client = firmware.connect()
    assert client.frame() == Frame(TEXT, PROMPT)
    client.send_frame(TEXT, b"sec", fin=False)
    client.send_frame(0, b"ret", fin=False)
    client.send_frame(0, b"\r")
    assert client.frame() == Frame(TEXT, CONNECTED)


def test_the_line_feed_behind_a_carriage_return_belongs_to_the_password(
    firmware: Firmware,
) -> None:
    client = firmware.connect()
    type_password(client, (TEXT, b"secret\r\nprint x\r"))
    assert client.frame() == Frame(TEXT, CONNECTED)
    assert client.text_until(b">>> ") == b"print x\r\nx\r\n>>> "


def test_and_so_it_does_before_a_request(firmware: Firmware) -> None:
    client = firmware.connect()
    request = b"WA\3" + bytes(79)
    type_password(client, (BINARY, b"secret\r"), (BINARY, b"\n" + request))
    assert client.frame() == Frame(TEXT, CONNECTED)
    assert client.frame() == Frame(BINARY, b"\1\2\3")


def test_bytes_after_the_password_are_input(firmware: Firmware) -> None:
    client = firmware.connect()
    type_password(client, (BINARY, b"secret\r"), (TEXT, b"print y\r"))
    assert client.frame() == Frame(TEXT, CONNECTED)
    assert client.text_until(b">>> ") == b"print y\r\ny\r\n>>> "


def test_any_length(start: Callable[..., Firmware]) -> None:
    password = "Käse und Wein, " * 20
    firmware = start(password=password)
    client = firmware.connect()
    type_password(client, (TEXT, password.encode() + b"\r"))
    assert client.frame() == Frame(TEXT, CONNECTED)


def test_no_password(start: Callable[..., Firmware]) -> None:
    client = start().connect()
    assert client.frame() == Frame(TEXT, CONNECTED)
    client.say("print z\r")
    assert client.text_until(b">>> ") == b"print z\r\nz\r\n>>> "


@pytest.mark.parametrize(
    "password", [b"", b"Secret", b"secre", b"secrets", b"secret\0", b"x" * 9000]
)
def test_wrong_password(firmware: Firmware, password: bytes) -> None:
    client = firmware.connect()
    begun = time.monotonic()
    type_password(client, (TEXT, password + b"\r"))
    assert client.frame() == Frame(TEXT, DENIED)
    assert waited(begun, 0.5)
    assert client.close_code() == (POLICY, "access denied")
    assert not firmware.connected


def test_wrong_passwords_take_ever_longer_and_a_right_one_resets_that(firmware: Firmware) -> None:
    for delay in [0.5, 1.0, 2.0]:
        client = firmware.connect()
        begun = time.monotonic()
        type_password(client, (TEXT, b"wrong\r"))
        assert client.frame() == Frame(TEXT, DENIED)
        assert waited(begun, delay)
        client.close_code()
    firmware.login().leave()
    client = firmware.connect()
    type_password(client, (TEXT, b"wrong\r"))
    assert client.frame() == Frame(TEXT, DENIED)


def type_password_until_it_is_read(client: FrameClient, password: bytes) -> None:
    type_password(client, (TEXT, password), (PING, b"x"))
    assert client.frame() == Frame(PONG, b"x")


def is_answered(client: FrameClient) -> bool:
    """Whether anything has come for it."""
    return bool(select.select([client.sock], [], [], 0)[0])


@pytest.mark.parametrize("source", ["", pytest.param("127.0.0.2", marks=not_on_lwip("one peer"))])
def test_a_right_password_does_not_wait_for_wrong_ones(firmware: Firmware, source: str) -> None:
    wrong = [firmware.connect() for _ in range(3)]
    for client in wrong:
        type_password_until_it_is_read(client, b"wrong\r")
    right = firmware.connect(source=source)
    type_password(right, (TEXT, b"secret\r"), (TEXT, b"print x\r"))
    assert right.frame() == Frame(TEXT, CONNECTED)
    assert not is_answered(wrong[2])  # for three seconds
    assert right.text_until(b">>> ") == b"print x\r\nx\r\n>>> "
    assert wrong[0].close_code() == (BUSY, "too many logins")


def guess_until_passwords_wait(firmware: Firmware) -> None:
    """Has the server answer none of 127.0.0.1 for some seconds, right or wrong."""
    for _ in range(4):
        type_password_until_it_is_read(firmware.connect(), b"wrong\r")


def test_too_many_wrong_passwords_delay_the_right_one_of_their_address(firmware: Firmware) -> None:
    begun = time.monotonic()
    guess_until_passwords_wait(firmware)
    client = firmware.connect()
    type_password(client, (TEXT, b"secret\r"))
    assert client.frame() == Frame(TEXT, CONNECTED)
    assert waited(begun, 0.5 + 1.0 + 2.0)


@not_on_lwip("there is one peer")
def test_and_that_of_no_other(firmware: Firmware) -> None:
    guess_until_passwords_wait(firmware)
    waits = [firmware.connect() for _ in range(3)]
    for client in waits:
        type_password_until_it_is_read(client, b"secret\r")
    assert firmware.connect().close_code() == (BUSY, "too many logins")
    client = firmware.connect(source="127.0.0.2")
    type_password(client, (TEXT, b"secret\r"))
    assert client.frame() == Frame(TEXT, CONNECTED)
    assert not is_answered(waits[0])
    assert waits[2].close_code() == (BUSY, "too many logins")


def test_more_connections_give_no_more_guesses(firmware: Firmware) -> None:
    clients = [firmware.connect() for _ in range(3)]
    begun = time.monotonic()
    for client in clients:
        type_password(client, (TEXT, b"wrong\r"))
    for client in clients:
        assert client.frame() == Frame(TEXT, DENIED)
    assert waited(begun, 0.5 + 1.0 + 2.0)


def test_the_oldest_silent_login_gives_way(firmware: Firmware) -> None:
    clients = [firmware.connect() for _ in range(4)]
    type_password(clients[3], (TEXT, b"secret\r"))
    assert clients[3].frame() == Frame(TEXT, CONNECTED)
    assert clients[0].frame() == Frame(TEXT, PROMPT)
    assert clients[0].close_code() == (BUSY, "too many logins")
    assert clients[1].frame() == Frame(TEXT, PROMPT)
    assert not is_answered(clients[1])


@not_on_lwip("there is one peer")
def test_logins_give_way_to_their_own_address(firmware: Firmware) -> None:
    """Somebody who types slowly is not pushed out, nor kept out by clients that never answer."""
    slow = firmware.connect(source="127.0.0.2")
    knocks = [firmware.connect() for _ in range(7)]
    type_password(slow, (TEXT, b"secret\r"))
    assert slow.frame() == Frame(TEXT, CONNECTED)
    assert knocks[4].frame() == Frame(TEXT, PROMPT)
    assert knocks[4].close_code() == (BUSY, "too many logins")


@not_on_lwip("there is one peer")
def test_an_address_that_was_let_in_before_goes_first(firmware: Firmware) -> None:
    """However many strangers come, of as many addresses as they like."""
    firmware.login(source="127.0.0.2").leave()
    strangers = [firmware.connect(source=f"127.0.1.{i}") for i in range(1, 4)]
    slow = firmware.connect(source="127.0.0.2")
    strangers += [firmware.connect(source=f"127.0.1.{i}") for i in range(4, 10)]
    type_password(slow, (TEXT, b"secret\r"))
    assert slow.frame() == Frame(TEXT, CONNECTED)


def keep_out(port: int, over: threading.Event, say: bytes) -> None:
    """Connects again and again. Gives a wrong password, or nothing."""
    while not over.is_set():
        with contextlib.suppress(Closed, OSError, AssertionError), FrameClient(port) as client:
            assert client.frame() == Frame(TEXT, PROMPT)
            client.say(say)
            client.sock.settimeout(0.5)
            client.frame()


@not_on_lwip("there is one peer")
def test_the_owner_gets_in_while_others_guess_and_knock(firmware: Firmware) -> None:
    """More than there are sockets try to keep everybody out."""
    over = threading.Event()
    crowd = [b"wrong\r"] * 10 + [b""] * 3
    threads = [threading.Thread(target=keep_out, args=(firmware.port, over, say)) for say in crowd]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            firmware.login(source="127.0.0.2").leave()
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_logging_in_takes_no_slot_for_ever(start: Callable[..., Firmware]) -> None:
    firmware = start(password="secret", login_timeout=300)
    client = firmware.connect()
    assert client.frame() == Frame(TEXT, PROMPT)
    client.say("sec")
    assert client.close_code() == (POLICY, "no password has come in time")
    for _ in range(8):
        firmware.login().leave()


def test_a_second_client_learns_who_holds_the_terminal(firmware: Firmware) -> None:
    holder = firmware.login()
    second = firmware.connect()
    frame = second.frame()
    code, reason = second.close_code()
    assert frame == Frame(TEXT, f"\r\n{reason}\r\n".encode())
    assert reason.startswith("WebREPL is in use by 127.0.0.1 since ")
    assert reason.endswith(" s")
    assert ":" not in reason
    assert code == BUSY
    holder.say("print mine\r")
    assert holder.text_until(b">>> ") == b"print mine\r\nmine\r\n>>> "
    holder.leave()
    firmware.login()


def test_the_loser_of_a_race_learns_it_too(firmware: Firmware) -> None:
    first, second = firmware.connect(), firmware.connect()
    type_password(first, (TEXT, b"secret\r"))
    assert first.frame() == Frame(TEXT, CONNECTED)
    type_password(second, (TEXT, b"secret\r"))
    assert second.frame().payload.startswith(b"\r\nWebREPL is in use by 127.0.0.1 since ")
    assert second.close_code()[0] == BUSY
    assert firmware.connected


def test_one_terminal_for_all_ways_in(start: Callable[..., Firmware]) -> None:
    firmware = start(password="secret", password2="other")
    first = firmware.login("other", path="/second")
    assert b"in use" in firmware.connect().frame().payload
    first.leave()
    second = firmware.connect(path="/second")
    type_password(second, (TEXT, b"secret\r"))
    assert second.frame() == Frame(TEXT, DENIED)


def test_a_holder_that_answers_no_ping_gives_way(firmware: Firmware) -> None:
    """The server sends a ping after 15 s of silence, and waits 5 s for an answer."""
    ghost = firmware.login(pongs=False)
    second = firmware.connect()
    while b"in use" in second.frame().payload:
        second.close_code()
        time.sleep(1)
        second = firmware.connect()
    assert firmware.connected
    second.say("secret\r")
    assert second.frame() == Frame(TEXT, CONNECTED)
    assert ghost.close_code() == (TAKEN_OVER, "silent, and somebody else has logged in")
    second.say("print x\r")
    assert second.text_until(b">>> ") == b"print x\r\nx\r\n>>> "


def test_output_before_the_login_is_not_for_the_client(firmware: Firmware) -> None:
    client = firmware.connect()
    assert client.frame() == Frame(TEXT, PROMPT)
    assert firmware.command("write 0 9000").startswith("written 9000 ")
    client.say("secret\r")
    assert client.frame() == Frame(TEXT, CONNECTED)
    client.say("print x\r")
    assert client.text_until(b">>> ") == b"print x\r\nx\r\n>>> "


@pytest.mark.parametrize("how", ["leave", "close"])
def test_the_terminal_is_free_when_its_holder_goes(firmware: Firmware, how: str) -> None:
    for _ in range(5):
        client = firmware.login()
        getattr(client, how)()
        while firmware.connected:
            time.sleep(0.01)


def test_a_bad_frame_ends_the_session(firmware: Firmware) -> None:
    client = firmware.login()
    client.send(b"\xff\xff")
    frame = client.frame()
    assert frame.opcode == CLOSE
    assert frame.payload[:2] == b"\x03\xea"
    with pytest.raises(Closed):
        client.frame()
    firmware.login()


def test_the_firmware_ends_a_session(firmware: Firmware) -> None:
    client = firmware.login()
    firmware.command("disconnect 4321 That is all. " + "€" * 60)
    code, reason = client.close_code()
    assert code == 4321
    assert reason == "That is all. " + "€" * 36
    assert not firmware.connected
    firmware.login()


def test_a_server_that_stops_says_so(firmware: Firmware) -> None:
    holder, newcomer = firmware.login(), None
    firmware.restart()
    assert holder.close_code()[0] == RESTART
    assert not firmware.connected
    newcomer = firmware.login()
    newcomer.say("print x\r")
    assert newcomer.text_until(b">>> ") == b"print x\r\nx\r\n>>> "


def test_a_server_that_stops_says_so_behind_all_that_is_queued(firmware: Firmware) -> None:
    client = firmware.login()
    client.say("fill 1000000\r")
    client.wait_until_full()
    firmware.give("restart")
    while (frame := client.frame()).opcode == TEXT:
        pass
    assert frame == Frame(CLOSE, struct.pack(">H", RESTART))
    assert firmware.answer().startswith("port ")


def test_stopping_does_not_wait_for_a_client_that_does_not_read(firmware: Firmware) -> None:
    client = firmware.login()
    client.say("fill 1000000\r")
    client.wait_until_full()
    firmware.restart()
    with contextlib.suppress(Closed):
        while client.frame().opcode == TEXT:
            pass


def test_a_login_in_one_packet_with_the_handshake(firmware: Firmware) -> None:
    """Early input is not lost."""
    client = firmware.connect()
    client.send(frame(TEXT, b"secret\r") + frame(TEXT, b"print x\r"))
    assert client.frame() == Frame(TEXT, PROMPT)
    assert client.frame() == Frame(TEXT, CONNECTED)
    assert client.text_until(b">>> ") == b"print x\r\nx\r\n>>> "
