# SPDX-License-Identifier: MIT
"""Which keys are a paste, as the person's terminal says (bracketed paste mode)."""

from __future__ import annotations

import re
from collections.abc import Iterator

ON, OFF = b"\x1b[?2004h", b"\x1b[?2004l"
BEGIN, END = "\x1b[200~", "\x1b[201~"


class Pastes:
    """Keys in, in any pieces; keys and whole pastes out."""

    def __init__(self) -> None:
        """Nothing was typed."""
        self._paste: str | None = None

    def divided(self, keys: str) -> Iterator[str]:
        """The keys between pastes, and each paste that is complete."""
        while keys:
            if self._paste is None:
                typed, begins, keys = keys.partition(BEGIN)
                if begins:
                    self._paste = ""
                yield typed
            else:
                pasted, ends, keys = (self._paste + keys).partition(END)
                self._paste = None if ends else pasted
                if ends:
                    yield re.sub(r"\r?\n", "\r", pasted)
