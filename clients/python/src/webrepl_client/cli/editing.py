# SPDX-License-Identifier: MIT
"""Edits a file of a board in a local editor. What was written is kept until the board has it."""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ..errors import LocalFileError, RemoteFileError, UsageError
from ..local_files import local
from ..paths import base
from .job import Job


def editor() -> list[str]:
    """The command of the person's editor.

    Raises:
        UsageError: There is none.
    """
    text = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not text:
        raise UsageError("edit: neither VISUAL nor EDITOR is set")
    words = shlex.split(text)
    if not words or not shutil.which(words[0]):
        raise UsageError(f"edit: there is no program {text}: set VISUAL or EDITOR")
    return words


def edit(job: Job, path: str) -> bool:
    """Fetches a file, runs the editor, and stores the file; returns whether it has changed."""
    before = _contents(job, path)
    command = editor()
    copy = Path(tempfile.mkdtemp(prefix="webrepl-")) / (base(path) or "file")
    with _kept(job, copy, before):
        with local(copy):
            copy.write_bytes(before)
        with job.output.undisturbed():
            status = subprocess.call([*command, str(copy)])
        if status != 0:
            raise LocalFileError(
                f"{shlex.join(command)} ended with status {status}: :{path} is unchanged"
            )
        with local(copy):
            after = copy.read_bytes()
        if after != before:
            job.board.write_bytes(path, after)
    return after != before


def _contents(job: Job, path: str) -> bytes:
    try:
        return job.board.read_bytes(path)
    except RemoteFileError as error:
        if error.errno == errno.ENOENT:  # a new file
            return b""
        raise


@contextlib.contextmanager
def _kept(job: Job, copy: Path, before: bytes) -> Iterator[None]:
    """Removes the copy at the end, unless it holds what the board does not have.

    Errors then say where the copy is.
    """
    try:
        yield
    except BaseException as error:
        if not _has_news(copy, before):
            shutil.rmtree(copy.parent, ignore_errors=True)
        elif isinstance(error, Exception) and error.args:
            error.args = (f"{error}; what you have written is in {copy}", *error.args[1:])
        else:
            job.output.complain(f"what you have written is in {copy}")
        raise
    shutil.rmtree(copy.parent, ignore_errors=True)


def _has_news(copy: Path, before: bytes) -> bool:
    try:
        return copy.read_bytes() != before
    except OSError:
        return False
