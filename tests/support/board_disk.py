# SPDX-License-Identifier: MIT
"""The disk of a board, and paths on it that tests use as they use the computer's."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

import pytest

from tools import storages

MOUNTED = "/disk"


class Disk:
    """A disk in the memory of a board."""

    def __init__(self, kind: str, scratch: Path, order: Callable[[str], str]) -> None:
        """Knows a board: `order` has it do something, and returns its answer."""
        self.kind = kind
        self.scratch = scratch
        self.order = order
        self.root: DiskPath = type("PathOnDisk", (DiskPath,), {"disk": self})(MOUNTED)

    def is_fat(self) -> bool:
        """Whether it has the rules of FAT."""
        return storages.KINDS[self.kind] == "VfsFat"

    def do(self, operation: str, *arguments: object) -> Any:
        """Has the board change or look at its files, as its own program might."""
        words = json.dumps([operation, *map(str, arguments)], ensure_ascii=False)
        answer = json.loads(self.order(f"disk {words}"))
        if "error" in answer:
            number = answer["error"]
            if number == errno.EINVAL:
                pytest.skip(f"{self.kind} has no such names")
            if number == errno.EIO and self.kind == storages.LOCKS:
                raise PermissionError(number, "it is open", *map(str, arguments[:1]))
            raise OSError(number, os.strerror(number), *map(str, arguments[:1]))
        return answer["value"]


class DiskPath(PurePosixPath):
    """A path on a board's disk. What its file system does not have ends the test as skipped."""

    disk: ClassVar[Disk]

    def __fspath__(self) -> str:
        """Is asked for by functions of the computer's files."""
        pytest.skip("on a board's disk the computer's functions do not work")

    def lacking(self, *_: object, **__: object) -> None:
        """Stands for what the file system does not have."""
        pytest.skip(f"{self.disk.kind} has no such thing")

    symlink_to = chmod = hardlink_to = open = lacking

    def stat(self) -> os.stat_result:
        """Its type and size."""
        mode, size = self.disk.do("stat", self)
        return os.stat_result((mode, 0, 0, 1, 0, 0, size, 0, 0, 0))

    def has_mode(self, mode: int) -> bool:
        """Whether it is there and of that type."""
        try:
            return stat.S_IFMT(self.stat().st_mode) == mode
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EINVAL):
                return False
            raise

    def exists(self) -> bool:
        return self.is_file() or self.is_dir()

    def is_file(self) -> bool:
        return self.has_mode(stat.S_IFREG)

    def is_dir(self) -> bool:
        return self.has_mode(stat.S_IFDIR)

    def is_symlink(self) -> bool:
        return False

    def read_bytes(self) -> bytes:
        self.disk.do("copy", self, self.disk.scratch)
        return self.disk.scratch.read_bytes()

    def read_text(self) -> str:
        return self.read_bytes().decode()

    def write_bytes(self, data: bytes) -> int:
        self.disk.scratch.write_bytes(data)
        self.disk.do("copy", self.disk.scratch, self)
        return len(data)

    def write_text(self, text: str) -> int:
        return self.write_bytes(text.encode())

    def touch(self) -> None:
        self.write_bytes(b"")

    def mkdir(self, mode: int = 0, parents: bool = False, exist_ok: bool = False) -> None:
        if exist_ok and self.is_dir():
            return
        if parents and not self.parent.exists():
            self.parent.mkdir(parents=True)
        self.disk.do("mkdir", self)

    def unlink(self) -> None:
        self.disk.do("remove", self)

    def rmdir(self) -> None:
        self.disk.do("rmdir", self)

    def replace(self, target: PurePosixPath) -> DiskPath:
        self.disk.do("rename", self, target)
        return type(self)(target)

    def iterdir(self) -> Iterator[DiskPath]:
        yield from (self / name for name in self.disk.do("list", self))

    def rglob(self, pattern: str) -> Iterator[DiskPath]:
        assert pattern == "*"
        yield from (type(self)(path) for path in self.disk.do("walk", self))


def needs_such_names(path: Path) -> None:
    """Ends a test as skipped if no file can have that name there."""
    path.touch()
    path.unlink()
