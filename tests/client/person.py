# SPDX-License-Identifier: MIT
"""A person at the command: a pty with a size, keys and a screen that is read as it comes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

from .desktop import COMMAND, PASSWORD, PATIENCE, environment


class Person:
    """Runs the command on a terminal of its own."""

    def __init__(
        self, *words: object, cwd: Path | None = None, password: str | None = PASSWORD
    ) -> None:
        """Starts it."""
        self._master, slave = pty.openpty()
        self.resize(100, 30)
        self.process = subprocess.Popen(
            [*COMMAND, *map(str, words)],
            cwd=cwd,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**environment(password), "TERM": "xterm-256color"},
        )
        os.close(slave)
        self.screen = ""

    def resize(self, columns: int, rows: int) -> None:
        """Changes the window."""
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def type(self, keys: str) -> None:
        """Presses keys, and looks at the screen meanwhile."""
        rest = keys.encode()
        end = time.monotonic() + PATIENCE
        while rest:
            readable, writable, _ = select.select([self._master], [self._master], [], PATIENCE)
            assert time.monotonic() < end, "the keys are not taken"
            if readable:
                self._read(end)
            if writable:
                rest = rest[os.write(self._master, rest[:256]) :]

    def expect(self, pattern: str) -> str:
        """Waits until something was shown; returns and forgets all up to its end."""
        end = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self.screen)):
            assert self._read(end), f"no {pattern!r} on the screen, but {self.screen!r}"
        shown, self.screen = self.screen[: match.end()], self.screen[match.end() :]
        return shown

    def _read(self, end: float) -> bool:
        left = end - time.monotonic()
        if left <= 0 or not select.select([self._master], [], [], left)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.screen += data.decode(errors="replace")
        return bool(data)

    def status(self) -> int:
        """Waits for its end."""
        while self._read(time.monotonic() + PATIENCE):
            pass
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """Ends it, however it is."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self._master)
