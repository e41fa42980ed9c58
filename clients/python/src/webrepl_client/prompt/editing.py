# SPDX-License-Identifier: MIT
"""A statement that is edited here instead of on the board."""

from __future__ import annotations

from typing import Callable

from .line import DONE, continues, drawn, edited, indent_after
from .screen import NEXT, AtPrompt, Line


class Editing:
    """From the first character that the board does not take, to the key that runs it."""

    def __init__(
        self,
        at: AtPrompt,
        shown: str,
        is_block: bool,
        write: Callable[[str], None],
        columns: Callable[[], int],
    ) -> None:
        """Takes over what the board has begun.

        Args:
            at: That.
            shown: What is before the cursor of the person's terminal.
            is_block: A paste, which has its own indentation and is one piece.
            write: Writes to the person's terminal.
            columns: The width of it.
        """
        self._line = at.line
        self._lines = at.above
        self._shown = shown
        self.is_block = is_block
        self._write = write
        self._columns = columns

    def take(self, key: str, more: bool) -> str | None:
        """Takes a key; returns the code when it is complete.

        Args:
            key: One of keys_in().
            more: Others follow, so a block is not over.
        """
        if key not in DONE:
            self._line = edited(self._line, key)
            return None
        text = self._line.before + self._line.after
        self.draw(Line(text, ""))
        self._lines.append(text)
        if not (more if self.is_block else continues(self._lines)):
            self._write("\r\n")
            return "\n".join(self._lines)
        self._write(f"\r\n{NEXT}")
        self._line = Line("" if self.is_block else indent_after(text), "")
        self._shown = ""
        return None

    def draw(self, line: Line | None = None) -> None:
        """Shows the line."""
        self._line = line or self._line
        self._write(drawn(self._columns(), self._shown, self._line))
        self._shown = self._line.before
