# SPDX-License-Identifier: MIT
"""A firmware that runs somewhere, as its clients see it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import webrepl
from webrepl_client.errors import WebreplError
from websockets.exceptions import WebSocketException

from tests.http.http_app import Client, Response
from tests.support.terminal import Terminal

PASSWORD = "secret password"
AUTH = f"Authorization: Basic {base64.b64encode(f':{PASSWORD}'.encode()).decode()}\r\n"
STEADY = 4  # readings of the heap, a second apart, that must be the same
PATIENCE = 60  # seconds after which something that should have happened never will
FAILURES = (OSError, EOFError, AssertionError, WebSocketException, WebreplError)
LISTENS = re.compile(rb"firmware [^\n]*listens on port (\d+)")
ADDRESS = re.compile(rb"(?:eth|sta|ap)[^\n]*?: ?(\d+\.\d+\.\d+\.\d+)")


def eventually(attempt: Callable[[], object]) -> object:
    """Tries until it is true, and returns that."""
    end = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(*FAILURES):
            if result := attempt():
                return result
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


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

    def connect(self, receive_buffer: int = 0) -> Client:
        """A connection."""
        return Client(self.port, receive_buffer, self.host)

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
    def _free_heap(client: Client) -> int:
        heap = json.loads(client.request("/api/info").body)["heap"]
        return heap["free"] if heap else 0

    @contextlib.contextmanager
    def terminal(self) -> Iterator[Terminal]:
        """A session that is logged in."""
        with Terminal(f"ws://{self.host}:{self.port}/ws") as terminal:
            terminal.login(PASSWORD)
            yield terminal

    def login(self, path: str = "/ws") -> Terminal:
        """As terminal(), to be closed by the caller; fails while somebody else is in."""
        terminal = Terminal(f"ws://{self.host}:{self.port}{path}")
        try:
            terminal.login(PASSWORD)
        except BaseException:
            terminal.__exit__()
            raise
        return terminal

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
        self.log = folder / "output"
        arguments = ["-i", Path(__file__).with_name("micropython") / "main.py"]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [program, *(arguments if firmware == "micropython" else [])],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment(port, folder), "HOME": str(folder)},
            )

    def close(self) -> None:
        """Ends it; it must not have ended by itself."""
        ended = self.process.poll()
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
        assert ended is None, f"it has ended with {ended}: {self.log.read_text()[-4000:]}"
        assert "Sanitizer" not in self.log.read_text(), self.log.read_text()[-4000:]


def environment(port: int, folder: Path) -> dict[str, str]:
    """Settings of a firmware that is a process."""
    return {
        "FIRMWARE_PORT": str(port),
        "FIRMWARE_PASSWORD": PASSWORD,
        "FIRMWARE_DATA": str(folder),
    }
