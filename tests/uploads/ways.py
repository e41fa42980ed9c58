# SPDX-License-Identifier: MIT
"""All ways in which clients change a file. Each returns when it has got a success."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from tests.support.waiting import PATIENCE
from tests.support.websocket import BINARY, TEXT, Frame
from tests.webrepl.firmware import CONNECTED, PROMPT, FrameClient
from tests.webrepl.second import OK, Second


@dataclass
class Board:
    """The address of a server, and the names of its files."""

    port: int
    repl: str  # URL of the terminal
    folder: str  # prefix of file names over WebREPL
    received: str = "/up/"

    def url(self, path: str) -> str:
        """The URL of a path on the server."""
        return f"http://127.0.0.1:{self.port}{path}"

    def classic(self) -> FrameClient:
        """A session of the classic protocol."""
        client = FrameClient(self.port, path=self.repl)
        assert client.frame() == Frame(TEXT, PROMPT)
        client.say("secret\r")
        client.frames_until(CONNECTED)
        return client

    def second(self) -> Second:
        """A session of the second edition."""
        client = Second(self.port, path=self.repl)
        assert client.login().code == OK
        return client


def request(board: Board, method: str, path: str, **more: object) -> None:
    reply = httpx.request(method, board.url(path), timeout=PATIENCE, **more)
    assert reply.is_success, (reply.status_code, reply.text)


def http_put(board: Board, name: str, data: bytes) -> None:
    request(board, "PUT", board.received + name, content=data)


def http_post(board: Board, name: str, data: bytes) -> None:
    disposition = {"Content-Disposition": f'attachment; filename="/{name}"'}
    request(board, "POST", "/named", content=data, headers=disposition)


def http_form(board: Board, name: str, data: bytes) -> None:
    request(board, "POST", board.received, files={"file": (name, data)})


def classic_put(board: Board, name: str, data: bytes) -> None:
    client = board.classic()
    path = (board.folder + name).encode()
    client.say(struct.pack("<2sBBQLH64s", b"WA", 1, 0, 0, len(data), len(path), path), BINARY)
    assert client.binary() == b"WB\0\0"
    client.say(data, BINARY)
    assert client.binary() == b"WB\0\0"
    client.leave()


def second_put(board: Board, name: str, data: bytes) -> None:
    client = board.second()
    assert client.put(board.folder + name, data) == OK
    client.leave()


def second_resumes(board: Board, name: str, data: bytes) -> None:
    path, offset = board.folder + name, 0
    while not offset:  # data that was sent may not be written yet
        client = board.second()
        ident = client.begin_put(path, data, resume=True)
        if client.is_open(ident):
            offset = client.offset(ident)
            client.send_file(ident, data[offset : offset + 4096])
            client.do("PING")
        client.close() if not offset else None
    client.send_file(ident, data[offset + 4096 :])
    assert client.result(ident).code == OK
    client.leave()


FROM = "from.bin"
"""The file that is moved. Its name is short, because FAT removes a long one in several steps."""


def http_move(board: Board, name: str, data: bytes) -> None:
    headers = {"Destination": board.received + name}
    request(board, "MOVE", board.received + FROM, headers=headers)


def second_rename(board: Board, name: str, data: bytes) -> None:
    client = board.second()
    paths = {"path": board.folder + FROM, "to": board.folder + name}
    assert client.do("RENAME", **paths).code == OK
    client.leave()


Way = Callable[[Board, str, bytes], None]
UPLOADS: list[Way] = [http_put, http_post, http_form, classic_put, second_put, second_resumes]
MOVES: list[Way] = [http_move, second_rename]
