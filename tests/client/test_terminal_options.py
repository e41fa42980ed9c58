# SPDX-License-Identifier: MIT
"""What only the second edition can do: take over the terminal, watch, and resume a copy."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
import webrepl_client
from webrepl_client.errors import TakenOver

from tests.support.waiting import PATIENCE

from .desktop import PASSWORD, webrepl


def test_the_terminal_is_taken_over(board) -> None:
    with webrepl_client.connect(board.url, PASSWORD) as holder:
        holder.eval("1")
        done = webrepl("-c", board.address, "--takeover", "eval", "2")
        assert (done.status, done.out) == (0, "2\r\n")
        with pytest.raises(TakenOver):
            holder.eval("3")


def test_somebody_watches(board, person) -> None:
    with webrepl_client.connect(board.url, PASSWORD) as holder:
        holder.write(b"\r")
        watcher = person("--watch", board.address)
        end = time.monotonic() + PATIENCE
        while holder.holder().watchers == 0:
            assert time.monotonic() < end, "nobody watches"
        holder.write(b"print(6 * 7)\r")
        watcher.expect("42\r\n")
        watcher.type("print('not by me')\r")
        holder.write(b"print(6 * 8)\r")
        assert "not by me" not in watcher.expect("48\r\n")
        watcher.type("\x1d")
        assert watcher.status() == 0


def test_a_watcher_cannot_run_code(board) -> None:
    done = webrepl("-c", board.address, "--watch", "eval", "1")
    assert (done.status, done.error) == (1, "webrepl: a session that only watches cannot type\n")


def test_files_while_somebody_holds_the_terminal(board) -> None:
    with webrepl_client.connect(board.url, PASSWORD) as holder:
        holder.eval("1")
        assert webrepl("-c", board.address, "touch", "a", "+", "ls").out.split() == ["0", "a"]
        assert holder.eval("2") == 2


def test_a_put_goes_on_where_it_was_cut(board, here: Path) -> None:
    contents = os.urandom(2_000_000)
    (here / "big").write_bytes(contents)
    pressed: list[int] = []

    def press_ctrl_c(sent: int) -> None:
        if sent > 1_000_000 and not pressed:
            pressed.append(sent)
            os.kill(os.getpid(), signal.SIGINT)

    with (
        webrepl_client.connect(board.url, PASSWORD) as session,
        (here / "big").open("rb") as file,
        pytest.raises(KeyboardInterrupt),
    ):
        session.put("big", file, press_ctrl_c)
    assert "big" not in os.listdir(board.directory)
    with webrepl_client.connect(board.url, PASSWORD) as again:
        first: list[int] = []
        with (here / "big").open("rb") as file:
            again.put("big", file, first.append)
    assert (board.directory / "big").read_bytes() == contents
    assert first[0] > 0, "it began anew"
