# SPDX-License-Identifier: MIT
"""Makes a board's directory the same as a local one; copies only what differs, by digest."""

from __future__ import annotations

import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .copies import Copy, put_all
from .errors import LocalFileError
from .local_files import Here, walk_here
from .paths import join, parents
from .progress import Reporter
from .trees import There, make_folders, make_outer, remove_all, walk_there

if TYPE_CHECKING:
    from .aio import AsyncBoard

LITTER = ["__pycache__", "*.pyc", "*~"]
LEFT_OUT = [".*", *LITTER]
"""Names that are useless on a board."""


class Changes(NamedTuple):
    """The result of a sync."""

    copied: int
    removed: int
    same: int
    left_out: tuple[str, ...] = ()
    """Names here that the caller may have expected on the board: that begin with a dot, and links
    that lead back to where they are."""


class Excluded:
    """Names that match one of the patterns."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        """With shell patterns, in addition to those that are always left out."""
        self._patterns = [*LEFT_OUT, *patterns]
        self._expected = [*LITTER, *patterns]

    def __call__(self, name: str) -> bool:
        """Whether a name is left out."""
        return any(fnmatch.fnmatch(name, pattern) for pattern in self._patterns)

    def is_expected(self, path: str) -> bool:
        """Whether nobody is surprised that it is left out."""
        name = path.rpartition("/")[2]
        return any(fnmatch.fnmatch(name, pattern) for pattern in self._expected)

    def keeps(self, path: str) -> bool:
        """Whether something on the board stays, because its name is left out here."""
        return any(map(self, path.split("/")))


async def sync(
    board: AsyncBoard,
    folder: Path,
    target: str,
    report: Reporter,
    *,
    exclude: tuple[str, ...],
    delete: bool,
) -> Changes:
    """See AsyncBoard."""
    if not folder.is_dir():
        raise LocalFileError(f"{folder}: no such directory")
    skip = Excluded(exclude)
    here = walk_here(folder, skip)
    there = There([], {})
    if await make_outer(board, target):
        there = await walk_there(board, target, digests=True, follow=False)
    removed = await _make_way(board, target, here, there, skip, delete=delete)
    missing = [name for name in here.folders if name not in set(there.folders)]
    await make_folders(board, [join(target, name) for name in missing])
    copies = [
        Copy(folder / name, join(target, name), size, there.files.get(name))
        for name, size in here.files.items()
    ]
    copied = await put_all(board, copies, report)
    if delete:
        removed += await _remove(board, target, _extra(here, there, skip))
    told = tuple(name for name in here.left_out if not skip.is_expected(name))
    return Changes(copied, removed, len(copies) - copied, told)


async def _make_way(
    board: AsyncBoard, target: str, here: Here, there: There, skip: Excluded, *, delete: bool
) -> int:
    """Removes files where directories go, and directories where files go."""
    files = [name for name in here.folders if name in there.files]
    for name in files:
        del there.files[name]
    folders = [name for name in here.files if name in set(there.folders)]
    if folders and not delete:
        raise LocalFileError(
            f"{folders[0]} is a file here, and a directory on the board: --delete replaces it"
        )
    inside = tuple(f"{name}/" for name in folders)
    extra = _extra(here, there, skip)
    below = There(
        [name for name in extra.folders if name in folders or name.startswith(inside)],
        {name: entry for name, entry in extra.files.items() if name.startswith(inside)},
    )
    for name in below.files:
        del there.files[name]
    for name in below.folders:
        there.folders.remove(name)
    await remove_all(board, target, files, [])
    return len(files) + await _remove(board, target, below)


def _extra(here: Here, there: There, skip: Excluded) -> There:
    """What is on the board and not here. Names that are left out here stay as they are there."""
    kept = {
        place
        for name in [*there.folders, *there.files]
        if skip.keeps(name)
        for place in parents(name)
    }
    wanted = {*here.folders, *kept}
    return There(
        [name for name in there.folders if name not in wanted and not skip.keeps(name)],
        {
            name: entry
            for name, entry in there.files.items()
            if name not in here.files and not skip.keeps(name)
        },
    )


async def _remove(board: AsyncBoard, target: str, extra: There) -> int:
    await remove_all(board, target, list(extra.files), extra.folders)
    return len(extra.files)
