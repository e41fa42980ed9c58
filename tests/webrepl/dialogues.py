# SPDX-License-Identifier: MIT
"""What deployed clients send and expect, byte for byte.

Each function is one habit of one client, taken from its source, and works with any server. Tests
here play them with the firmware in C, and those in tests/webrepl_module with MicroPython.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from typing import NamedTuple

from tests.support.websocket import BINARY, TEXT, WebSocket, frame

from .firmware import CONNECTED, DENIED, PROMPT

PUT, GET, VERSION = 1, 2, 3
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
DEFLATE = b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"

OLD_SCRIPT = b"""\
GET / HTTP/1.1\r
Host: echo.websocket.org\r
Connection: Upgrade\r
Upgrade: websocket\r
Sec-WebSocket-Key: foo\r
\r
"""
"""webrepl_cli.py and PyPI's webrepl: no version, an invalid key, another host."""

WEBSOCKETS = b"""\
GET / HTTP/1.1\r
Host: 127.0.0.1:%d\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
Sec-WebSocket-Version: 13\r
Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
User-Agent: Python/3.11 websockets/13.1\r
\r
"""
"""Thonny and minny, with the library websockets."""

WEBSOCKET_CLIENT = b"""\
GET / HTTP/1.1\r
Upgrade: websocket\r
Host: 127.0.0.1:%d\r
Origin: http://127.0.0.1:%d\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
Sec-WebSocket-Version: 13\r
Connection: Upgrade\r
\r
"""
"""mpfshell, with the library websocket-client."""

NPM_WS = b"""\
GET / HTTP/1.1\r
Sec-WebSocket-Version: 13\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
Connection: Upgrade\r
Upgrade: websocket\r
Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
Host: 127.0.0.1:%d\r
\r
"""
"""micropython-ctl, with the npm package ws."""

FIREFOX = b"""\
GET / HTTP/1.1\r
Host: 127.0.0.1:%d\r
User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r
Accept: */*\r
Accept-Language: en-US,en;q=0.5\r
Accept-Encoding: gzip, deflate, br, zstd\r
Sec-WebSocket-Version: 13\r
Origin: http://127.0.0.1:%d\r
Sec-WebSocket-Extensions: permessage-deflate\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
DNT: 1\r
Connection: keep-alive, Upgrade\r
Pragma: no-cache\r
Cache-Control: no-cache\r
Upgrade: websocket\r
\r
"""
"""A browser: webrepl.js, ViperIDE."""


class Server(NamedTuple):
    """The server to talk to."""

    port: int
    password: bytes
    say: Callable[[str], bytes]  # a line for its prompt that prints a word


class DeployedClient(WebSocket):
    """A client that does only what the real one does: no pongs, no close frame."""

    def __init__(self, server: Server, handshake: bytes, masked: bool = True) -> None:
        """Shakes hands, and reads the answer up to its blank line."""
        super().__init__(server.port)
        self.masked = masked
        ports = (server.port,) * handshake.count(b"%d")
        self.headers = self.shake_hands(handshake % ports if ports else handshake)

    def frame(self) -> tuple[int, bytes]:
        """The next frame except pings: final, never empty, with a length of 7 or 16 bits."""
        while True:
            opcode, payload, final = self.next_frame()
            assert final, "a fragment"
            assert len(payload) < 65536, "a length of 64 bits"
            if opcode in (TEXT, BINARY):
                assert payload, "an empty frame, which Thonny takes for the end"
                return opcode, payload

    def expect(self, opcode: int, payload: bytes) -> None:
        """Checks that this is the next frame."""
        assert self.frame() == (opcode, payload)

    def binary(self) -> bytes:
        """The next binary frame. Text before it is for the screen."""
        while True:
            opcode, payload = self.frame()
            if opcode == BINARY:
                return payload

    def text_until(self, end: bytes) -> bytes:
        """Reads text frames until together they end with this. No other frames may come."""
        text = b""
        while end not in text:
            try:
                opcode, payload = self.frame()
            except TimeoutError as error:
                raise AssertionError(f"no {end!r} in {text!r}") from error
            assert opcode == TEXT
            payload.decode()
            text += payload
        return text

    def ends(self) -> bool:
        """Whether nothing comes except a close frame and the end."""
        rest = self.read_to_end()
        return not rest or rest[:1] == b"\x88"

    def send_frame(self, opcode: int, payload: bytes = b"") -> None:
        """Sends a frame. Old scripts send header and payload separately."""
        data = frame(opcode, payload, masked=self.masked)
        if not self.masked:
            self.send(data[: -len(payload)])
            data = payload
        self.send(data)

    def log_in(self, server: Server, opcode: int, end: bytes) -> None:
        """Answers the prompt."""
        self.expect(TEXT, PROMPT)
        self.send_frame(opcode, server.password + end)
        self.expect(TEXT, CONNECTED)


