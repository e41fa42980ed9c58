# SPDX-License-Identifier: MIT
"""Copies files and trees to and from a board, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from .board import Board
from .errors import LocalFileError, RemoteFileError
from .files import Entry
from .paths import base, join, parents

PART = ".webrepl-part"
"""The suffix of a file that is not complete. The next attempt finds and replaces it."""
NAME_MAX = 60
"""Characters of the name before it, because file systems limit names."""
DEPTH_MAX = 100
"""How deep directories may be nested on a board; a broken one may claim to have no end."""


class Reporter(Protocol):
    """Gets the progress of a copy."""

    def begin(self, files: int, size: int) -> None:
        """How much there is to do."""

    def file(self, name: str) -> None:
        """The next file."""

    def moved(self, size: int) -> None:
        """How many more bytes are done."""

    def skipped(self, name: str, size: int) -> None:
        """A file that is the same on both sides."""


class Copy(NamedTuple):
    """One file to be copied."""

    here: Path
    there: str
    size: int


# what there is


@contextlib.contextmanager
def local(name: object) -> Iterator[None]:
    """Turns an error of the operating system about a local file into a sentence."""
    try:
        yield
    except OSError as error:
        raise LocalFileError.of(error, name) from error


def walk_here(folder: Path, skip: Skip) -> tuple[list[str], list[tuple[str, int]]]:
    """Directories, and files with their sizes, below a local one; relative names with slashes."""
    folders: list[str] = []
    files: list[tuple[str, int]] = []
    with local(folder):
        for path in sorted(folder.iterdir()):
            if skip(path.name):
                continue
            if path.is_dir() and path.is_symlink():
                continue  # it may lead back here
            if path.is_dir():
                folders.append(path.name)
                below = walk_here(path, skip)
                folders += [f"{path.name}/{name}" for name in below[0]]
                files += [(f"{path.name}/{name}", size) for name, size in below[1]]
            elif path.is_file():
                files.append((path.name, path.stat().st_size))
    return folders, files


def walk_there(
    board: Board, folder: str, depth: int = DEPTH_MAX
) -> tuple[list[str], list[tuple[str, int]]]:
    """The same on a board."""
    if depth == 0:
        raise RemoteFileError(errno.ELOOP, folder)
    folders: list[str] = []
    files: list[tuple[str, int]] = []
    for entry in board.listdir(folder):
        if entry.is_dir:
            folders.append(entry.name)
            below = walk_there(board, join(folder, entry.name), depth - 1)
            folders += [f"{entry.name}/{name}" for name in below[0]]
            files += [(f"{entry.name}/{name}", size) for name, size in below[1]]
        else:
            files.append((entry.name, entry.size))
    return folders, files


class Skip(Protocol):
    """Whether a name is to be left out."""

    def __call__(self, name: str) -> bool:
        """True for those."""


def nothing(name: str) -> bool:
    """Leaves nothing out."""
    del name
    return False


def stat_or_none(board: Board, path: str) -> Entry | None:
    """What a board has of that name, if anything."""
    if path.strip("/") in ("", "."):
        return Entry("", True, 0)
    try:
        return board.stat(path)
    except RemoteFileError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return None
        raise


def digest_here(path: Path) -> bytes:
    """The SHA-256 of a file here."""
    total = hashlib.sha256()
    with local(path), path.open("rb") as file:
        while piece := file.read(1 << 16):
            total.update(piece)
    return total.digest()


def is_same(board: Board, copy: Copy, size_there: int | None) -> bool:
    """Whether both sides have the same contents."""
    if size_there != copy.size:
        return False
    return board.digest(copy.there) == digest_here(copy.here)


# one file


def put_file(board: Board, copy: Copy, report: Reporter) -> None:
    """Copies a file to a board."""
    report.file(copy.there)
    done = 0

    def sent(size: int) -> None:
        nonlocal done
        report.moved(size - done)
        done = size

    with local(copy.here):
        file = copy.here.open("rb")
    with file:
        board.put(copy.there, file, sent)


def get_file(board: Board, copy: Copy, report: Reporter) -> None:
    """Copies a file from a board. A local file stays until the new one is complete."""
    report.file(copy.there)
    temporary = copy.here.with_name(f".{copy.here.name[:NAME_MAX]}{PART}")
    try:
        with local(copy.here):
            file = temporary.open("wb")
        with file:
            _receive(board, copy, file, report)
        with local(copy.here):
            temporary.chmod(_mode(copy.here))
            temporary.replace(copy.here)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _receive(board: Board, copy: Copy, file: BinaryIO, report: Reporter) -> None:
    def take(piece: bytes) -> None:
        with local(copy.here):
            file.write(piece)
        report.moved(len(piece))

    board.get(copy.there, take)
    with local(copy.here):
        file.flush()


def _mode(path: Path) -> int:
    """The permissions of a new file of that name."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


# several


def make_folders(board: Board, folders: list[str]) -> None:
    """Makes missing directories on a board, outer ones first."""
    for folder in folders:
        try:
            board.mkdir(folder)
        except RemoteFileError as error:
            found = stat_or_none(board, folder)
            if not found or not found.is_dir:
                raise error


def put_all(
    board: Board, copies: list[Copy], report: Reporter, there: dict[str, int] | None
) -> int:
    """Copies files to a board, except those that are the same; returns how many were copied.

    Args:
        board: Where to.
        copies: What.
        report: Gets the progress.
        there: Names and sizes on the board, to compare with; None: all are copied.
    """
    report.begin(len(copies), sum(copy.size for copy in copies))
    count = 0
    for copy in copies:
        if there is not None and is_same(board, copy, there.get(copy.there)):
            report.skipped(copy.there, copy.size)
        else:
            put_file(board, copy, report)
            count += 1
    return count


def put_tree(board: Board, folder: Path, target: str, report: Reporter, *, force: bool) -> int:
    """Copies a directory to a board, under the name `target`."""
    folders, files = walk_here(folder, nothing)
    outer = [*parents(target), target] if target.strip("/") else []
    make_folders(board, [path for path in outer if not stat_or_none(board, path)])
    known = dict(walk_there(board, target)[1])
    make_folders(board, [join(target, name) for name in folders])
    copies = [Copy(folder / name, join(target, name), size) for name, size in files]
    there = {join(target, name): size for name, size in known.items()}
    return put_all(board, copies, report, None if force else there)


def get_tree(board: Board, folder: str, target: Path, report: Reporter, *, force: bool) -> int:
    """Copies a directory of a board to the local name `target`."""
    folders, files = walk_there(board, folder)
    for name in [*folders, *(name for name, _ in files)]:
        if os.sep != "/" and any(mark in name for mark in (os.sep, ":")):
            raise LocalFileError(f"{name}: no file here can have that name")
    for place in [target, *(target / name for name in folders)]:
        with local(place):
            place.mkdir(parents=True, exist_ok=True)
    report.begin(len(files), sum(size for _, size in files))
    count = 0
    for name, size in files:
        copy = Copy(target / name, join(folder, name), size)
        same = not force and copy.here.is_file() and copy.here.stat().st_size == size
        if same and is_same(board, copy, size):
            report.skipped(copy.there, size)
        else:
            get_file(board, copy, report)
            count += 1
    return count


def remove_tree(board: Board, path: str) -> int:
    """Removes a directory of a board with everything in it; returns how many files it had."""
    folders, files = walk_there(board, path)
    for name, _ in files:
        board.remove(join(path, name))
    for name in reversed(folders):
        board.rmdir(join(path, name))
    if path.strip("/") not in ("", "."):
        board.rmdir(path)
    return len(files)


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
