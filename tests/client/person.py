# SPDX-License-Identifier: MIT
"""A person who uses the command: a pty with a size, keys and a screen."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

from tests.support.screen import Screen
from tests.support.waiting import PATIENCE

from .desktop import COMMAND, PASSWORD, environment


class Person(Screen):
    """Runs the command in a terminal of its own."""

    def __init__(
        self, *words: object, cwd: Path | None = None, password: str | None = PASSWORD
    ) -> None:
        """Starts it."""
        super().__init__()
        self.resize(100, 30)
        self.process = subprocess.Popen(
            [*COMMAND, *map(str, words)],
            cwd=cwd,
            stdin=self.terminal,
            stdout=self.terminal,
            stderr=self.terminal,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**environment(password), "TERM": "xterm-256color"},
        )
        os.close(self.terminal)

    def resize(self, columns: int, rows: int) -> None:
        """Changes the window."""
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    def type(self, keys: str) -> None:
        """Presses keys, and reads the screen meanwhile."""
        rest = keys.encode()
        end = time.monotonic() + PATIENCE
        while rest:
            readable, writable, _ = select.select([self.master], [self.master], [], PATIENCE)
            assert time.monotonic() < end, "the keys are not taken"
            if readable:
                self.receive(end)
            if writable:
                rest = rest[os.write(self.master, rest[:256]) :]

    def status(self) -> int:
        """Waits for its end."""
        while self.receive(time.monotonic() + PATIENCE):
            pass
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """Ends it in any case."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self.master)
