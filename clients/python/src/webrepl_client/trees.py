# SPDX-License-Identifier: MIT
"""Directories of a board with all that is in them: listed, copied, removed."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .copies import Copy, each, get_all, put_all
from .errors import LocalFileError, RemoteFileError
from .files import Entry
from .local_files import local, walk_here
from .paths import base, is_root, join, parents
from .progress import Reporter

if TYPE_CHECKING:
    from .aio import AsyncBoard

DEPTH_MAX = 100
"""How deep directories may be nested on a board; a broken one may claim to have no end."""
ENTRIES_MAX = 100_000
"""How many files and directories a board may claim to have."""


class There(NamedTuple):
    """What is below a directory of a board: relative names with slashes."""

    folders: list[str]
    """Outer ones first."""
    files: dict[str, Entry]
    """Files, and links that are not followed."""


async def stat_or_none(board: AsyncBoard, path: str) -> Entry | None:
    """What a board has of that name, if anything."""
    if is_root(path):
        return Entry("", True, 0)
    try:
        return await board.stat(path)
    except RemoteFileError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return None
        raise


async def walk_there(
    board: AsyncBoard, folder: str, *, digests: bool = False, follow: bool = True
) -> There:
    """What is below a directory.

    Args:
        board: Whose.
        folder: The directory.
        digests: Asks for digests of files, which not all boards list.
        follow: Whether links to directories are followed.
    """
    found = There([], {})
    level = [""]
    for _ in range(DEPTH_MAX):
        if not level:
            return found
        places = [join(folder, name) if name else folder for name in level]
        listings = await asyncio.gather(*(board.listdir(p, digests=digests) for p in places))
        below = []
        for name, entries in zip(level, listings):
            below += _sort(found, f"{name}/" if name else "", entries, follow)
        if len(found.folders) + len(found.files) > ENTRIES_MAX:
            raise RemoteFileError(errno.ENFILE, folder)
        level = below
    raise RemoteFileError(errno.ELOOP, folder)


def _sort(found: There, prefix: str, entries: list[Entry], follow: bool) -> list[str]:
    """Notes the entries of a directory; returns the directories to look into."""
    below = []
    for entry in entries:
        name = prefix + entry.name
        if entry.is_dir and (follow or not entry.is_link):
            below.append(name)
        else:
            found.files[name] = entry
    found.folders.extend(below)
    return below


async def make_folders(board: AsyncBoard, folders: list[str]) -> None:
    """Makes directories that may be missing, outer ones first."""
    for depth in sorted({folder.count("/") for folder in folders}):
        level = [folder for folder in folders if folder.count("/") == depth]
        await each(level, board.parallel, lambda folder: board.mkdir(folder, exist_ok=True))


async def make_outer(board: AsyncBoard, target: str) -> bool:
    """Makes a directory and those above it; returns whether it was there already."""
    if await stat_or_none(board, target):
        return True
    missing = [path for path in parents(target) if not await stat_or_none(board, path)]
    await make_folders(board, [*missing, target])
    return False


async def put_tree(
    board: AsyncBoard, folder: Path, target: str, report: Reporter, *, force: bool
) -> int:
    """See AsyncBoard."""
    here = walk_here(folder)
    report.left_out(here.left_out)
    was_there = await make_outer(board, target)
    there = There([], {})
    if was_there:
        there = await walk_there(board, target, digests=not force)
    missing = [name for name in here.folders if name not in set(there.folders)]
    await make_folders(board, [join(target, name) for name in missing])
    return await put_all(
        board,
        [
            Copy(folder / name, join(target, name), size, None if force else there.files.get(name))
            for name, size in here.files.items()
        ],
        report,
    )


async def get_tree(
    board: AsyncBoard, folder: str, target: Path, report: Reporter, *, force: bool
) -> int:
    """See AsyncBoard."""
    there = await walk_there(board, folder, digests=not force and target.exists())
    for name in [*there.folders, *there.files]:
        if os.sep != "/" and any(mark in name for mark in (os.sep, ":")):
            raise LocalFileError(f"{name}: no file here can have that name")
    for place in [target, *(target / name for name in there.folders)]:
        with local(place):
            place.mkdir(parents=True, exist_ok=True)
    return await get_all(
        board,
        [
            Copy(target / name, join(folder, name), entry.size, None if force else entry)
            for name, entry in there.files.items()
        ],
        report,
    )


async def is_link(board: AsyncBoard, path: str) -> bool:
    """Whether a name is a symbolic link, which only its directory knows."""
    if is_root(path):
        return False
    outer = path.rstrip("/").rpartition("/")
    entries = await board.listdir(outer[0] or outer[1])
    return any(entry.is_link for entry in entries if entry.name == base(path))


async def remove_tree(board: AsyncBoard, path: str) -> int:
    """See AsyncBoard."""
    if await is_link(board, path):
        await board.remove(path, missing_ok=True)
        return 1
    there = await walk_there(board, path, follow=False)
    await remove_all(board, path, list(there.files), there.folders)
    if not is_root(path):
        await board.rmdir(path, missing_ok=True)
    return len(there.files)


async def remove_all(board: AsyncBoard, outer: str, files: list[str], folders: list[str]) -> None:
    """Removes files, then directories that are empty without them, inner ones first."""
    await each(
        files, board.parallel, lambda name: board.remove(join(outer, name), missing_ok=True)
    )
    for name in sorted(folders, key=lambda name: name.count("/"), reverse=True):
        await board.rmdir(join(outer, name), missing_ok=True)
