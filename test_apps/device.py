# SPDX-License-Identifier: MIT
"""A firmware that runs somewhere, as its clients see it."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import webrepl
from webrepl_client.errors import WebreplError
from websockets.exceptions import WebSocketException

from tests.support import waiting
from tests.support.http import HttpClient, Response
from tests.support.process import LoggedProgram
from tests.support.terminal import Terminal, open_terminal
from tests.support.waiting import PATIENCE

PASSWORD = "secret password"
AUTH = f"Authorization: Basic {base64.b64encode(f':{PASSWORD}'.encode()).decode()}\r\n"
STEADY = 4  # readings of the heap, a second apart, that must be the same
FAILURES = (OSError, EOFError, AssertionError, WebSocketException, WebreplError)
LISTENS = re.compile(rb"firmware [^\n]*listens on port (\d+)")
ADDRESS = re.compile(rb"(?:eth|sta|ap)[^\n]*?: ?(\d+\.\d+\.\d+\.\d+)")


eventually = partial(waiting.eventually, pause=0.05, failures=FAILURES)
"""Tries until it is true, and returns that; a device that cannot be reached is "not yet"."""


class Words(NamedTuple):
    """What is typed at a prompt, and what comes of it."""

    command: str
    answer: str
    reset: str


WORDS = {
    "c": Words("info", "version ", "reset\r"),
    "micropython": Words("print('ver' 'sion', 1)", "version ", "\x04"),
}


class Files(webrepl.Webrepl):
    """PyPI's client, which would ask for / alone."""

    def client_handshake(self, sock: socket.socket) -> None:
        """The same request for another path."""
        stream = sock.makefile("rwb", 0)
        stream.write(
            b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Key: foo\r\n\r\n"
        )
        assert b" 101 " in stream.readline(), "no WebSocket"
        while stream.readline() != b"\r\n":
            pass


class Device:
    """A running firmware."""

    def __init__(self, firmware: str, target: str, host: str, port: int) -> None:
        """What it is (c or micropython), what it runs on, and where its server is."""
        self.firmware = firmware
        self.target = target
        self.host = host
        self.port = port
        self.words = WORDS[firmware]

    def connect(self, receive_buffer: int = 0) -> HttpClient:
        """A connection."""
        return HttpClient(self.port, receive_buffer, self.host)

    def get(self, target: str) -> Response:
        """One request on a connection of its own."""
        return self.request(target)

    def request(
        self, target: str, method: str = "GET", headers: str = "", body: bytes = b""
    ) -> Response:
        """As get(), for anything else; whoever asks knows the password."""
        client = self.connect()
        try:
            return client.request(target, method, f"{AUTH}Connection: close\r\n{headers}", body)
        finally:
            client.close()

    def settled_heap(self) -> int:
        """Bytes that are free when nothing changes any more; 0 where they are not counted.

        Asked over one connection, since TCP remembers each that is over for a while.
        """
        client = self.connect()
        readings: list[int] = []
        while len(readings) < STEADY or len(set(readings[-STEADY:])) > 1:
            readings.append(self._free_heap(client))
            time.sleep(1 if readings[-1] else 0)
        client.close()
        return readings[-1]

    @staticmethod
    def _free_heap(client: HttpClient) -> int:
        heap = json.loads(client.request("/api/info").body)["heap"]
        return heap["free"] if heap else 0

    @contextlib.contextmanager
    def terminal(self) -> Iterator[Terminal]:
        """A session that is logged in."""
        with self.login() as terminal:
            yield terminal

    def login(self, path: str = "/ws") -> Terminal:
        """As terminal(), to be closed by the caller; fails while somebody else is in."""
        return open_terminal(f"ws://{self.host}:{self.port}{path}", PASSWORD)

    @contextlib.contextmanager
    def files(self) -> Iterator[Files]:
        """PyPI's client for files, logged in."""
        client = Files(host=self.host, port=self.port, password=PASSWORD)
        client.s.settimeout(PATIENCE)
        with client.s:
            assert client.connected, "no session"
            yield client

    def wait_until_up(self) -> None:
        """Returns when it answers requests."""
        eventually(lambda: self.get("/api/info").code == 200)


class DesktopDevice(Device):
    """A process on this machine. Its output is a file, so that it never waits for a reader."""

    def __init__(self, firmware: str, program: Path, port: int, folder: Path) -> None:
        """Starts it in a folder of its own."""
        super().__init__(firmware, "desktop", "127.0.0.1", port)
        arguments = ["-i", Path(__file__).with_name("micropython") / "main.py"]
        self.program = LoggedProgram(
            [program, *(arguments if firmware == "micropython" else [])],
            folder,
            folder / "output",
            **environment(port, folder),
        )

    def close(self) -> None:
        """Ends it; it must not have ended by itself."""
        ended = self.program.process.poll()
        self.program.close()
        said = self.program.said
        assert ended is None, f"it has ended with {ended}: {said[-4000:]}"
        assert "Sanitizer" not in said, said[-4000:]


def environment(port: int, folder: Path) -> dict[str, str]:
    """Settings of a firmware that is a process."""
    return {
        "FIRMWARE_PORT": str(port),
        "FIRMWARE_PASSWORD": PASSWORD,
        "FIRMWARE_DATA": str(folder),
    }
