# SPDX-License-Identifier: MIT
"""Directories are made, moved and removed while there are uploads to them."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.support.waiting import PATIENCE, eventually
from tests.webrepl.second import EBUSY, EEXIST, OK

from .test_at_once import ONE, OTHER
from .ways import Board


def http(board: Board, method: str, name: str, **headers: str) -> httpx.Response:
    url = board.url(board.received + name)
    return httpx.request(method, url, timeout=PATIENCE, headers=headers)


def entries(board: Board, name: str) -> list[str]:
    """All names in a directory, those of temporary files too."""
    expression = f"sorted(os.listdir({board.folder + name!r}))"
    reply = httpx.post(board.url("/do"), content=expression, timeout=PATIENCE)
    return list(eval(reply.text))


def succeeds(attempt: Callable[[], int], busy: int) -> int:
    """Tries until nobody else is at it. Returns the answer."""
    return eventually(lambda: (answer := attempt()) != busy and answer + 1) - 1


@pytest.fixture
def kept(board: Board) -> Board:
    """What has come of an upload to a directory is kept."""
    client = board.second()
    assert client.do("MKDIR", path="d").code == OK
    ident = client.begin_put("d/x", ONE, resume=True)
    assert client.is_open(ident)
    client.send_file(ident, ONE[:10_000])
    client.do("PING")
    client.leave()
    return board


def http_removes(board: Board) -> int:
    response = http(board, "DELETE", "d/")
    return 409 if "somebody else" in response.text else response.status_code


def http_removes_all(board: Board) -> int:
    return http(board, "DELETE", "d/?force=1").status_code


def http_moves(board: Board) -> int:
    return http(board, "MOVE", "d/", Destination=board.received + "e/").status_code


def second_removes(board: Board) -> int:
    return board.second().do("RMDIR", path="d").code


def second_renames(board: Board) -> int:
    return board.second().do("RENAME", path="d", to="e").code


class TestKept:
    """What was kept of an upload goes with its directory."""

    @pytest.mark.parametrize("way", [http_removes, http_removes_all])
    def test_a_directory_that_is_removed(self, kept: Board, way: Callable[[Board], int]) -> None:
        assert succeeds(lambda: way(kept), 409) == 204
        assert entries(kept, "") == []

    def test_a_directory_that_is_removed_over_webrepl(self, kept: Board) -> None:
        assert succeeds(lambda: second_removes(kept), EBUSY) == OK
        assert entries(kept, "") == []

    @pytest.mark.parametrize(
        ("way", "busy", "good"), [(http_moves, 409, 201), (second_renames, EBUSY, OK)]
    )
    def test_a_directory_that_is_moved(
        self, kept: Board, way: Callable[[Board], int], busy: int, good: int
    ) -> None:
        assert succeeds(lambda: way(kept), busy) == good
        assert entries(kept, "") == ["e"]
        assert entries(kept, "e") == []
        client = kept.second()
        assert client.do("MKDIR", path="d").code == OK
        assert client.put("d/x", OTHER, resume=True) == OK
        assert client.get("d/x") == (OK, OTHER)
        assert entries(kept, "d") == ["x"]


def test_a_directory_over_the_target_of_an_upload(board: Board) -> None:
    """It is refused at once, not the upload at its end."""
    client, other = board.second(), board.second()
    ident = client.begin_put("x", ONE)
    assert client.is_open(ident)
    assert other.do("MKDIR", path="x").code == EBUSY
    assert other.do("MKDIR", path="x/y").code == EBUSY
    assert http(board, "PUT", "x/").status_code == 409
    assert http(board, "PUT", "x/y/").status_code == 409
    client.send_file(ident, ONE)
    assert client.result(ident).code == OK
    assert client.get("x") == (OK, ONE)


def test_a_directory_with_uploads_to_it_can_be_made_once_more(board: Board) -> None:
    client, other = board.second(), board.second()
    assert client.do("MKDIR", path="d").code == OK
    ident = client.begin_put("d/x", ONE)
    assert client.is_open(ident)
    assert other.do("MKDIR", path="d").code == EEXIST
    assert http(board, "PUT", "d/").status_code == 204
    assert http(board, "PUT", "d/e/").status_code == 201
    client.send_file(ident, ONE)
    assert client.result(ident).code == OK
    assert entries(board, "d") == ["e", "x"]
