# SPDX-License-Identifier: MIT
"""The power goes at any write: real littlefs and FAT, on a disk that remembers every write."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

from .boards import Life, SecondLife, first_life, state
from .ways import FROM, MOVES, UPLOADS, Board, Way

KINDS = {"VfsLfs2": 256, "VfsFat": 512}
OLD, NEW = bytes([7]) * 9000, bytes(range(256)) * 24
SAME_SIZE = bytes([7]) * len(NEW)
AT_A_TIME = 48
"""Disks in one second life. Each mounted disk takes memory."""
CROWD = {f"file-{i:02d}.txt": b"x" for i in range(24)}
"""Enough that names are in more than one sector of their directory."""
LONG = "a name of more than eight letters.bin"

SITUATIONS = {
    "replaced": ("name.bin", {"name.bin": OLD}),
    "new in a crowd": ("name.bin", CROWD),
    "replaced in a crowd": ("name.bin", {"name.bin": OLD, **CROWD}),
    "same size in a crowd": ("name.bin", {"name.bin": SAME_SIZE, **CROWD}),
    "long name in a crowd": (LONG, {LONG: OLD, **CROWD}),
}


class Lives:
    """Both lives of a board."""

    def __init__(self, kind: str, folder: Path) -> None:
        """Starts the first life."""
        self.first: Life = first_life(kind, KINDS[kind], folder)
        self.second = SecondLife(kind, KINDS[kind], folder)
        self.board = Board(self.first.port, "/repl", "/disk/")

    def change(self, way: Way, name: str, files: dict[str, bytes]) -> int:
        """Changes a file in the first life. Returns the number of writes before the success."""
        self.first.do("lay()")
        for path, data in files.items():
            part = data[:256] if data == NEW else data[:1]
            self.first.do(f"write('/disk/{path}', {part!r} * {len(data) // len(part)})")
        self.first.do("record()")
        way(self.board, name, NEW)
        told = int(self.first.do("len(disk.log)"))
        self.first.do("save()")
        return told


@pytest.fixture(scope="module", params=KINDS)
def lives(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lives]:
    """A board with a disk of this kind."""
    lives = Lives(request.param, tmp_path_factory.mktemp(request.param))
    yield lives
    lives.first.close()
    lives.second.close()


def wrong(states: dict[int, str], old: str, new: str, told: int) -> list[int]:
    """Cuts after which there is neither the old nor the new state, or a success was not true."""
    return [
        count
        for count, state in states.items()
        if state != new and (state != old or count >= told)
    ]


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("way", [*UPLOADS, *MOVES], ids=lambda way: way.__name__)
def test_old_or_new_is_whole(lives: Lives, way: Way, situation: str) -> None:
    """Nothing else is left, and each reported success is true."""
    name, files = SITUATIONS[situation]
    laid = {**files, FROM: NEW} if way in MOVES else files
    told = lives.change(way, name, laid)
    assert told > 0
    old, new = state(laid), state({**files, name: NEW})
    for first in range(0, told + 1, AT_A_TIME):
        with lives.second.begun(first, first + AT_A_TIME) as board:
            until, bad = time.monotonic() + PATIENCE, []
            while bad := wrong(board.states(bad), old, new, told):
                if time.monotonic() > until:
                    found = {count: board.files(count) for count in bad[:3]}
                    raise AssertionError((told, bad, found))
                time.sleep(0.1)