def header(op: int, name: bytes = b"", size: int = 0) -> bytes:
    """A request for a file."""
    return struct.pack("<2sBBQLH64s", b"WA", op, 0, 0, size, len(name), name)


# webrepl_cli.py and PyPI's webrepl


def old_script(server: Server) -> DeployedClient:
    wire = DeployedClient(server, OLD_SCRIPT, masked=False)
    wire.log_in(server, BINARY, b"\r")
    return wire


def webrepl_cli_shakes_hands_without_version_and_with_the_key_foo(server: Server) -> None:
    with DeployedClient(server, OLD_SCRIPT, masked=False) as wire:
        assert wire.headers["upgrade"].lower() == "websocket"
        wire.expect(TEXT, PROMPT)


def webrepl_cli_sends_its_password_unmasked_in_a_binary_frame(server: Server) -> None:
    with old_script(server) as wire:
        wire.send_frame(TEXT, server.say("eins") + b"\r")
        wire.text_until(b"eins\r\n>>> ")


def webrepl_cli_asks_for_the_version_behind_its_password(server: Server) -> None:
    """It does not wait for the login. The next binary frame must have three bytes."""
    with DeployedClient(server, OLD_SCRIPT, masked=False) as wire:
        wire.expect(TEXT, PROMPT)
        wire.send_frame(BINARY, server.password + b"\r")
        wire.send_frame(BINARY, header(VERSION))
        wire.expect(TEXT, CONNECTED)
        assert len(wire.binary()) == 3


def webrepl_cli_sees_that_its_password_was_wrong_by_the_end(server: Server) -> None:
    with DeployedClient(server, OLD_SCRIPT, masked=False) as wire:
        wire.expect(TEXT, PROMPT)
        wire.send_frame(BINARY, b"nothyp\r")
        wire.send_frame(BINARY, header(VERSION))
        wire.expect(TEXT, DENIED)
        assert wire.ends()


def webrepl_cli_puts_a_file_with_its_header_in_two_frames(server: Server) -> None:
    data = os.urandom(2500)
    with old_script(server) as wire:
        rec = header(PUT, b"cli.bin", len(data))
        wire.send_frame(BINARY, rec[:10])
        wire.send_frame(BINARY, rec[10:])
        assert wire.binary() == b"WB\0\0"
        for at in range(0, len(data), 1024):
            wire.send_frame(BINARY, data[at : at + 1024])
        assert wire.binary() == b"WB\0\0"
        assert got(wire, b"cli.bin") == data


def got(wire: DeployedClient, name: bytes) -> bytes:
    """A file: each block with its length is one frame."""
    data = b""
    wire.send_frame(BINARY, header(GET, name))
    assert wire.binary() == b"WB\0\0"
    while True:
        wire.send_frame(BINARY, b"\0")
        block = wire.binary()
        assert len(block) == 2 + struct.unpack("<H", block[:2])[0]
        if len(block) == 2:
            break
        data += block[2:]
    assert wire.binary() == b"WB\0\0"
    return data


def webrepl_sendcmd_ends_with_a_frame_of_a_line_end_and_one_of_the_prompt(server: Server) -> None:
    """PyPI's webrepl. If a frame holds more than one of them, it waits for ever."""
    with old_script(server) as wire:
        for word in ("eins", "zwei", "drei"):
            wire.send_frame(TEXT, server.say(word) + b"\r\n")
            frames = [wire.frame()[1], wire.frame()[1]]
            while frames[-2:] != [b"\r\n", b">>> "]:
                frames.append(wire.frame()[1])
            assert word.encode() + b"\r\n" in b"".join(frames)
            assert sum(frame == b">>> " for frame in frames) == 1


