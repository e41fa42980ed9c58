# SPDX-License-Identifier: MIT
"""What names on a command line mean: files on the board, here, or neither."""

from __future__ import annotations

import errno
import fnmatch
import os
from pathlib import Path

from ..board import Board
from ..errors import LocalFileError, RemoteFileError
from ..files import Entry
from ..paths import MARK, base, is_remote, is_root, join, remote

STDIO = "-"
"""Standard input as a source, standard output as a target."""
WILD = frozenset("*?[")


def stat_or_none(board: Board, path: str) -> Entry | None:
    """What a board has of that name, if anything."""
    if is_root(path):
        return Entry("", True, 0)
    try:
        return board.stat(path)
    except RemoteFileError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return None
        raise


def place_there(board: Board, target: str, name: str) -> str:
    """Where a file called `name` goes if the user asked for `target`."""
    found = stat_or_none(board, target)
    if found and found.is_dir:
        return join(target, name)
    if target.endswith("/"):
        raise RemoteFileError(errno.ENOTDIR if found else errno.ENOENT, target)
    return target


def place_here(target: str, name: str) -> Path:
    """The same here."""
    path = Path(target)
    if path.is_dir():
        return path / base(name)
    if target.endswith(("/", os.sep)):
        raise LocalFileError(f"{target}: no such directory")
    return path


def expand(board: Board, words: list[str], *, marked: bool = False) -> list[str]:
    """Replaces wildcards in names on the board, as a shell does for names here.

    Args:
        board: Whose names.
        words: As they were typed.
        marked: Whether only words with a colon are names on the board.

    Raises:
        RemoteFileError: No name is like that.
    """
    found: list[str] = []
    for word in words:
        if WILD.isdisjoint(word) or (marked and not is_remote(word)):
            found.append(word)
        else:
            mark = MARK if is_remote(word) else ""
            found += [mark + path for path in _like(board, remote(word))]
    return found


def _like(board: Board, pattern: str) -> list[str]:
    if stat_or_none(board, pattern):
        return [pattern]
    paths = ["/" if pattern.startswith("/") else ""]
    for part in pattern.strip("/").split("/"):
        if WILD.isdisjoint(part):
            paths = [join(path, part) for path in paths]
            continue
        paths = [
            join(path, entry.name)
            for path in paths
            for entry in _entries(board, path)
            if fnmatch.fnmatchcase(entry.name, part)
            and (not entry.name.startswith(".") or part.startswith("."))
        ]
    if not paths:
        raise RemoteFileError(errno.ENOENT, pattern)
    return paths


def _entries(board: Board, path: str) -> list[Entry]:
    try:
        return board.listdir(path)
    except RemoteFileError:  # a file, or nothing
        return []
