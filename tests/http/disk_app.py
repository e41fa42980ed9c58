# SPDX-License-Identifier: MIT
"""The same server of files on a board's FAT or littlefs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.board_disk import Disk
from tests.support.paths import SHIPPED, WITH_FAT_LOCKS
from tests.support.process import LineProgram, require
from tools import storages

from .vfs_app import C_ALONE, SCRIPT, VfsApp


class DiskApp(VfsApp):
    """A program that has a disk in its memory. It serves when it is told to.

    It runs without sanitizers: MicroPython itself reads before the beginning of a table if a file
    on FAT has no date, such as one that is being written.
    """

    def __init__(self, kind: str) -> None:
        """Starts the program."""
        firmware = WITH_FAT_LOCKS if kind == storages.LOCKS else SHIPPED
        require(firmware)
        command = [firmware, "-X", "heapsize=24m", SCRIPT]
        LineProgram.__init__(self, command, {"disk": storages.KINDS[kind]})
        assert self.greeting == "mounted", self.greeting

    def launch(self, options: dict[str, int | str | Path]) -> DiskApp:
        """Makes it serve."""
        if C_ALONE & options.keys():
            pytest.skip("Python does not offer this option")
        texts = {name: str(value) for name, value in options.items()}
        self.take_port(self.command(f"launch {json.dumps(texts, ensure_ascii=False)}"))
        return self

    def open_files(self) -> int:
        """Nobody counts them."""
        pytest.skip("what is open on a board's disk is not counted")

    def cut_power(self) -> None:
        """Is for disks that remain; tests/uploads cuts the power of these."""
        pytest.skip("a disk in memory ends with its program")


class DiskSide:
    """A disk, and the program that has it."""

    ENVIRONMENT = VfsApp.ENVIRONMENT

    def __init__(self, kind: str, folder: Path) -> None:
        """Starts the program."""
        self.app = DiskApp(kind)
        self.disk = Disk(kind, folder / "scratch", self.app.command)

    def __call__(self, _: Path, options: dict[str, int | str | Path]) -> DiskApp:
        """Serves files on the disk."""
        if self.app.port:
            pytest.skip("two programs cannot have one disk")
        return self.app.launch(options)

    def end(self) -> None:
        """Ends a program that never served."""
        if not self.app.port:
            self.app.finish()
