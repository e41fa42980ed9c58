# SPDX-License-Identifier: MIT
"""Files of a board: what can be done with them, whichever way."""

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


class Space(NamedTuple):
    """How much there is and how much is left, in bytes."""

    total: int
    free: int


class Files(abc.ABC):
    """All raise RemoteFileError, or BoardFull, with the board's own code."""

    @abc.abstractmethod
    async def listdir(self, path: str) -> list[Entry]:
        """What lies in a directory, by name."""

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
        """Renames; a file of the new name is replaced."""

    @abc.abstractmethod
    async def mkdir(self, path: str) -> None:
        """Makes a directory."""

    @abc.abstractmethod
    async def rmdir(self, path: str) -> None:
        """Removes an empty directory."""

    @abc.abstractmethod
    async def space(self, path: str) -> Space:
        """The file system that a path lies on."""

    @abc.abstractmethod
    async def get(self, path: str, sink: Sink) -> None:
        """Reads a file."""

    @abc.abstractmethod
    async def put(self, path: str, file: BinaryIO, report: Report) -> None:
        """Writes a file; one of that name stays as it is until the new one is whole.

        Args:
            path: Its name.
            file: All of it is sent, wherever it stands.
            report: Is told how many bytes have been sent.
        """


def listed(entries: Iterable[Entry]) -> list[Entry]:
    """What a board has listed, by name. A name that would lead out of its directory is none.

    Raises:
        NotWebrepl: There is one: whoever copies the directory would write, or remove, elsewhere.
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
