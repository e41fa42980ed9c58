# SPDX-License-Identifier: MIT
"""A running firmware, and a client that sees every frame."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from tests.support.process import LineProgram
from tests.support.websocket import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    Frame,
    WebSocket,
    code_and_reason,
    handshake,
)

PAGE = b"<!doctype html><title>Terminal</title>"
EDITOR = b"window.webreplEditor = 1"
PROMPT = b"Password: "
CONNECTED = b"\r\nWebREPL connected\r\n>>> "
DENIED = b"\r\nAccess denied\r\n"


class Firmware(LineProgram):
    """A process that takes commands."""

    ENVIRONMENT = {
        **LineProgram.ENVIRONMENT,
        "TSAN_OPTIONS": f"{LineProgram.ENVIRONMENT['TSAN_OPTIONS']}:report_thread_leaks=0",
    }

    def __init__(self, program: Path, folder: Path, options: dict[str, object]) -> None:
        """Starts it in that folder."""
        super().__init__([program], options, folder)
        self.folder = folder
        self.take_port(self.greeting)

    def restart(self) -> None:
        """Stops its server and starts another one."""
        self.take_port(self.command("restart"))

    @property
    def connected(self) -> bool:
        """Whether the terminal is held."""
        return self.command("state").split()[1] == "1"

    @property
    def available(self) -> int:
        """Bytes that the program could read."""
        return int(self.command("state").split()[2])

    @property
    def interrupts(self) -> int:
        """Interrupt characters that the program has seen."""
        return int(self.command("state").split()[3])

    def files(self) -> dict[str, bytes]:
        """All files in its folder."""
        files = {}
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                files[path.name] = path.read_bytes()
        return files

    def finish(self) -> str:
        """Ends it in order. No sanitizer may complain, and its server must stop."""
        running = self.process.poll() is None
        said = super().finish()
        assert not running or said == "bye\n", said
        return said

    def connect(self, **how: object) -> FrameClient:
        """A new connection, before its login."""
        client = FrameClient(self.port, **how)
        self.clients.append(client)
        return client

    def login(self, password: str = "secret", **how: object) -> FrameClient:
        """A new connection that holds the terminal."""
        client = self.connect(**how)
        assert client.frame() == Frame(TEXT, PROMPT)
        client.say(password + "\r")
        assert client.frame() == Frame(TEXT, CONNECTED)
        return client


class FrameClient(WebSocket):
    """A client that sees every frame. The server's frames must suit old clients too."""

    RESET_IS_AN_END = True

    def __init__(
        self,
        port: int,
        *,
        path: str = "/",
        masked: bool = True,
        pongs: bool = True,
        source: str = "",
        **changed: str | None,
    ) -> None:
        """Shakes hands. `changed` is as for handshake()."""
        super().__init__(port, source=source)
        self.masked = masked
        self.pongs = pongs
        self.unread_frames: list[Frame] = []
        self.output = b""  # terminal output, without frames
        self.headers = self.shake_hands(upgrade(port, path, **changed))

    def wait_until_full(self) -> None:
        """Reads nothing until the server cannot send more."""
        before, now = "", self._queues()
        while now != before:
            time.sleep(0.5)
            before, now = now, self._queues()

    def _queues(self) -> str:
        """How many bytes wait in the system, at both ends of the connection."""
        port = f":{self.sock.getsockname()[1]:04X} "
        lines = Path("/proc/net/tcp").read_text().splitlines()
        return " ".join(sorted(line.split()[4] for line in lines if port in line))

    def frame(self) -> Frame:
        """The next frame except pings, which it answers."""
        if self.unread_frames:
            return self.unread_frames.pop(0)
        while True:
            taken = self.next_frame()
            assert taken.final, "a fragment"
            assert len(taken.payload) < 65536, "old clients cannot read this length"
            if taken.opcode != PING:
                assert taken.payload or taken.opcode == CLOSE, "an empty frame"
                return taken
            if self.pongs:
                self.send_frame(PONG, taken.payload)

    def frames_until(self, end: bytes) -> list[Frame]:
        """Frames up to one that is exactly this."""
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
        """That many bytes of terminal output."""
        while len(self.output) < size:
            self._receive_text()
        return self._take_text(size)

    def text_until(self, end: bytes) -> bytes:
        """Terminal output up to and including this text."""
        while end not in self.output:
            self._receive_text()
        return self._take_text(self.output.index(end) + len(end))

    def binary(self) -> bytes:
        """The next binary frame. Ignores terminal output before it."""
        while True:
            frame = self.frame()
            if frame.opcode == BINARY:
                return frame.payload
            assert frame.opcode == TEXT, frame

    def say(self, data: bytes | str, opcode: int = TEXT) -> None:
        """Sends one message."""
        self.send_frame(opcode, data if isinstance(data, bytes) else data.encode())

    def close_code(self) -> tuple[int, str]:
        """Code and reason of the next frame, which must be a close frame. The connection ends."""
        closing = self.frame()
        assert closing.opcode == CLOSE, closing
        self.send_frame(CLOSE, closing.payload)
        assert not self.has_more()
        self.close()
        code, reason = code_and_reason(closing.payload)
        return code, reason.decode()

    def leave(self) -> None:
        """Sends a close frame and waits for the server's."""
        self.send_frame(CLOSE, (1000).to_bytes(2, "big"))
        self.read_to_end()
        self.close()


def upgrade(port: int, path: str = "/", **changed: str | None) -> str:
    """A request of a browser for the terminal; `changed` is as for handshake()."""
    usual = {"host": f"127.0.0.1:{port}", "connection": "keep-alive, Upgrade"}
    return handshake(path, **{**usual, **changed})
