# SPDX-License-Identifier: MIT
"""Files on this side: trees to be sent, and files that are replaced whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Callable, NamedTuple

from .errors import LocalFileError

PART = ".webrepl-part"
"""The suffix of a file that is not complete. The next attempt finds and replaces it."""
NAME_MAX = 60
"""Characters of the name before it, because file systems limit names."""


class Here(NamedTuple):
    """What is below a directory here: relative names with slashes."""

    folders: list[str]
    files: dict[str, int]
    """With their sizes."""
    left_out: list[str]
    """What was left out, and is more than litter."""


@contextlib.contextmanager
def local(name: object) -> Iterator[None]:
    """Turns an error of the operating system about a local file into a sentence."""
    try:
        yield
    except OSError as error:
        raise LocalFileError.of(error, name) from error


def everything(name: str) -> bool:
    """Leaves nothing out."""
    del name
    return False


def walk_here(folder: Path, skip: Callable[[str], bool] = everything) -> Here:
    """What is below a directory. Links are followed, unless they lead back."""
    found = Here([], {}, [])
    with local(folder):
        _walk(folder, "", skip, [folder.resolve()], found)
    return found


def _walk(
    folder: Path, prefix: str, skip: Callable[[str], bool], above: list[Path], found: Here
) -> None:
    for path in sorted(folder.iterdir()):
        name = prefix + path.name
        if skip(path.name):
            found.left_out.append(name)
        elif path.is_dir():
            real = path.resolve()
            if real in above:
                found.left_out.append(name)
                continue
            found.folders.append(name)
            _walk(path, f"{name}/", skip, [*above, real], found)
        elif path.is_file():
            found.files[name] = path.stat().st_size
        else:
            found.left_out.append(name)


def digest_here(path: Path) -> bytes:
    """The SHA-256 of a file here."""
    total = hashlib.sha256()
    with local(path), path.open("rb") as file:
        while piece := file.read(1 << 16):
            total.update(piece)
    return total.digest()


def is_special(path: Path) -> bool:
    """Whether a name leads to a FIFO or a device: those are written into, and not replaced."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def write_now(file: BinaryIO, data: bytes) -> None:
    """Writes what a reader of a FIFO waits for."""
    file.write(data)
    file.flush()


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that gets the name `path` at the end. Before that, an old one stays as it is.

    A symbolic link stays one: what it leads to is replaced.

    Raises:
        LocalFileError: It cannot be written.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name[:NAME_MAX]}{PART}")
    try:
        with local(path):
            file = temporary.open("wb")
        with file:
            yield file
            with local(path):
                file.flush()
        with local(path):
            temporary.chmod(_mode(target))
            temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _mode(path: Path) -> int:
    """The permissions of a new file of that name."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
