# SPDX-License-Identifier: MIT
"""What a person, a file or a pipe gives a program on the board to read."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from collections.abc import Iterator

PIECE = 4096


class Keys:
    """Standard input, until stop(). Iterated over by a thread that may wait."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._stop, self._stopper = os.pipe()

    def __iter__(self) -> Iterator[bytes]:
        """What is typed, as it comes, without the line editing of the terminal here."""
        try:
            source = sys.stdin.fileno()
        except (AttributeError, OSError, ValueError):  # it is no file
            yield sys.stdin.read().encode()
            return
        while self._may_read(source):
            piece = os.read(source, PIECE)
            if not piece:
                return
            yield piece

    def _may_read(self, source: int) -> bool:
        if os.name == "nt":
            return True
        readable, _, _ = select.select([source, self._stop], [], [])
        return self._stop not in readable

    def stop(self) -> None:
        """Whatever is typed from now on is for somebody else."""
        os.write(self._stopper, b"!")

    @contextlib.contextmanager
    def echoed_by_the_board(self) -> Iterator[None]:
        """Keys go to the board one by one, and it shows them. Ctrl-C stays with this program."""
        if os.name != "posix" or not sys.stdin.isatty():
            yield
            return
        import termios
        import tty

        before = termios.tcgetattr(sys.stdin)
        try:
            tty.setcbreak(sys.stdin)
            yield
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
