# SPDX-License-Identifier: MIT
"""Notices characters that a board has dropped: MicroPython's line editor takes ASCII only."""

from __future__ import annotations

HINT = (
    "[what you typed is not all there: MicroPython's line editor takes ASCII only; "
    "paste mode (Ctrl-E, and Ctrl-D at the end) takes every character]"
)


def _has_others(text: bytes) -> bool:
    return any(byte > 127 for byte in text)


class Unechoed:
    """Looks at keys and output. Has something to say once at most."""

    def __init__(self) -> None:
        """Nothing was typed."""
        self._waits = False
        self._has_said = False

    def typed(self, keys: bytes) -> None:
        """Keys have gone to the board."""
        self._waits = self._waits or _has_others(keys)

    def shown(self, output: bytes) -> str:
        """The board's output; returns a hint to show after its first line, or nothing.

        A board that takes such characters shows them before the line ends.
        """
        if not self._waits or not output:
            return ""
        if _has_others(output):
            self._waits = False
        elif b"\n" in output:
            self._waits, missing = False, not self._has_said
            self._has_said = True
            return HINT if missing else ""
        return ""
