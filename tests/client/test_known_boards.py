# SPDX-License-Identifier: MIT
"""A board that has spoken the second edition gets no password in clear from this client again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import webrepl_client
from webrepl_client import Options
from webrepl_client.errors import Downgrade

from tests.support.process import each_closed

from .between import Between
from .desktop import PASSWORD, webrepl


@pytest.fixture
def between(board) -> Iterator[Callable[..., Between]]:
    """Puts something between clients and the board."""
    with each_closed(lambda **how: Between(board.url, **how)) as start:
        yield start


def test_an_old_server_in_its_place_gets_no_password(between, known_boards: Path) -> None:
    place = between(classic=True)
    known_boards.write_text(f"other:80\n{place.address}\n")
    with pytest.raises(Downgrade, match="--classic"):
        webrepl_client.connect(place.url, PASSWORD)
    done = webrepl(place.address, "ls", WEBREPL_KNOWN_BOARDS=str(known_boards))
    assert done.status == 5
    assert "has spoken the second edition before" in done.error
    assert place.texts == []


def test_a_board_is_noted_once(between, known_boards: Path) -> None:
    place = between()
    for _ in range(2):
        with webrepl_client.connect(place.url, PASSWORD):
            pass
    assert known_boards.read_text().split() == [place.address]


def test_the_old_edition_can_be_asked_for(between, known_boards: Path) -> None:
    place = between(classic=True)
    known_boards.write_text(f"{place.address}\n")
    with webrepl_client.connect(place.url, PASSWORD, options=Options(classic=True)) as session:
        assert session.edition == 1
    done = webrepl("--classic", place.address, "eval", "1", WEBREPL_KNOWN_BOARDS=str(known_boards))
    assert done.out == "1\r\n"


def test_old_boards_are_no_surprise(between, known_boards: Path) -> None:
    with webrepl_client.connect(between(classic=True).url, PASSWORD) as session:
        assert session.edition == 1
    assert not known_boards.exists()


def test_a_place_that_cannot_be_written_is_no_hindrance(
    between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBREPL_KNOWN_BOARDS", "/proc/no/such/place")
    with webrepl_client.connect(between().url, PASSWORD) as session:
        assert session.edition == 2
