# SPDX-License-Identifier: MIT
"""Sessions of the second edition: handshake, login, the holder, and what ends a session."""

from __future__ import annotations

import json
import os
import struct
from typing import Any, Callable

import pytest

from tests.support.http import Closed, HttpClient
from tests.support.paths import VECTORS_FILE
from tests.support.websocket import BINARY, CLOSE, TEXT, Frame, frame

from .firmware import CONNECTED, PROMPT, Firmware, upgrade
from .second import (
    EACCES,
    EBUSY,
    EINVAL,
    OFFER,
    OK,
    Second,
    connect,
    encode,
    enter,
    hold,
    holder,
)

VECTORS = json.loads(VECTORS_FILE.read_text(encoding="utf-8"))
PROTOCOL_ERROR, UNSUPPORTED, POLICY, RESTART, BUSY, TAKEN_OVER = 1002, 1003, 1008, 1012, 4000, 4001


# The handshake


def test_clients_that_ask_get_the_second_edition(firmware: Firmware) -> None:
    client = connect(firmware)
    assert client.headers["sec-websocket-protocol"] == "webrepl.2"
    assert client.minor == 1
    assert client.auth == 1
    assert client.features == 7
    assert client.iterations >= 1000
    assert client.max_message >= 1024
    assert client.max_path >= 64


def test_clients_that_ask_for_another_protocol_get_the_classic_edition(firmware: Firmware) -> None:
    client = firmware.connect(**{**OFFER, "protocol": "chat, webrepl.binary.v1"})
    assert "sec-websocket-protocol" not in client.headers
    assert client.frame() == Frame(TEXT, PROMPT)


@pytest.mark.parametrize("quirk", [{"key": "foo"}, {"version": None}])
def test_quirks_of_old_clients_are_no_use_to_new_ones(
    firmware: Firmware, quirk: dict[str, str | None]
) -> None:
    with HttpClient(firmware.port) as client:
        client.send(upgrade(firmware.port, **OFFER, **quirk))
        assert client.response().code == 400


def test_frames_that_are_not_masked_close_the_connection(firmware: Firmware) -> None:
    client = enter(firmware)
    client.masked = False
    client.tell("PING", 5)
    assert client.close_code()[0] == PROTOCOL_ERROR


# Login


def test_the_password_is_proved_by_both_sides(firmware: Firmware) -> None:
    client = connect(firmware)
    result = client.login()
    assert result.code == OK
    assert result.value[32:] == bytes([1, 2, 3, 0])


@pytest.mark.parametrize("password", ["wrong", "", "secret ", "secre"])
def test_a_wrong_password(firmware: Firmware, password: str) -> None:
    client = connect(firmware)
    result = client.login(password)
    assert result == (EACCES, b""), "nothing to guess from"
    assert client.close_code()[0] == POLICY


def test_a_recorded_login_is_of_no_use(firmware: Firmware) -> None:
    """The server's nonce differs each time."""
    nonce = os.urandom(16)
    first = connect(firmware)
    proof = first.proof("secret", nonce).hex()
    assert first.do("LOGIN", client_nonce=nonce.hex(), proof=proof).code == OK
    second = connect(firmware)
    assert second.nonce != first.nonce
    assert second.do("LOGIN", client_nonce=nonce.hex(), proof=proof).code == EACCES


def test_a_long_password_in_all_letters(start: Callable[..., Firmware]) -> None:
    password = "größe " * 50 + "日本"
    enter(start(password=password), password)


def test_an_open_door(start: Callable[..., Firmware]) -> None:
    client = connect(start())
    assert client.auth == 0
    result = client.do("LOGIN", client_nonce="00" * 16, proof="00" * 32)
    assert result == (OK, bytes(32) + bytes([1, 2, 3, 0]))
    assert client.attach().code == OK


def test_wrong_logins_of_both_editions_share_one_growing_delay(firmware: Firmware) -> None:
    """The third is judged when the gate has opened again. By then the second has its answer."""
    classic = firmware.connect()
    assert classic.frame() == Frame(TEXT, PROMPT)
    wrong = connect(firmware)
    classic.say("wrong\r")
    nonce = os.urandom(16)
    wrong.tell("LOGIN", 1, client_nonce=nonce.hex(), proof=wrong.proof("wrong", nonce).hex())
    right = enter(firmware)
    assert wrong.result(1).code == EACCES
    assert right.do("PING").code == OK


