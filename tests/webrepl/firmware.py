# SPDX-License-Identifier: MIT
"""A running firmware, and a client that sees every frame."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

TIMEOUT = 30.0
"""Seconds after which something that should have happened never will."""

PAGE = b"<!doctype html><title>Terminal</title>"

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
PROMPT = b"Password: "
CONNECTED = b"\r\nWebREPL connected\r\n>>> "
DENIED = b"\r\nAccess denied\r\n"


class Firmware:
    """A process of its own, told what to do by lines."""

    def __init__(self, program: Path, folder: Path, options: dict[str, object]) -> None:
        """Starts it in that folder."""
        self.folder = folder
        self.process = subprocess.Popen(
            [program, *(f"{name}={value}" for name, value in options.items())],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, "TSAN_OPTIONS": "halt_on_error=1 report_thread_leaks=0"},
        )
        self.port = self._read_port()

    def _read_port(self) -> int:
        word, number = self._read().split()
        assert word == "port"
        return int(number)

    def _read(self) -> str:
        line = self.process.stdout.readline()
        assert line, f"the firmware has ended with {self.process.wait()}"
        return line.strip()

    def tell(self, order: str) -> str:
        """Gives an order and waits for its answer."""
        self.give(order)
        return self._read()

    def give(self, order: str) -> None:
        """Gives an order."""
        print(order, file=self.process.stdin, flush=True)

    def answer(self) -> str:
        """The answer to an order that was given."""
        return self._read()

    def restart(self) -> None:
        """Stops its server and starts another one."""
        self.give("restart")
        self.port = self._read_port()

    @property
    def connected(self) -> bool:
        """Whether the terminal is held."""
        return self.tell("state").split()[1] == "1"

    @property
    def available(self) -> int:
        """Bytes that the program could read."""
        return int(self.tell("state").split()[2])

    @property
    def interrupts(self) -> int:
        """Interrupt characters that were seen."""
        return int(self.tell("state").split()[3])

    def files(self) -> dict[str, bytes]:
        """All files in its folder."""
        files = {}
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                files[path.name] = path.read_bytes()
        return files

    def finish(self) -> None:
        """Ends it in order: no sanitizer has complained, and its server could stop."""
        if self.process.poll() is None:
            self.give("quit")
            assert self._read() == "bye"
        assert self.process.wait(TIMEOUT) == 0

    def kill(self) -> None:
        """Ends it."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def connect(self, **how: object) -> Client:
        """A new connection, at its beginning."""
        return Client(self.port, **how)

    def login(self, password: str = "secret", **how: object) -> Client:
        """A new connection that holds the terminal."""
        client = self.connect(**how)
        assert client.frame() == Frame(TEXT, PROMPT)
        client.send(password.encode() + b"\r")
        assert client.frame() == Frame(TEXT, CONNECTED)
        return client


class Frame(NamedTuple):
    """One frame from the server; all are final."""

    opcode: int
    payload: bytes


class Closed(Exception):
    """The server has closed the connection."""


HANDSHAKE = """\
GET {path} HTTP/1.1\r
Host: 127.0.0.1:{port}\r
Connection: keep-alive, Upgrade\r
Upgrade: websocket\r
Sec-WebSocket-Version: 13\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
\r
"""


