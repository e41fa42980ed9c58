# SPDX-License-Identifier: MIT
"""Operations on files of a board, whichever protocol carries them."""

from __future__ import annotations

import abc
import hashlib
from collections.abc import Iterable
from typing import BinaryIO, NamedTuple

from .errors import NotWebrepl
from .session import Report, Sink


class Entry(NamedTuple):
    """A file or directory of a board."""

    name: str
    is_dir: bool
    size: int
    is_link: bool = False
    """Whether it is a symbolic link, and the rest is about its target. Only listings know this."""
    digest: bytes | None = None
    """Its SHA-256, if that was asked for and the board has sent it."""


class Space(NamedTuple):
    """Total and free space, in bytes."""

    total: int
    free: int


class Files(abc.ABC):
    """All raise RemoteFileError, or BoardFull, with the board's own code."""

    parallel: int
    """How many operations may be under way at a time."""

    @abc.abstractmethod
    async def listdir(self, path: str, *, digests: bool = False) -> list[Entry]:
        """The contents of a directory, by name; with digests, if the board can list them."""

    @abc.abstractmethod
    async def stat(self, path: str) -> Entry:
        """One file or directory."""

    @abc.abstractmethod
    async def digest(self, path: str) -> bytes:
        """The SHA-256 of a file."""

    @abc.abstractmethod
    async def remove(self, path: str) -> None:
        """Removes a file."""

    @abc.abstractmethod
    async def rename(self, old: str, new: str) -> None:
        """Renames; replaces a file of the new name."""

    @abc.abstractmethod
    async def mkdir(self, path: str) -> None:
        """Makes a directory."""

    @abc.abstractmethod
    async def rmdir(self, path: str) -> None:
        """Removes an empty directory."""

    @abc.abstractmethod
    async def space(self, path: str) -> Space:
        """The file system that a path is on."""

    @abc.abstractmethod
    async def get(self, path: str, sink: Sink) -> None:
        """Reads a file."""

    @abc.abstractmethod
    async def put(self, path: str, file: BinaryIO, report: Report) -> None:
        """Writes a file. An old file of that name stays as it is until the new one is complete.

        Args:
            path: Its name.
            file: All of it is sent, whatever its position.
            report: Called with the number of bytes that have been sent.
        """


def listed(entries: Iterable[Entry]) -> list[Entry]:
    """Checks the entries that a board has listed, and sorts them by name.

    Raises:
        NotWebrepl: A name leads out of its directory, so that copying the directory would write or
            remove files elsewhere.
    """
    found = sorted(entries)
    for entry in found:
        if entry.name in ("", ".", "..") or "/" in entry.name or "\0" in entry.name:
            raise NotWebrepl(f"the board lists {entry.name!r}, which is no name")
    return found


def measure(file: BinaryIO) -> tuple[int, bytes]:
    """Size and SHA-256 of a file, which is then at its beginning."""
    total = hashlib.sha256()
    size = 0
    file.seek(0)
    while piece := file.read(1 << 16):
        total.update(piece)
        size += len(piece)
    file.seek(0)
    return size, total.digest()
