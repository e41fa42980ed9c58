# SPDX-License-Identifier: MIT
"""The same server of files on MicroPython's VFS."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from .http_app import App

ROOT = Path(__file__).resolve().parents[2]
BUILDS = [ROOT / "build" / kind / "micropython" for kind in ("host-asan", "host")]
FIRMWARE = Path(os.environ.get("FIRMWARE") or next(filter(Path.exists, BUILDS), BUILDS[-1]))
SCRIPT = Path(__file__).with_name("vfs_server.py")

C_ALONE = {"stream_buffer"}
"""Options that Python does not offer."""


class VfsApp(App):
    """A running vfs_server.py; tests that need more of http_app than it has are skipped."""

    ASAN_OPTIONS = "detect_leaks=0:exitcode=99"  # the heap and the threads of the interpreter

    def __init__(self, _: Path, options: dict[str, int | str | Path]) -> None:
        """Starts the program and waits until it listens."""
        if C_ALONE & options.keys():
            pytest.skip("Python does not offer this option")
        if not FIRMWARE.exists():
            pytest.exit(f"{FIRMWARE} is missing: make build", returncode=2)
        super().__init__(FIRMWARE, options, SCRIPT)

    def command(self, line: str) -> str:
        """Has the program do something and returns what it says."""
        answer = super().command(line)
        if answer == "unknown":
            pytest.skip(f"only http_app knows the command {line.split()[0]}")
        return answer

    def open_files(self) -> int:
        """How many regular files are open, once what nobody needs any more is collected."""
        self.command("collect")
        return sum(map(self._is_file, Path(f"/proc/{self.process.pid}/fd").iterdir()))

    @staticmethod
    def _is_file(descriptor: Path) -> bool:
        try:
            return stat.S_ISREG(descriptor.stat().st_mode)
        except FileNotFoundError:  # closed meanwhile
            return False


class FaultyVfsApp(VfsApp):
    """The same on a file system that knows the commands fail, budget, slow, gap and storage."""

    def __init__(self, program: Path, options: dict[str, int | str | Path]) -> None:
        """Has it mounted."""
        super().__init__(program, {**options, "faults": 1})
