# SPDX-License-Identifier: MIT
"""Gives lines to MicroPython's paste mode, which takes every character, and hides their echo."""

from __future__ import annotations

import re

INTERRUPT, RUN, PASTE_MODE = "\x03", "\x04", "\x05"
NOTICE = "paste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== "
BEFORE = re.compile(rb"(?:\r\n)?(?:>>> )?\r\n\Z")
"""What the board shows between the line that was edited here and paste mode."""
OTHERS_MAX = 1 << 16
"""Bytes that threads of the board may print before the echo. After more, there is none."""


class Unseen:
    """The echo of what is pasted is hidden; the board's answer stays in view."""

    def __init__(self) -> None:
        """Nothing is hidden."""
        self._echo = b""
        self._held = b""

    @property
    def is_busy(self) -> bool:
        """Waits for an echo, so nothing else should be sent."""
        return bool(self._echo)

    def run(self, code: str, clears: bool) -> str:
        """Returns the keys that run code, and begins to hide.

        Args:
            code: Python.
            clears: The board first gives up a line that was begun there.
        """
        lines = code.rstrip("\n").split("\n")
        self._echo = (NOTICE + "\r\n=== ".join(lines) + "\r\n").encode()
        return f"{INTERRUPT if clears else ''}{PASTE_MODE}{chr(13).join(lines)}{RUN}"

    def visible(self, output: bytes) -> bytes:
        """What of the board's output is to be shown."""
        if not self._echo:
            return output
        self._held += output
        before, found, after = self._held.partition(self._echo)
        if not found:
            return self.give_up() if len(before) > len(self._echo) + OTHERS_MAX else b""
        self._echo = self._held = b""
        return BEFORE.sub(b"", before) + after

    def give_up(self) -> bytes:
        """Hides nothing any more; returns what was hidden."""
        held, self._echo, self._held = self._held, b"", b""
        return held
