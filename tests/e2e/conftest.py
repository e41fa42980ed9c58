# SPDX-License-Identifier: MIT
"""Boards to test with."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from board import FIRMWARE, Board

sys.path.append(str(Path(__file__).resolve().parent.parent / "support"))

StartBoard = Callable[[str], Board]


@pytest.fixture
def start_board(tmp_path: Path) -> Iterator[StartBoard]:
    """Starts boards that run a program; ends them after the test."""
    if not FIRMWARE.exists():
        pytest.exit(f"{FIRMWARE} is missing: make build", returncode=2)
    with ExitStack() as boards:

        def start(program: str) -> Board:
            directory = tmp_path / f"board{len(list(tmp_path.iterdir()))}"
            directory.mkdir()
            board = Board(program, directory)
            boards.callback(board.close)
            return board

        yield start


@pytest.fixture
def free_port() -> int:
    """A TCP port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
