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
STEADY = 4  # equal readings of the heap, a second apart
FAILURES = (OSError, EOFError, AssertionError, WebSocketException, WebreplError)
LISTENS = re.compile(rb"firmware [^\n]*listens on port (\d+)")
ADDRESS = re.compile(rb"(?:eth|sta|ap)[^\n]*?: ?(\d+\.\d+\.\d+\.\d+)")


eventually = partial(waiting.eventually, pause=0.05, failures=FAILURES)
"""Tries until the result is true, and returns it. It also tries while it cannot connect."""


class Words(NamedTuple):
    """A command at the prompt, and its output."""

    command: str
    answer: str
    reset: str


WORDS = {
    "c": Words("info", "version ", "reset\r"),
    "micropython": Words("print('ver' 'sion', 1)", "version ", "\x04"),
}


class Files(webrepl.Webrepl):
    """PyPI's client. By itself it would only ask for /."""

    def client_handshake(self, sock: socket.socket) -> None:
        """Sends the same request for another path."""
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
        """Takes the kind (c or micropython), the target, and the address of the server."""
        self.firmware = firmware
        self.target = target
        self.host = host
        self.port = port
        self.words = WORDS[firmware]

    def connect(self, receive_buffer: int = 0) -> HttpClient:
        """Opens a connection."""
        return HttpClient(self.port, receive_buffer, self.host)

    def get(self, target: str) -> Response:
        """Sends one request on a connection of its own."""
        return self.request(target)

    def request(
        self, target: str, method: str = "GET", headers: str = "", body: bytes = b""
    ) -> Response:
        """Sends any other request on a connection of its own, with the password."""
        client = self.connect()
        try:
            return client.request(target, method, f"{AUTH}Connection: close\r\n{headers}", body)
        finally:
            client.close()

    def settled_heap(self) -> int:
        """Returns how many bytes are free once that is steady, or 0 if they are not counted.

        It asks over one connection, because TCP remembers ended connections for a while.
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
        """Opens a session that is logged in."""
        with self.login() as terminal:
            yield terminal

    def login(self, path: str = "/ws") -> Terminal:
        """As terminal(), but the caller closes it. Fails while somebody else is logged in."""
        return open_terminal(f"ws://{self.host}:{self.port}{path}", PASSWORD)

    @contextlib.contextmanager
    def files(self) -> Iterator[Files]:
        """Opens PyPI's client for files, logged in."""
        client = Files(host=self.host, port=self.port, password=PASSWORD)
        client.s.settimeout(PATIENCE)
        with client.s:
            assert client.connected, "no session"
            yield client

    def wait_until_up(self) -> None:
        """Waits until it answers requests."""
        eventually(lambda: self.get("/api/info").code == 200)


class DesktopDevice(Device):
    """A process on this machine. Its output goes to a file, so it never waits for a reader."""

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
        """Ends it. It must not have ended by itself."""
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
