# SPDX-License-Identifier: MIT
"""Work on files: whatever fails, the old file stays, and nothing else is left."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

from .machines import buffer, ffi, lib, new

OLD, NEW = b"old contents", b"new contents " * 1000


class Files:
    """POSIX files whose n-th call fails."""

    def __init__(self) -> None:
        """Nothing fails at first."""
        self.calls: list[str] = []
        self.fails_at = -1
        self.open_files = 0
        self.traits = 255
        self.c = new("uhttpd_storage_t *")
        self.c[0] = lib.uhttpd_posix_storage
        for call in CALLS:
            setattr(self.c, call, getattr(lib, f"py_{call}"))

    def call(self, name: str, *arguments: Any) -> int:
        """The functions that the component calls."""
        self.calls.append(name)
        fails = len(self.calls) - 1 == self.fails_at
        if fails and name != "close":
            return errno.EIO
        err = getattr(lib.uhttpd_posix_storage, name)(*arguments)
        self.open_files += (name == "open" and err == 0) - (name == "close")
        if name == "stat":
            arguments[1].traits &= self.traits
        return errno.ENOSPC if fails else err


CALLS = ["stat", "open", "read", "write", "close", "rename", "remove"]
current: Files


def install(name: str) -> None:
    """Makes the component call the current files."""

    def call(*arguments: Any) -> int:
        return current.call(name, *arguments)

    ffi.def_extern(name=f"py_{name}")(call)


for _name in CALLS:
    install(_name)


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    """Files in a folder of their own."""
    global current
    current = Files()
    back = Path.cwd()
    os.chdir(tmp_path)
    yield current
    os.chdir(back)
    assert current.open_files == 0


@pytest.fixture
def work(files: Files) -> Any:
    """The work of a transfer."""
    work = new("wr_file_work_t *")
    work.files = files.c
    return work


class Transfer:
    """The machine's requests."""

    def __init__(self, work: Any, name: bytes) -> None:
        """Takes the file's name."""
        self.work = work
        self.classic = new("wr_classic_t *")
        ffi.memmove(self.classic.name, name, len(name))
        self.memory = new("uint8_t[]", lib.WR_CLASSIC_STORE)
        self.classic.data = self.memory

    def do(self, what: int, data: bytes = b"", last: bool = False) -> tuple[int, bytes]:
        self.classic.work = what
        ffi.memmove(self.memory, data, len(data))
        self.classic.len = len(data)
        self.classic.last = last
        got = ffi.new("size_t *")
        err = lib.wr_file_work_do(self.work, self.classic, got)
        return err, bytes(ffi.buffer(self.memory, got[0]))

    def put(self, data: bytes) -> int:
        """Does a whole upload. Returns the first error."""
        err, _ = self.do(lib.WR_WORK_OPEN_WRITE)
        while not err:
            piece, data = data[: lib.WR_CLASSIC_STORE], data[lib.WR_CLASSIC_STORE :]
            err, _ = self.do(lib.WR_WORK_WRITE, piece, last=not data)
            if not data:
                break
        return err

    def get(self) -> tuple[int, bytes]:
        """Does a whole download."""
        err, piece = self.do(lib.WR_WORK_OPEN_READ)
        contents = piece
        while not err and piece:
            err, piece = self.do(lib.WR_WORK_READ)
            contents += piece
        return err, contents


