# SPDX-License-Identifier: MIT
"""The terminal: nothing is lost, nothing is split, and an interrupt is always seen."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tests.support.waiting import eventually
from tests.support.websocket import BINARY, TEXT, Frame, frame

from .firmware import PROMPT, Firmware, FrameClient

PIECE = "Grüße € 🐍\r\n"


def fnv(data: bytes) -> str:
    """The sum that the program's `sink` writes."""
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return f"{value:08x}"


def noise(size: int) -> bytes:
    """Bytes of every value but the interrupt."""
    return bytes(byte if byte != 3 else 4 for byte in (i * 7919 >> 3 & 0xFF for i in range(size)))


def sending(client: FrameClient, data: bytes) -> threading.Thread:
    """Sends in the background: the server may not take it yet."""
    thread = threading.Thread(target=client.send, args=(data,), daemon=True)
    thread.start()
    return thread


def test_commands(firmware: Firmware) -> None:
    client = firmware.login()
    for word in ["eins", "zwei", "größer"]:
        typed = f"print {word}".encode()
        client.say(typed)
        assert client.text(len(typed)) == typed
        client.say("\r")
        assert client.text_until(b">>> ").decode() == f"\r\n{word}\r\n>>> "


@pytest.mark.parametrize("command", ["print x", "slow x", "", "what"])
def test_a_prompt_is_a_frame_and_the_line_end_before_it_too(
    firmware: Firmware, command: str
) -> None:
    client = firmware.login()
    client.say(command + "\r")
    frames = client.frames_until(b">>> ")
    assert frames[-2:] == [Frame(TEXT, b"\r\n"), Frame(TEXT, b">>> ")]


def test_output_comes_in_few_frames(firmware: Firmware) -> None:
    client = firmware.login()
    client.say("fill 5000\r")
    frames = client.frames_until(b">>> ")
    text = b"".join(frame.payload for frame in frames)
    assert text.decode() == "fill 5000\r\n" + PIECE * 5000 + ">>> "
    for each in frames:
        assert each.opcode == TEXT
        each.payload.decode()
        assert len(each.payload) <= 1400
    assert len(frames) < len(text) / 300


@pytest.mark.parametrize("sizes", [(64, 256), (512, 2048), (4096, 32768)])
def test_rings_of_any_size(start: Callable[..., Firmware], sizes: tuple[int, int]) -> None:
    firmware = start(password="secret", input=sizes[0], output=sizes[1])
    client = firmware.login()
    client.say("fill 2000\r")
    assert client.text_until(b">>> ").decode() == "fill 2000\r\n" + PIECE * 2000 + ">>> "
    data = noise(20_000)
    client.say(b"sink 20000\r" + data)
    assert client.text_until(b">>> ").decode() == f"sink 20000\r\n{fnv(data)}\r\n>>> "


def test_a_character_that_comes_in_bytes_is_not_split(firmware: Firmware) -> None:
    client = firmware.login()
    client.say("bytes " + "€🐍".encode().hex() + "\r")
    assert client.text_until(b">>> ").decode().endswith("\r\n€🐍>>> ")


def test_half_a_character_is_replaced_after_a_while(firmware: Firmware) -> None:
    client = firmware.login()
    firmware.command("hold")
    client.say("bytes e282\r")
    firmware.command("go")
    assert client.text_until(b">>> ").decode().endswith("\r\n\N{REPLACEMENT CHARACTER}>>> ")


def test_bytes_that_are_no_text_are_replaced(firmware: Firmware) -> None:
    client = firmware.login()
    client.say("bytes 4180c3ffed\r")
    assert client.text_until(b">>> ").decode().endswith("\r\nA" + 4 * "\ufffd" + ">>> ")


def test_half_a_character_at_the_end_of_all_output(firmware: Firmware) -> None:
    """The program waits, and nothing follows, so only time shows that it is a key."""
    client = firmware.login()
    firmware.command("partial")
    assert client.text(3) == "\N{REPLACEMENT CHARACTER}".encode()


@pytest.mark.parametrize("frame_size", [1_000_000, 4096, 100])
def test_a_paste_arrives_whole_without_any_pause(firmware: Firmware, frame_size: int) -> None:
    data = noise(1_000_000 if frame_size > 100 else 100_000)
    client = firmware.login()
    client.say(f"sink {len(data)}\r")
    client.text_until(b"\r\n")
    frames = [frame(TEXT, data[at : at + frame_size]) for at in range(0, len(data), frame_size)]
    thread = sending(client, b"".join(frames))
    assert client.text_until(b">>> ").decode() == f"{fnv(data)}\r\n>>> "
    thread.join()