def test_requests_may_follow_the_login_at_once(firmware: Firmware) -> None:
    client = connect(firmware)
    nonce = os.urandom(16)
    login = encode("LOGIN", 1, client_nonce=nonce.hex(), proof=client.proof("secret", nonce).hex())
    client.say(login, BINARY)
    client.tell("ATTACH", 2, columns=80, rows=24, credit=1000)
    client.tell("PING", 3)
    assert [client.result(ident).code for ident in (1, 2, 3)] == [OK, OK, OK]
    client.credit[0] = 512
    client.type(b"print x\r")
    client.output_until(b"x\r\nx\r\n>>> ")


@pytest.mark.parametrize(
    "first",
    [
        encode("PING", 1),
        encode("STAT", 1, path="/etc/passwd"),
        encode("DATA", 0, data=b"print x\r".hex()),
        encode("LOGIN", 0, client_nonce="00" * 16, proof="00" * 32),
        encode("LOGIN", 1, client_nonce="00" * 16, proof="00" * 31),
        b"\x7f\0\1\0",
    ],
)
def test_nothing_comes_before_the_login(firmware: Firmware, first: bytes) -> None:
    client = connect(firmware)
    client.say(first, BINARY)
    assert client.close_code()[0] == PROTOCOL_ERROR
    assert not client.results


def test_a_client_that_does_not_log_in_is_disconnected(start: Callable[..., Firmware]) -> None:
    client = connect(start(password="secret", login_timeout=100))
    assert client.close_code()[0] == POLICY


def test_only_so_many_log_in_at_a_time(firmware: Firmware) -> None:
    """The one that has been silent for longest gives way."""
    waiting = [connect(firmware) for _ in range(3)]
    assert connect(firmware).login().code == OK
    assert waiting[0].close_code() == (BUSY, "too many logins")
    assert waiting[1].login().code == OK


def test_only_so_many_are_logged_in_at_a_time(start: Callable[..., Firmware]) -> None:
    firmware = start(password="secret", sessions=2)
    first, second = enter(firmware), enter(firmware)
    late = connect(firmware)
    late.ask("LOGIN", client_nonce="00" * 16, proof=late.proof("secret", bytes(16)).hex())
    assert late.close_code() == (BUSY, "too many sessions")
    classic = firmware.login()
    first.leave()
    enter(firmware)
    assert classic.masked and second.do("PING").code == OK


def test_new_sessions_again_and_again(firmware: Firmware) -> None:
    for _ in range(20):
        client = hold(firmware)
        client.close() if client.last_id % 2 else client.leave()
    assert hold(firmware).who().watchers == 0


# Who holds the terminal


def test_who_holds_the_terminal_and_since_when(firmware: Firmware) -> None:
    client = enter(firmware)
    assert client.who() == (0, 0, 0, "")
    other = hold(firmware)
    state, watchers, since, address = client.who()
    assert (state, watchers, address) == (1, 0, "127.0.0.1")
    assert since < 60
    other.leave()
    classic = firmware.login()
    assert client.who().state == 5
    assert classic.masked


def test_a_second_client_learns_the_holder_and_stays(firmware: Firmware) -> None:
    first, second = hold(firmware), enter(firmware)
    result = second.attach()
    assert result.code == EBUSY
    assert holder(result.value)[0::3] == (1, "127.0.0.1")
    first.leave()
    while second.who().state:
        pass
    assert second.attach().code == OK


def test_a_takeover(firmware: Firmware) -> None:
    first, second = hold(firmware), enter(firmware)
    assert second.attach(takeover=True).code == OK
    assert first.close_code() == (TAKEN_OVER, "somebody else has taken the terminal")
    second.type(b"print mine\r")
    second.output_until(b"\r\nmine\r\n>>> ")


def test_classic_and_new_clients_take_turns(firmware: Firmware) -> None:
    classic, new = firmware.login(), enter(firmware)
    assert new.attach().code == EBUSY
    assert new.attach(takeover=True).code == OK
    assert classic.close_code()[0] == TAKEN_OVER
    assert b"in use by 127.0.0.1 since" in firmware.connect().frame().payload
    assert new.do("DETACH").code == OK
    old = firmware.login()
    old.say("print x\r")
    old.text_until(b"\r\nx\r\n>>> ")


def test_let_go_and_hold_again(firmware: Firmware) -> None:
    client = hold(firmware)
    assert client.attach().code == EINVAL
    assert client.do("DETACH").code == OK
    assert not firmware.connected
    assert client.do("DETACH").code == EINVAL
    assert client.attach().code == OK
    assert firmware.connected


# Invalid messages


REFUSED = VECTORS["refused"]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: str(case["name"]))
def test_messages_that_cannot_be_obeyed(firmware: Firmware, case: dict[str, Any]) -> None:
    firmware.command("hold")
    client = hold(firmware)
    client.say(bytes.fromhex(case["hex"]), BINARY)
    if "close" in case:
        assert client.close_code()[0] == case["close"]
    else:
        assert client.result(9).code == case["code"]
        assert client.do("PING").code == OK
    firmware.command("go")


