# SPDX-License-Identifier: MIT
"""One command runs on many boards."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.ports import unused_port

from .desktop import webrepl

THIRTY = 30


@pytest.mark.timeout(300)
def test_thirty_boards_are_synced_at_once(start_board, here: Path, person) -> None:
    for number in range(10):
        (here / f"f{number}").write_bytes(os.urandom(5000))
    boards = [start_board() for _ in range(THIRTY)]
    addresses = ",".join(board.address for board in boards)
    somebody = person("-c", addresses, "sync", ".", cwd=here)
    somebody.resize(120, 60)
    for _ in boards:
        somebody.expect("10 copied, 0 the same")
    assert somebody.status() == 0
    for board in boards:
        assert sorted(os.listdir(board.directory)) == sorted(os.listdir(here))
    done = webrepl("-j", "-c", addresses, "sync", ".", cwd=here)
    results = [json.loads(line)["result"] for line in done.out.splitlines()]
    assert results == [{"copied": 0, "removed": 0, "same": 10, "left_out": []}] * THIRTY


def test_one_that_is_missing_does_not_hold_the_others(start_board, edition, here: Path) -> None:
    boards = [start_board(), start_board()]
    missing = f"127.0.0.1:{unused_port()}"
    addresses = ",".join([boards[0].address, missing, boards[1].address])
    done = webrepl(*edition, "-c", addresses, "touch", "a", cwd=here)
    assert done.status == 3
    assert done.error.startswith(f"{missing}: webrepl: nobody listens")
    assert [os.listdir(board.directory) for board in boards] == [["a"], ["a"]]


def test_output_says_whose_it_is(start_board, edition) -> None:
    boards = [start_board(), start_board()]
    addresses = ",".join(board.address for board in boards)
    done = webrepl(*edition, "-c", addresses, "mkdir", "lib", "+", "ls")
    assert sorted(done.out.splitlines()) == sorted(
        f"{board.address}:            0 lib/" for board in boards
    )


def test_verbs_for_people_take_one_board(start_board) -> None:
    board = start_board()
    done = webrepl("-c", f"{board.address},{board.address}", "repl")
    assert done.status == 2
