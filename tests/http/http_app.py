# SPDX-License-Identifier: MIT
"""A running http_app, and helpers for its tests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.http import HttpClient, Response, whole_request
from tests.support.lwip import ON_LWIP
from tests.support.process import LineProgram
from tests.support.waiting import eventually
from tests.support.websocket import ACCEPT, WebSocket, handshake
from tools import network


def pattern(size: int) -> bytes:
    """The answer to /big?size=. It shows whether a byte was lost, doubled or moved."""
    return bytes(97 + (i + i // 251) % 26 for i in range(size))


def contents(path: Path) -> bytes | None:
    """Reads a file. None for directories, links to nowhere, and what vanishes or is locked."""
    try:
        return path.read_bytes() if path.is_file() else None
    except (FileNotFoundError, PermissionError):
        return None


def files(root: Path) -> dict[str, bytes | None]:
    """All files below a directory: contents by path."""
    paths = (path for path in root.rglob("*") if path != root / "sd")
    return {str(path.relative_to(root)): contents(path) for path in paths}


class App(LineProgram):
    """A running http_app. HTTP_TEST_WRAPPER is a command that runs it, such as valgrind."""

    def __init__(self, program: Path, options: dict[str, int | str | Path], *script: Path) -> None:
        """Starts the program and waits until it listens."""
        if ON_LWIP:
            most = network.most_connections()
            options = {"sockets": most, **options}
            if int(options["sockets"]) > most:
                pytest.skip(f"on lwIP there are {most} connections at most")
        wrapper = os.environ.get("HTTP_TEST_WRAPPER", "").split()
        super().__init__([*wrapper, program, *script], options)
        self.take_port(self.greeting)

    def start(self) -> None:
        """Starts the server again, perhaps on another port."""
        self.take_port(self.command("start"))

    def state(self) -> dict[str, int]:
        """What has happened so far."""
        return json.loads(self.command("state"))

    def wait_for(self, **wanted: int | str) -> None:
        """Waits until the program reaches this state."""
        eventually(lambda: all(self.state()[name] == value for name, value in wanted.items()))

    def connect(self, receive_buffer: int = 0, source: str = "") -> HttpClient:
        """A new connection, closed when the test ends."""
        if source and ON_LWIP:
            pytest.skip("the relay has one address")
        client = HttpClient(self.port, receive_buffer, source=source)
        self.clients.append(client)
        return client

    def get(self, target: str, headers: str = "") -> Response:
        """One request on a connection of its own."""
        return self.request(target, headers=headers)

    def request(
        self, target: str, method: str = "GET", headers: str = "", body: bytes = b""
    ) -> Response:
        """One request of any method on a connection of its own."""
        client = self.connect()
        response = client.request(target, method, headers, body)
        client.close()
        return response

    def hold(self, count: int = 1) -> list[HttpClient]:
        """Clients whose handlers run until the command "release"."""
        already = self.state()["holding"]
        clients = [self.connect() for _ in range(count)]
        for client in clients:
            client.send(whole_request("/hold"))
        self.wait_for(holding=already + count)
        return clients

    def open_files(self) -> int:
        """How many files and directories the storage has open."""
        return json.loads(self.command("storage"))["open"]

    def fds(self) -> int:
        """Open descriptors of the process; on lwIP its sockets, and not the relay's."""
        if not ON_LWIP:
            return len(os.listdir(f"/proc/{self.process.pid}/fd"))
        links = [os.readlink(path) for path in Path(f"/proc/{self.process.pid}/fd").iterdir()]
        own = [link for link in links if not link.startswith("socket:")]
        return len(own) + int(self.command("stack sockets"))

    def threads(self) -> int:
        """Threads of the process."""
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def most_memory(self) -> int:
        """The most bytes that the process has held, perhaps including freed memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024


def refused(app: App, head: str | bytes, code: int) -> None:
    """Checks that a head is refused with this code and its connection closed. Others go on."""
    client = app.connect()
    client.send(head)
    response = client.response()
    assert response.code == code
    assert not response.keeps_alive
    assert client.is_closed()
    assert app.get("/hello").code == 200


def open_websocket(app: App, url: str, receive_buffer: int = 0, behind: bytes = b"") -> WebSocket:
    """Opens a session. `behind` is sent together with the handshake."""
    ws = WebSocket(app.port, receive_buffer)
    app.clients.append(ws)
    headers = ws.shake_hands(handshake(url).encode() + behind)
    assert headers["sec-websocket-accept"] == ACCEPT
    return ws


Launch = Callable[..., App]
"""The type of the fixture `launch`: launch(option=value)."""