def test_text_is_no_message(firmware: Firmware) -> None:
    client = hold(firmware)
    client.say("print x\r")
    assert client.close_code()[0] == UNSUPPORTED


def test_an_id_in_use(firmware: Firmware) -> None:
    client = enter(firmware)
    client.tell("PUT", 7, path="x", size=9, sha256="00" * 32)
    client.tell("PING", 7)
    assert client.close_code()[0] == PROTOCOL_ERROR
    assert hold(firmware).do("PING").code == OK


def test_messages_in_fragments(firmware: Firmware) -> None:
    client = enter(firmware)
    message = encode("STAT", 9, path=".")
    for at in range(len(message)):
        last = at == len(message) - 1
        client.send_frame(BINARY if at == 0 else 0, message[at : at + 1], fin=last)
    assert client.result(9).code == OK


def test_the_front_of_a_message_and_no_more(firmware: Firmware) -> None:
    """A connection that breaks at any byte ends its session, and nothing is left of it."""
    messages = [
        encode("PUT", 3, path="f", size=4, sha256="00" * 32),
        encode("DATA", 3, data="aa"),
        encode("GET", 4, credit=9, offset=0, length=9, path="f"),
        encode("ATTACH", 5, columns=0, rows=0, credit=9),
    ]
    stream = b"".join(frame(BINARY, message) for message in messages)
    for end in range(0, len(stream), 7):
        client = enter(firmware)
        client.send(stream[:end])
        client.close()
    assert hold(firmware).do("PING").code == OK
    while any(name.endswith(".~up") for name in firmware.files()):
        pass
    assert firmware.files() == {}


def test_random_messages(firmware: Firmware) -> None:
    """A client sees nothing of what the one before has sent."""
    import random

    chance = random.Random(2)
    for _ in range(40):
        client = enter(firmware)
        try:
            for _ in range(30):
                kind = chance.choice([*range(0x60), chance.randrange(256)])
                ident = chance.randrange(4)
                body = chance.randbytes(chance.choice([0, 1, 4, 8, 30, 48, 100]))
                client.say(struct.pack("<BBH", kind, chance.randrange(3), ident) + body, BINARY)
        except OSError:
            pass
        client.close()
    assert firmware.command("resets").startswith("resets")
    fresh = enter(firmware)
    assert fresh.attach(takeover=True).code == OK


# Endings


def test_the_server_stops(firmware: Firmware) -> None:
    client = hold(firmware)
    firmware.restart()
    assert client.close_code()[0] == RESTART
    assert hold(firmware).do("PING").code == OK


def test_the_server_stops_and_says_so_behind_all_that_is_queued(firmware: Firmware) -> None:
    client = enter(firmware)
    assert client.attach(credit=1 << 30).code == OK
    client.type(b"fill 1000000\r")
    client.wait_until_full()
    firmware.give("restart")
    while (frame := client.frame()).opcode == BINARY:
        pass
    assert frame == Frame(CLOSE, struct.pack(">H", RESTART))
    assert firmware.answer().startswith("port ")


def test_the_program_closes_the_session(firmware: Firmware) -> None:
    client, other = hold(firmware), enter(firmware)
    firmware.command("disconnect 4321 bye")
    assert client.close_code() == (4321, "bye")
    assert other.do("PING").code == OK


def test_a_client_that_is_gone_gives_way(firmware: Firmware) -> None:
    """A session of the second edition that answers no ping ends. Here its connection breaks."""
    ghost = hold(firmware)
    ghost.close()
    client = enter(firmware)
    while client.who().state:
        pass
    assert client.attach().code == OK


def test_a_closed_connection_stays_closed(firmware: Firmware) -> None:
    client = enter(firmware)
    client.leave()
    with pytest.raises((Closed, OSError)):
        client.do("PING")


def test_both_editions_of_one_greeting(firmware: Firmware) -> None:
    """The classic edition sends CONNECTED. The second one sends only the program's output."""
    assert firmware.login().masked
    assert CONNECTED
    client = enter(firmware)
    assert client.attach(takeover=True).code == OK
    client.type(b"print x\r")
    assert client.output_until(b">>> ") == b"print x\r\nx\r\n>>> "


def test_silence_is_not_death(firmware: Firmware) -> None:
    client = Second(firmware.port)
    assert client.login().code == OK
    for _ in range(100):
        client.tell("PING", 1)
        assert client.result(1).code == OK