def everything(folder: Path) -> dict[str, bytes]:
    """All files below."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("data", [b"", b"x", NEW])
def test_round_trip(work: Any, tmp_path: Path, data: bytes) -> None:
    assert Transfer(work, b"name.py").put(data) == 0
    assert everything(tmp_path) == {"name.py": data}
    assert Transfer(work, b"name.py").get() == (0, data)
    assert not lib.wr_file_work_pending(work)


def test_the_temporary_file_is_in_the_directory_of_its_target(work: Any, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    transfer = Transfer(work, b"lib/name.py")
    transfer.do(lib.WR_WORK_OPEN_WRITE)
    (name,) = everything(tmp_path)
    assert name.startswith("lib/")
    base, _, extension = name[4:].partition(".")
    assert len(base) <= 8
    assert len(extension) <= 3
    lib.wr_file_work_abandon(work)
    assert everything(tmp_path) == {}


def test_the_longest_name(work: Any, tmp_path: Path) -> None:
    (tmp_path / ("d" * 62)).mkdir()
    name = b"d" * 62 + b"/f"
    assert Transfer(work, name).put(NEW) == 0
    assert everything(tmp_path) == {name.decode(): NEW}
    assert Transfer(work, b"n" * 64).put(NEW) == 0
    assert Transfer(work, b"n" * 64).get() == (0, NEW)


def upload(work: Any) -> int:
    return Transfer(work, b"f").put(NEW)


def count_calls(work: Any, files: Files, action: Callable[[Any], Any]) -> int:
    action(work)
    return len(files.calls)


@pytest.mark.parametrize("traits", [255, 0], ids=["replaces", "does not replace"])
def test_an_upload_that_fails_anywhere_leaves_the_old_file_alone(
    work: Any, files: Files, tmp_path: Path, traits: int
) -> None:
    files.traits = traits
    steps = count_calls(work, files, upload)
    assert steps > 4
    for step in range(steps):
        (tmp_path / "f").write_bytes(OLD)
        files.calls.clear()
        files.fails_at = step
        err = upload(work)
        assert err in (0, errno.EIO, errno.ENOSPC)
        assert everything(tmp_path) == {"f": OLD if err else NEW}, (step, err)
        assert files.open_files == 0
        assert not lib.wr_file_work_pending(work)


@pytest.mark.parametrize("pieces", [0, 1, 2])
def test_an_upload_that_is_given_up(work: Any, tmp_path: Path, pieces: int) -> None:
    (tmp_path / "f").write_bytes(OLD)
    transfer = Transfer(work, b"f")
    transfer.do(lib.WR_WORK_OPEN_WRITE)
    for _ in range(pieces):
        transfer.do(lib.WR_WORK_WRITE, b"abc")
    assert lib.wr_file_work_pending(work)
    lib.wr_file_work_abandon(work)
    assert not lib.wr_file_work_pending(work)
    assert everything(tmp_path) == {"f": OLD}


def test_a_download_that_fails_anywhere_is_closed(work: Any, files: Files, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(NEW)
    for step in range(5):
        files.calls.clear()
        files.fails_at = step
        err, contents = Transfer(work, b"f").get()
        assert err == errno.EIO
        assert NEW.startswith(contents)
        assert files.open_files == 0
        assert not lib.wr_file_work_pending(work)


def test_errors_of_the_file_system(work: Any, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert Transfer(work, b"missing").get() == (errno.ENOENT, b"")
    assert Transfer(work, b"folder").get() == (errno.EISDIR, b"")
    assert Transfer(work, b"folder").put(NEW) == errno.EISDIR
    assert Transfer(work, b"nowhere/f").put(NEW) == errno.ENOENT
    assert Transfer(work, b"nowhere/f").get() == (errno.ENOENT, b"")
    assert everything(tmp_path) == {}
    assert not lib.wr_file_work_pending(work)


def test_a_file_that_somebody_else_truncated_is_not_whole(work: Any, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(OLD)
    transfer = Transfer(work, b"f")
    transfer.do(lib.WR_WORK_OPEN_WRITE)
    transfer.do(lib.WR_WORK_WRITE, b"abc")
    (temporary,) = tmp_path.glob("*.~up")
    os.truncate(temporary, 1)
    assert transfer.do(lib.WR_WORK_WRITE, b"", last=True)[0] == errno.EIO
    assert everything(tmp_path) == {"f": OLD}


def test_a_full_disk(work: Any) -> None:
    handle = ffi.new("void **")
    posix = lib.uhttpd_posix_storage
    assert posix.open(b"/dev/full", lib.UHTTPD_FILE_WRITE, handle) == 0
    assert posix.write(handle[0], buffer(b"x"), 1) == errno.ENOSPC
    assert posix.close(handle[0]) == 0
