# SPDX-License-Identifier: MIT
"""Boards to test the Python client with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.examples import choose_profile
from tests.support.paths import SHIPPED
from tests.support.process import each_closed, require

from .desktop import Board, Result, webrepl
from .person import Person

choose_profile()

StartBoard = Callable[..., Board]
Command = Callable[..., Result]


@pytest.fixture(autouse=True)
def known_boards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the client notes boards, instead of in the home of the person who runs the tests."""
    path = tmp_path / "known_boards"
    monkeypatch.setenv("WEBREPL_KNOWN_BOARDS", str(path))
    return path


@pytest.fixture
def start_board(tmp_path: Path) -> Iterator[StartBoard]:
    """Starts boards; ends them after the test."""
    require(SHIPPED)

    def make(more: str = "") -> Board:
        number = len(list(tmp_path.glob("board*.py")))
        return Board(tmp_path / f"board{number}", more)

    with each_closed(make) as start:
        yield start


@pytest.fixture
def board(start_board: StartBoard) -> Board:
    """One board at its prompt."""
    return start_board()


@pytest.fixture(params=["second", "classic"])
def edition(request: pytest.FixtureRequest) -> list[str]:
    """Options of the command, for each edition of the protocol."""
    return [] if request.param == "second" else ["--classic"]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The directory in which a person runs the command."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture
def command(board: Board, edition: list[str], here: Path) -> Command:
    """Runs the command for the board, in the person's directory."""

    def run(*words: object, **more: object) -> Result:
        return webrepl(*edition, "-c", board.address, *words, **{"cwd": here, **more})

    return run


@pytest.fixture
def person() -> Iterator[Callable[..., Person]]:
    """Starts the command in a terminal, and ends it after the test."""
    with each_closed(Person) as start:
        yield start
