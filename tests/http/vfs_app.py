# SPDX-License-Identifier: MIT
"""The same server of files on MicroPython's VFS."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.paths import SANITIZED
from tests.support.process import require

from .http_app import App

SCRIPT = Path(__file__).with_name("vfs_server.py")

C_ALONE = {"stream_buffer"}
"""Options that Python does not offer."""


class VfsApp(App):
    """A running vfs_server.py. Tests that need more of http_app are skipped."""

    # The heap and the threads of the interpreter are no leaks.
    ENVIRONMENT = {**App.ENVIRONMENT, "ASAN_OPTIONS": "detect_leaks=0:exitcode=99"}

    def __init__(self, _: Path, options: dict[str, int | str | Path]) -> None:
        """Starts the program and waits until it listens."""
        if C_ALONE & options.keys():
            pytest.skip("Python does not offer this option")
        require(SANITIZED)
        super().__init__(SANITIZED, options, SCRIPT)

    def command(self, order: str) -> str:
        """Gives an order and waits for its answer."""
        answer = super().command(order)
        if answer == "unknown":
            pytest.skip(f"only http_app knows the command {order.split()[0]}")
        return answer

    def open_files(self) -> int:
        """How many directories are open, and how many regular files after a collection."""
        directories = self._count(stat.S_ISDIR) - 1  # the program keeps the one that it began in
        self.command("collect")
        return directories + self._count(stat.S_ISREG)

    def _count(self, is_kind: Callable[[int], bool]) -> int:
        opened = Path(f"/proc/{self.process.pid}/fd").iterdir()
        return sum(self._is(is_kind, fd) for fd in opened if int(fd.name) > 2)

    @staticmethod
    def _is(is_kind: Callable[[int], bool], descriptor: Path) -> bool:
        try:
            return is_kind(descriptor.stat().st_mode)
        except FileNotFoundError:  # closed meanwhile
            return False


class FaultyVfsApp(VfsApp):
    """The same on a file system that knows the commands fail, budget, slow, gap and storage."""

    def __init__(self, program: Path, options: dict[str, int | str | Path]) -> None:
        """Has it mounted."""
        super().__init__(program, {**options, "faults": 1})
