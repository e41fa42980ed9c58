# SPDX-License-Identifier: MIT
"""A person at a terminal: types, and reads what appears."""

from __future__ import annotations

import os
import pty
import re
import select
import time

from .waiting import PATIENCE


class Screen:
    """A pty. Programs are started on `terminal`."""

    def __init__(self) -> None:
        """Opens both ends."""
        self.master, self.terminal = pty.openpty()
        self.shown = b""

    @property
    def screen(self) -> str:
        """Text that has appeared since the last wait."""
        return self.shown.decode(errors="replace")

    def type(self, text: str) -> None:
        """Types."""
        os.write(self.master, text.encode())

    def expect(self, pattern: str) -> str:
        """Waits until a pattern appears. Returns and forgets everything up to its end."""
        end = time.monotonic() + PATIENCE
        while not (match := re.search(pattern.encode(), self.shown)):
            assert self.receive(end), f"no {pattern!r} on the screen, but {self.screen!r}"
        seen, self.shown = self.shown[: match.end()], self.shown[match.end() :]
        return seen.decode(errors="replace")

    def receive(self, end: float) -> bool:
        """Waits for output. False: the program has ended, or the time is over."""
        left = end - time.monotonic()
        if left <= 0 or not select.select([self.master], [], [], left)[0]:
            return False
        try:
            piece = os.read(self.master, 65536)
        except OSError:  # Linux says so when the other end is closed
            return False
        self.shown += piece
        return bool(piece)
