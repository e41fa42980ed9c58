# SPDX-License-Identifier: MIT
"""Makes a board's directory the same as a local one; copies only what differs, by digest."""

from __future__ import annotations

import fnmatch
from pathlib import Path
from typing import NamedTuple

from .board import Board
from .paths import join, parents
from .transfer import (
    Copy,
    Reporter,
    make_folders,
    put_all,
    stat_or_none,
    walk_here,
    walk_there,
)

LEFT_OUT = [".*", "__pycache__", "*.pyc", "*~"]
"""Names that are useless on a board."""


class Changes(NamedTuple):
    """The result of a sync."""

    copied: int
    removed: int
    same: int


class Excluded:
    """Names that match one of the patterns."""

    def __init__(self, patterns: list[str]) -> None:
        """With shell patterns, in addition to those that are always left out."""
        self._patterns = [*LEFT_OUT, *patterns]

    def __call__(self, name: str) -> bool:
        """Whether a name is left out."""
        return any(fnmatch.fnmatch(name, pattern) for pattern in self._patterns)


def sync(
    board: Board, folder: Path, target: str, report: Reporter, skip: Excluded, *, delete: bool
) -> Changes:
    """Copies what differs; with `delete`, removes from the board what is not here."""
    folders, files = walk_here(folder, skip)
    outer = [*parents(target), target] if target.strip("/") not in ("", ".") else []
    make_folders(board, [path for path in outer if not stat_or_none(board, path)])
    folders_there, files_there = walk_there(board, target)
    missing = [name for name in folders if name not in set(folders_there)]
    make_folders(board, [join(target, name) for name in missing])
    copies = [Copy(folder / name, join(target, name), size) for name, size in files]
    there = {join(target, name): size for name, size in files_there}
    copied = put_all(board, copies, report, there)
    removed = 0
    if delete:
        extra = [name for name, _ in files_there if name not in dict(files)]
        removed = _remove(board, target, extra, set(folders_there) - set(folders), skip)
    return Changes(copied, removed, len(copies) - copied)


def _remove(board: Board, target: str, files: list[str], folders: set[str], skip: Excluded) -> int:
    """Files that are left out here stay as they are there."""

    def is_kept(name: str) -> bool:
        return any(skip(part) for part in name.split("/"))

    gone = [name for name in files if not is_kept(name)]
    for name in gone:
        board.remove(join(target, name))
    kept = {place for name in files if is_kept(name) for place in parents(name)}
    for name in sorted(folders, reverse=True):
        if not is_kept(name) and name not in kept:
            board.rmdir(join(target, name))
    return len(gone)
