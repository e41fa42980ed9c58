# SPDX-License-Identifier: MIT
"""Two clients change one file, under whatever names: both succeed, or one is refused."""

from __future__ import annotations

import itertools
import struct

import httpx
import pytest

from tests.support.waiting import PATIENCE
from tests.support.websocket import BINARY
from tests.webrepl.firmware import FrameClient
from tests.webrepl.second import EBUSY, OK, Second

from .ways import Board

ONE, OTHER = b"one " * 5000, b"the other " * 3000


def names_of_one_hash(folder: str) -> tuple[str, str]:
    """Two names whose temporary names begin alike."""
    seen: dict[int, str] = {}
    for number in itertools.count():
        name = f"{number * 2654435761 % 2**32:08x}"
        value = 2166136261
        for byte in (folder + name).lower().encode():
            value = (value ^ byte) * 16777619 % 2**32
        if value in seen:
            return seen[value], name
        seen[value] = name
    raise AssertionError


def begin_put(client: Second, path: str, data: bytes) -> tuple[int, bool]:
    """Begins an upload. Returns None if that is refused."""
    ident = client.begin_put(path, data)
    return ident, client.is_open(ident)


def finish_put(client: Second, ident: int, data: bytes) -> int:
    client.send_file(ident, data)
    return client.result(ident).code


def both_at_once(board: Board, first: str, second: str) -> None:
    """Two uploads take turns. What counts as successful is on the disk."""
    one, other = board.second(), board.second()
    one_id, one_open = begin_put(one, first, ONE)
    other_id, other_open = begin_put(other, second, OTHER)
    assert one_open
    one.send_file(one_id, ONE[:10_000])
    if other_open:
        assert finish_put(other, other_id, OTHER) == OK
    else:
        assert other.result(other_id).code == EBUSY
    one.send_file(one_id, ONE[10_000:])
    assert one.result(one_id).code == OK
    assert one.get(first) == (OK, ONE)
    if other_open:
        assert one.get(second) == (OK, OTHER)


def test_names_that_differ_in_capitals(board: Board) -> None:
    both_at_once(board, board.folder + "makefile", board.folder + "Makefile")


def test_names_of_one_hash(board: Board) -> None:
    one, other = names_of_one_hash(board.folder)
    both_at_once(board, board.folder + one, board.folder + other)


def test_kept_bytes_of_another_file_are_not_resumed(board: Board) -> None:
    one, other = (board.folder + name for name in names_of_one_hash(board.folder))
    client = board.second()
    ident = client.begin_put(one, ONE, resume=True)
    assert client.is_open(ident)
    client.send_file(ident, ONE[:10_000])
    client.do("PING")
    client.leave()
    client = board.second()
    assert client.put(other, OTHER, resume=True) == OK
    assert client.get(other) == (OK, OTHER)


@pytest.mark.parametrize("names", [("x", "{}x"), ("{}x", "x")], ids=["relative", "absolute"])
def test_two_paths_of_one_file(board: Board, names: tuple[str, str]) -> None:
    first, second = (name.format(board.folder) for name in names)
    client, other = board.second(), board.second()
    ident, is_open = begin_put(client, first, ONE)
    assert is_open
    assert other.put(second, OTHER) == EBUSY
    assert finish_put(client, ident, ONE) == OK
    assert other.put(second, OTHER) == OK
    assert client.get(first) == (OK, OTHER)


def ask_classic(client: FrameClient, operation: int, path: str, size: int) -> int:
    """Returns the answer to the beginning of a transfer."""
    name = path.encode()
    head = struct.pack("<2sBBQLH64s", b"WA", operation, 0, 0, size, len(name), name)
    client.say(head, BINARY)
    reply = client.binary()
    assert reply[:2] == b"WB"
    return int.from_bytes(reply[2:], "little")


def http(board: Board, method: str, name: str, **more: object) -> int:
    url = board.url(board.received + name)
    return httpx.request(method, url, timeout=PATIENCE, **more).status_code