class Client:
    """A WebSocket, frame by frame."""

    def __init__(
        self,
        port: int,
        *,
        path: str = "/",
        masked: bool = True,
        pongs: bool = True,
        handshake: str = HANDSHAKE,
    ) -> None:
        """Shakes hands."""
        self.masked = masked
        self.pongs = pongs
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = b""
        self.unread_frames: list[Frame] = []
        self.output = b""  # terminal output, without frames
        self.sock.sendall(handshake.format(path=path, port=port).encode())
        head = self._read_until(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head
        self.head = head.decode()

    def _receive(self) -> None:
        try:
            data = self.sock.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Closed
        self.unread += data

    def wait_until_full(self) -> None:
        """Reads nothing until the server can send no more."""
        before, now = "", self._queues()
        while now != before:
            time.sleep(0.5)
            before, now = now, self._queues()

    def _queues(self) -> str:
        """What waits in the system, at both ends of the connection."""
        port = f":{self.sock.getsockname()[1]:04X} "
        lines = Path("/proc/net/tcp").read_text().splitlines()
        return " ".join(sorted(line.split()[4] for line in lines if port in line))

    def _read_until(self, end: bytes) -> bytes:
        while end not in self.unread:
            self._receive()
        at = self.unread.index(end) + len(end)
        result, self.unread = self.unread[:at], self.unread[at:]
        return result

    def _read(self, size: int) -> bytes:
        while len(self.unread) < size:
            self._receive()
        result, self.unread = self.unread[:size], self.unread[size:]
        return result

    def frame(self) -> Frame:
        """The next frame but pings, which are answered."""
        if self.unread_frames:
            return self.unread_frames.pop(0)
        while True:
            first, size = self._read(2)
            assert first & 0xF0 == 0x80, "a fragment, or reserved bits"
            assert size != 127, "old clients cannot read this length"
            if size == 126:
                (size,) = struct.unpack(">H", self._read(2))
            frame = Frame(first & 15, self._read(size))
            if frame.opcode != PING:
                assert frame.payload or frame.opcode == CLOSE, "an empty frame"
                return frame
            if self.pongs:
                self.send_frame(PONG, frame.payload)

    def frames_until(self, end: bytes) -> list[Frame]:
        """Frames up to the one that is exactly that."""
        frames = [self.frame()]
        while frames[-1].payload != end:
            frames.append(self.frame())
        return frames

    def _receive_text(self) -> None:
        frame = self.frame()
        assert frame.opcode == TEXT, frame
        frame.payload.decode()
        self.output += frame.payload

    def _take_text(self, size: int) -> bytes:
        text, self.output = self.output[:size], self.output[size:]
        return text

    def text(self, size: int) -> bytes:
        """So many bytes of terminal output."""
        while len(self.output) < size:
            self._receive_text()
        return self._take_text(size)

    def text_until(self, end: bytes) -> bytes:
        """Terminal output up to and with the first place that reads so."""
        while end not in self.output:
            self._receive_text()
        return self._take_text(self.output.index(end) + len(end))

    def binary(self) -> bytes:
        """The next binary frame; terminal output before it is thrown away."""
        while True:
            frame = self.frame()
            if frame.opcode == BINARY:
                return frame.payload
            assert frame.opcode == TEXT, frame

    def send_frame(self, opcode: int, payload: bytes, final: bool = True) -> None:
        """Sends one frame."""
        self.sock.sendall(encode(opcode, payload, final, self.masked))

    def send(self, data: bytes | str, opcode: int = TEXT) -> None:
        """Sends one message."""
        self.send_frame(opcode, data if isinstance(data, bytes) else data.encode())

    def close_code(self) -> tuple[int, str]:
        """Code and reason of the close frame that comes next; the connection ends."""
        frame = self.frame()
        assert frame.opcode == CLOSE, frame
        self.send_frame(CLOSE, frame.payload)
        try:
            rest = self._read(1)
        except Closed:
            rest = b""
        assert not rest
        self.sock.close()
        return struct.unpack(">H", frame.payload[:2])[0], frame.payload[2:].decode()

    def close(self) -> None:
        """Says good-bye and waits for the server to do so."""
        self.send_frame(CLOSE, struct.pack(">H", 1000))
        try:
            while True:
                self._receive()
        except Closed:
            self.sock.close()

    def vanish(self) -> None:
        """Ends the connection without a word."""
        self.sock.close()


def encode(opcode: int, payload: bytes, final: bool = True, masked: bool = True) -> bytes:
    """One frame of a client."""
    size, mark = len(payload), 0x80 if masked else 0
    head = bytes([opcode | (0x80 if final else 0)])
    if size < 126:
        head += bytes([mark | size])
    elif size < 65536:
        head += struct.pack(">BH", mark | 126, size)
    else:
        head += struct.pack(">BQ", mark | 127, size)
    if not masked:
        return head + payload
    mask = os.urandom(4)
    stream = mask * (size // 4 + 1)
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(stream[:size], "big")
    return head + mask + mixed.to_bytes(size, "big")
