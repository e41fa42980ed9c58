# SPDX-License-Identifier: MIT
"""The desktop firmware as a program of Unix: what it is given, what it says and how it ends."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = Path(os.environ.get("FIRMWARE", ROOT / "build" / "host" / "micropython"))
PATIENCE = 60


class Program:
    """A running firmware whose output goes to a file, so that it never waits for a reader."""

    def __init__(self, directory: Path, *arguments: str, stdin: Any = subprocess.DEVNULL) -> None:
        """Starts it in a directory."""
        self.output = directory / "output"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [FIRMWARE, *arguments],
                cwd=directory,
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": str(directory)},
            )

    @property
    def said(self) -> str:
        """Everything it has printed."""
        return self.output.read_text()

    def expect(self, pattern: str, times: int = 1) -> re.Match[str]:
        """Waits until it has printed something for so many times; returns the last."""
        end = time.monotonic() + PATIENCE
        while len(found := list(re.finditer(pattern, self.said))) < times:
            assert self.process.poll() is None, f"it has ended, having said {self.said!r}"
            assert time.monotonic() < end, f"no {pattern!r} in {self.said!r}"
            time.sleep(0.02)
        return found[times - 1]

    def type(self, text: str) -> None:
        """Writes to its standard input, which must be a pipe."""
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def status(self) -> int:
        """Waits for its end."""
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """Ends it, however it is."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