# webrepl.js


def browser(server: Server) -> DeployedClient:
    wire = DeployedClient(server, FIREFOX)
    wire.log_in(server, TEXT, b"\r")
    return wire


def webrepl_js_gets_each_block_in_one_message(server: Server) -> None:
    data = bytes(range(256)) * 5 + b"rest"
    with browser(server) as wire:
        wire.send_frame(BINARY, header(PUT, b"blocks.bin", len(data)))
        assert wire.binary() == b"WB\0\0"
        wire.send_frame(BINARY, data)
        assert wire.binary() == b"WB\0\0"
        assert got(wire, b"blocks.bin") == data


def webrepl_js_floods_the_server_with_a_file(server: Server) -> None:
    """It sends all slices of 1024 at once, without reading. Only then does it read the result."""
    data = os.urandom(1 << 20)
    with browser(server) as wire:
        wire.send_frame(BINARY, header(PUT, b"flood.bin", len(data)))
        assert wire.binary() == b"WB\0\0"
        for at in range(0, len(data), 1024):
            wire.send_frame(BINARY, data[at : at + 1024])
        assert wire.binary() == b"WB\0\0"
        assert got(wire, b"flood.bin") == data


def webrepl_js_shows_every_message_and_gets_no_binary_one_unasked(server: Server) -> None:
    with browser(server) as wire:
        wire.send_frame(TEXT, server.say("eins") + b"\r" + server.say("zwei") + b"\r")
        wire.text_until(b"zwei\r\n>>> ")  # which asserts that all frames are text


def webrepl_js_asks_for_the_version_in_an_otherwise_empty_header(server: Server) -> None:
    with browser(server) as wire:
        wire.send_frame(BINARY, b"WA\x03" + bytes(79))
        assert len(wire.binary()) == 3


def firefox_names_upgrade_among_others_in_connection(server: Server) -> None:
    assert b"\r\nConnection: keep-alive, Upgrade\r\n" in FIREFOX
    with browser(server) as wire:
        assert wire.headers["connection"].lower() == "upgrade"


def changed(change: Callable[[bytes], bytes]) -> bytes:
    """A handshake whose names, and the words of Upgrade and Connection, have another case."""
    first, *lines = FIREFOX.split(b"\r\n")
    fields = [line.partition(b":") for line in lines]
    lines = [
        change(name) + colon + (change(value) if b"pgrade" in name + value else value)
        for name, colon, value in fields
    ]
    return b"\r\n".join([first, *lines])


def names_of_header_fields_may_be_in_capitals(server: Server) -> None:
    with DeployedClient(server, changed(bytes.upper)) as wire:
        wire.log_in(server, TEXT, b"\r")


def names_of_header_fields_may_be_in_small_letters(server: Server) -> None:
    with DeployedClient(server, changed(bytes.lower)) as wire:
        wire.log_in(server, TEXT, b"\r")


# Thonny and minny


def thonny_adds_up_text_until_it_is_the_prompt_and_nothing_else(server: Server) -> None:
    with DeployedClient(server, WEBSOCKETS) as wire:
        heard = b""
        while heard != b"Password: ":
            opcode, payload = wire.frame()
            assert opcode == TEXT
            heard += payload
            assert b"Password: ".startswith(heard), "Thonny would wait for ever"
        wire.send_frame(TEXT, server.password + b"\n")
        wire.expect(TEXT, CONNECTED)
        wire.send_frame(TEXT, b"\r" + server.say("eins") + b"\r")
        wire.text_until(b"eins\r\n>>> ")


def thonny_offers_compression_and_gets_none(server: Server) -> None:
    assert DEFLATE in WEBSOCKETS
    with DeployedClient(server, WEBSOCKETS) as wire:
        assert "sec-websocket-extensions" not in wire.headers
        wire.log_in(server, TEXT, b"\n")


