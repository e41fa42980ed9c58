# SPDX-License-Identifier: MIT
"""Both editions of WebREPL put, get, resume and remove files on every kind of storage."""

from __future__ import annotations

import errno
from ast import literal_eval

import httpx
import pytest

from tests.support.waiting import PATIENCE, eventually
from tests.support.websocket import BINARY
from tests.webrepl.second import ENOENT, OK, Second
from tests.webrepl.test_files import GET, PUT, contents, get, header, put, wb

from .ways import Board

OLD, NEW = contents(30_001), contents(100_000)


def names(board: Board) -> list[str]:
    """All names on the disk, temporary ones too."""
    listing = f"os.listdir({board.folder.rstrip('/')!r})"
    return literal_eval(httpx.post(board.url("/do"), content=listing, timeout=PATIENCE).text)


def begin_again(board: Board) -> tuple[Second, int]:
    """The same upload, once the server has seen that the connection is gone."""
    while True:
        client = board.second()
        ident = client.begin_put("f", NEW, resume=True)
        if client.is_open(ident):
            return client, ident
        client.leave()


def test_there_and_back(board: Board) -> None:
    client, old = board.second(), board.classic()
    assert client.put("f", OLD) == OK
    assert get(old, b"f") == OLD
    put(old, b"f", NEW)
    assert client.get("f") == (OK, NEW)
    assert client.get("f", offset=70_000, length=511) == (OK, NEW[70_000:70_511])
    assert client.do("REMOVE", path="f").code == OK
    assert client.get("f")[0] == ENOENT
    old.say(header(GET, b"f"), BINARY)
    assert old.binary() == wb(errno.ENOENT)
    assert names(board) == []


def test_a_cut_upload_goes_on(board: Board) -> None:
    client = board.second()
    assert client.put("f", OLD) == OK
    ident = client.begin_put("f", NEW, resume=True)
    assert client.is_open(ident)
    client.send_file(ident, NEW[:50_000])
    client.do("PING")
    client.close()
    client, ident = begin_again(board)
    assert client.get("f") == (OK, OLD)
    assert 50_000 - 8192 <= client.offset(ident) <= 50_000
    client.send_file(ident, NEW[client.offset(ident) :])
    assert client.result(ident).code == OK
    assert client.get("f") == (OK, NEW)
    assert names(board) == ["f"]


@pytest.mark.parametrize("edition", ["classic", "second"])
def test_a_cut_upload_that_nobody_can_resume_leaves_nothing(board: Board, edition: str) -> None:
    watcher = board.second()
    assert watcher.put("f", OLD) == OK
    if edition == "classic":
        old = board.classic()
        old.say(header(PUT, b"f", len(NEW)) + NEW[:50_000], BINARY)
        assert old.binary() == wb(OK)
        old.close()
    else:
        client = board.second()
        ident = client.begin_put("f", NEW)
        assert client.is_open(ident)
        client.send_file(ident, NEW[:50_000])
        client.close()
    eventually(lambda: names(board) == ["f"])
    assert watcher.get("f") == (OK, OLD)