def test_a_program_that_does_not_read_stops_the_client(firmware: Firmware) -> None:
    data = noise(300_000)
    client = firmware.login()
    firmware.command("hold")
    thread = sending(client, frame(TEXT, f"sink {len(data)}\r".encode() + data))
    eventually(lambda: firmware.available == 512)
    firmware.command("go")
    assert client.text_until(b">>> ").decode().endswith(f"\r\n{fnv(data)}\r\n>>> ")
    thread.join()


def test_interrupt_of_a_busy_program(firmware: Firmware) -> None:
    client = firmware.login()
    for _ in range(20):
        client.say("busy\r")
        client.text_until(b"busy\r\n")
        client.say("\x03")
        assert client.text_until(b">>> ") == b"\r\nKeyboardInterrupt\r\n>>> "
    assert firmware.interrupts == 20


def test_interrupt_after_unread_input(start: Callable[..., Firmware]) -> None:
    """It is seen once, as soon as its byte has come, and is not read again later."""
    firmware = start(password="secret", input=64)
    client = firmware.login()
    firmware.command("hold")
    client.say("x" * 100 + "\x03" + "y\r" + "\x03")
    eventually(lambda: firmware.interrupts == 2)
    assert firmware.available == 64
    firmware.command("go")
    text = client.text_until(b"unknown\r\n>>> ")
    assert text.replace(b"\r\n>>> ", b"") == b"x" * 100 + b"y\r\nunknown"
    assert firmware.interrupts == 2
    assert firmware.available == 0


def test_interrupt_while_the_client_does_not_read(firmware: Firmware) -> None:
    client = firmware.login()
    client.say("fill 1000000\r")
    client.text(10_000)
    client.say("\x03")
    eventually(lambda: firmware.interrupts == 1)
    client.close()


def test_binary_frames_are_not_for_the_terminal(firmware: Firmware) -> None:
    client = firmware.login()
    client.say(b"print x\r", BINARY)
    client.say("print y\r")
    assert client.text_until(b">>> ") == b"print y\r\ny\r\n>>> "


def test_writing_without_a_session_throws_away(firmware: Firmware) -> None:
    assert firmware.command("write 20000 1000000").startswith("written 1000000 in ")


def test_writing_to_a_client_that_does_not_read_ends_in_time(firmware: Firmware) -> None:
    client = firmware.login()
    _, written, _, ms = firmware.command("write 300 50000000").split()
    assert int(written) < 50_000_000
    assert int(ms) >= 300
    received = client.text(int(written))
    assert received == b"." * int(written)
    assert firmware.command("write 0 50000000").startswith("written ")


def test_writing_ends_with_the_session(firmware: Firmware) -> None:
    client = firmware.login()
    firmware.give("write 4000000000 50000000")
    client.text(100_000)
    client.close()
    assert firmware.answer().startswith("written 50000000 in ")
    client = firmware.login()
    client.say("print x\r")
    assert client.text_until(b">>> ") == b"print x\r\nx\r\n>>> "


def test_several_write_at_a_time(firmware: Firmware) -> None:
    client = firmware.login()
    client.say("fill 3000\r")
    client.text_until(b"fill 3000\r\n")
    firmware.give("write 20000 30000")
    text = client.text(len((PIECE * 3000 + ">>> ").encode()) + 30_000).decode()
    assert firmware.answer().startswith("written 30000 in ")
    assert text.replace(".", "") == PIECE * 3000 + ">>> "


def test_input_outlives_its_session(firmware: Firmware) -> None:
    client = firmware.login()
    firmware.command("hold")
    client.say("print late\r")
    eventually(lambda: firmware.available == 11)
    client.leave()
    second = firmware.login()
    firmware.command("go")
    assert second.text_until(b">>> ") == b"print late\r\nlate\r\n>>> "


def test_a_new_session_gets_nothing_of_the_old_ones_output(firmware: Firmware) -> None:
    client = firmware.login()
    firmware.command("write 0 50000000")
    client.close()
    eventually(lambda: not firmware.connected)
    second = firmware.login()
    second.say("print x\r")
    assert second.text_until(b">>> ") == b"print x\r\nx\r\n>>> "


def test_empty_frames_say_nothing(firmware: Firmware) -> None:
    """Some clients keep their connection alive this way."""
    client = firmware.connect()
    client.say("")
    assert client.frame() == Frame(TEXT, PROMPT)
    client.say("secret\r")
    client.frame()
    client.say("")
    client.say("", BINARY)
    client.say("print x\r")
    assert client.text_until(b">>> ") == b"print x\r\nx\r\n>>> "