def test_uploads_of_all_protocols_know_of_each_other(board: Board) -> None:
    client, old = board.second(), board.classic()
    ident, is_open = begin_put(client, board.folder + "x", ONE)
    assert is_open
    absolute = board.folder + "x"
    for path in ("x", "./x", "no/../x", absolute if len(absolute) < 64 else "x"):
        assert ask_classic(old, 1, path, 3) == EBUSY
    assert http(board, "PUT", "x", content=OTHER) == 409
    form = {"file": ("x", OTHER)}
    assert http(board, "POST", "", files=form) == 409
    assert finish_put(client, ident, ONE) == OK
    assert ask_classic(old, 1, "x", 3) == OK
    assert http(board, "PUT", "x", content=OTHER) == 409
    assert client.put("x", OTHER) == EBUSY
    old.say(b"new", BINARY)
    assert old.binary() == b"WB\0\0"
    assert client.get("x") == (OK, b"new")


def test_a_file_that_is_being_uploaded_is_neither_removed_nor_renamed(board: Board) -> None:
    client, other = board.second(), board.second()
    assert client.put("x", OTHER) == OK
    assert client.put("y", OTHER) == OK
    ident, is_open = begin_put(client, "x", ONE)
    assert is_open
    assert other.do("REMOVE", path="x").code == EBUSY
    assert other.do("RENAME", path="x", to="z").code == EBUSY
    assert other.do("RENAME", path="y", to="x").code == EBUSY
    assert http(board, "DELETE", "x") == 409
    assert http(board, "MOVE", "y", headers={"Destination": board.received + "x"}) == 409
    assert other.get("x") == (OK, OTHER)
    assert finish_put(client, ident, ONE) == OK
    assert other.do("REMOVE", path="x").code == OK


class TestReaders:
    """If an open file would not survive its removal, it is not removed."""

    @pytest.fixture(params=["VfsLfs2", "VfsFat"])
    def kind(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def refused(self, board: Board, client: Second) -> None:
        """Every operation that would remove the file."""
        assert http(board, "PUT", "x", content=OTHER) == 409
        assert http(board, "DELETE", "x") == 409
        assert http(board, "MOVE", "x", headers={"Destination": board.received + "z"}) == 409
        assert http(board, "MOVE", "y", headers={"Destination": board.received + "x"}) == 409
        assert client.put("x", OTHER) == EBUSY
        assert client.do("REMOVE", path="x").code == EBUSY
        assert client.do("RENAME", path="x", to="z").code == EBUSY
        assert client.do("RENAME", path="y", to="x").code == EBUSY

    @pytest.fixture
    def client(self, board: Board) -> Second:
        client = board.second()
        assert client.put("x", bytes(range(256)) * 1600) == OK
        assert client.put("y", OTHER) == OK
        return client

    def test_over_webrepl(self, board: Board, client: Second) -> None:
        reader = board.second()
        reader.give_credit = lambda message: None  # type: ignore[method-assign]
        ident = reader.ask("GET", credit=1000, offset=0, length=2**64 - 1, path="x")
        while ident not in reader.data:
            reader.take()
        self.refused(board, client)
        reader.tell("CANCEL", ident)
        reader.result(ident)
        assert client.do("REMOVE", path="x").code == OK

    def test_over_http(self, board: Board, client: Second) -> None:
        with httpx.stream("GET", board.url(board.received + "x"), timeout=PATIENCE) as response:
            self.refused(board, client)
            assert response.read() == bytes(range(256)) * 1600
        assert http(board, "DELETE", "x") == 204

    def test_others_may_read(self, board: Board, client: Second) -> None:
        with httpx.stream("GET", board.url(board.received + "x"), timeout=PATIENCE) as response:
            assert client.get("x") == (OK, bytes(range(256)) * 1600)
            response.read()

    def test_a_reader_that_has_the_whole_file_blocks_nothing(
        self, board: Board, client: Second
    ) -> None:
        for size in (0, 1, 5000):
            for method in ("GET", "HEAD"):
                assert client.put("x", bytes(size)) == OK
                assert http(board, method, "x") == 200
                assert http(board, "DELETE", "x") == 204