def thonny_pastes_in_pieces_and_takes_an_empty_frame_for_the_end(server: Server) -> None:
    """DeployedClient.frame() asserts that none is empty."""
    with DeployedClient(server, WEBSOCKETS) as wire:
        wire.log_in(server, TEXT, b"\n")
        line = server.say("x" * 200)
        for at in range(0, len(line), 127):
            wire.send_frame(TEXT, line[at : at + 127])
        wire.send_frame(TEXT, b"\r")
        wire.text_until(b"x" * 200 + b"\r\n>>> ")


# ViperIDE


def viperide_sends_empty_messages_and_waits_for_lines(server: Server) -> None:
    """It sends one at the start, and after 55 seconds of silence. Here: between all others."""
    with DeployedClient(server, FIREFOX) as wire:
        wire.send_frame(TEXT, b"")
        heard = b""
        while b"Password:" not in heard:
            heard += wire.frame()[1]
        wire.send_frame(TEXT, b"")
        wire.send_frame(TEXT, server.password + b"\n")
        wire.send_frame(TEXT, b"")
        lines = wire.text_until(b"\r\n>>> ").split(b"\n")
        assert lines[0].strip() == b""  # it takes this for an echo
        assert lines[1].strip() == b"WebREPL connected"
        for word in ("eins", "zwei"):
            wire.send_frame(TEXT, b"")
            wire.send_frame(TEXT, server.say(word) + b"\r")
            wire.send_frame(TEXT, b"")
            wire.text_until(word.encode() + b"\r\n>>> ")


def viperide_is_told_of_a_wrong_password_on_a_line(server: Server) -> None:
    with DeployedClient(server, FIREFOX) as wire:
        wire.send_frame(TEXT, b"")
        wire.expect(TEXT, PROMPT)
        wire.send_frame(TEXT, b"nothyp\n")
        lines = wire.text_until(b"denied\r\n").split(b"\n")
        assert [line.strip() for line in lines] == [b"", b"Access denied", b""]
        assert wire.ends()


def viperide_writes_512_bytes_at_a_time(server: Server) -> None:
    with DeployedClient(server, FIREFOX) as wire:
        wire.send_frame(TEXT, b"")
        wire.log_in(server, TEXT, b"\n")
        lines = b"".join(server.say(f"word-{n}") + b"\r" for n in range(200))
        for at in range(0, len(lines), 512):
            wire.send_frame(TEXT, lines[at : at + 512])
        heard = wire.text_until(b"word-199\r\n>>> ")
        assert all(f"word-{n}\r\n".encode() in heard for n in range(200))


# micropython-ctl


def micropython_ctl_compares_whole_frames(server: Server) -> None:
    with DeployedClient(server, NPM_WS) as wire:
        assert wire.frame()[1].strip() == b"Password:"
        wire.send_frame(TEXT, server.password + b"\r")
        assert wire.frame()[1].strip().endswith(b"\n>>>")


def micropython_ctl_compares_whole_frames_of_refusal(server: Server) -> None:
    with DeployedClient(server, NPM_WS) as wire:
        assert wire.frame()[1].strip() == b"Password:"
        wire.send_frame(TEXT, b"nothyp\r")
        assert wire.frame()[1].strip() == b"Access denied"
        assert wire.ends()


# mpfshell


def mpfshell_reads_ten_characters_and_then_twenty_five(server: Server) -> None:
    with DeployedClient(server, WEBSOCKET_CLIENT) as wire:
        heard = b""
        while len(heard) < 10:
            heard += wire.frame()[1]
        assert heard == b"Password: "
        wire.send_frame(TEXT, server.password + b"\r")
        heard = b""
        while len(heard) < 25:
            heard += wire.frame()[1]
        assert heard == CONNECTED
        wire.send_frame(TEXT, b"\r" + server.say("eins") + b"\r")
        wire.text_until(b"eins\r\n>>> ")


CLIENTS = ("webrepl", "firefox", "names", "thonny", "viperide", "micropython_ctl", "mpfshell")
Dialogue = Callable[[Server], None]
ALL: list[Dialogue] = [
    talk for name, talk in globals().items() if name.startswith(tuple(f"{c}_" for c in CLIENTS))
]
