# SPDX-License-Identifier: MIT
"""A person's terminal in raw mode, where there is termios."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from types import FrameType
from typing import Any

from .prompt import pastes

KEYS_MAX = 4096
"""Bytes that are read at a time. The rest of a paste waits in the kernel."""


class Console:
    """Keys in, output out. Entered as a context manager."""

    def __init__(self) -> None:
        """Over standard input and output."""
        self._input = sys.stdin.fileno()
        self.is_terminal = os.isatty(self._input)
        self._was_resized = False

    @contextlib.contextmanager
    def raw(self) -> Iterator[Console]:
        """Sends every key to the board."""
        if not self.is_terminal:
            yield self
            return
        before = termios.tcgetattr(self._input)
        handler = signal.signal(signal.SIGWINCH, self._on_resize)
        try:
            tty.setraw(self._input, termios.TCSADRAIN)
            self.show(pastes.ON)
            yield self
        finally:
            self.show(pastes.OFF)
            signal.signal(signal.SIGWINCH, handler)
            termios.tcsetattr(self._input, termios.TCSADRAIN, before)

    def _on_resize(self, number: int, frame: FrameType | None) -> None:
        self._was_resized = True

    def take_resize(self) -> bool:
        """Whether the window has changed since the last call."""
        changed, self._was_resized = self._was_resized, False
        return changed

    @staticmethod
    def size() -> tuple[int, int]:
        """Columns and rows."""
        size = shutil.get_terminal_size()
        return size.columns, size.lines

    def wait(self, others: list[Any], timeout: float | None) -> list[Any]:
        """Which of the others, and of this console, can be read."""
        readable, _, _ = select.select([*others, self._input], [], [], timeout)
        return [self if source == self._input else source for source in readable]

    def keys(self) -> bytes:
        """What was typed; none at the end of the input."""
        return os.read(self._input, KEYS_MAX)

    @staticmethod
    def show(data: bytes) -> None:
        """Writes to the terminal."""
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
