# SPDX-License-Identifier: MIT
"""What stands at the cursor, as the board's output says."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

FIRST = ">>> "
NEXT = "... "
LINES_MAX = 200
"""Lines that are looked at in one piece of output. Of a flood, only the end matters."""
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
TOKEN = re.compile(r"\x1b\[(\d*)[;\d]*([A-Za-z])|(\x1b(?:\[[;\d]*)?\Z)|[\s\S]")


class Line(NamedTuple):
    """A line that is being typed, divided at the cursor."""

    before: str
    after: str


class AtPrompt(NamedTuple):
    """The line at the cursor, and the lines of the same statement above."""

    line: Line
    above: list[str]


class Screen:
    """Follows the output. It knows what MicroPython's line editor sends, and no more."""

    def __init__(self) -> None:
        """Nothing was shown."""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._above: list[str] = []
        self._row = ""
        self._cursor = 0
        self._cut = ""

    def hear(self, output: bytes) -> None:
        """Takes output, in any pieces."""
        *rows, last = (self._cut + self._decode(output)).split("\n")
        self._cut = ""
        for row in rows[-LINES_MAX:]:
            self._write(row)
            self._end_row()
        self._write(last)

    def at_prompt(self) -> AtPrompt | None:
        """What is being typed; None: the cursor is not at a Python prompt."""
        prompt = self._row[: len(FIRST)]
        above = self._above if prompt == NEXT else []
        if self._cursor < len(FIRST) or not (prompt == FIRST or above):
            return None
        line = Line(self._row[len(FIRST) : self._cursor], self._row[self._cursor :])
        return AtPrompt(line, list(above))

    def _end_row(self) -> None:
        text = self._row[len(FIRST) :]
        if self._row.startswith(FIRST):
            self._above = [text]
        elif self._row.startswith(NEXT.rstrip()) and self._above:
            self._above.append(text)
        else:
            self._above = []
        self._row, self._cursor = "", 0

    def _write(self, text: str) -> None:
        if self._cursor == len(self._row) and not CONTROL.search(text):
            self._row += text
            self._cursor = len(self._row)
            return
        for token in TOKEN.finditer(text):
            self._obey(token)

    def _obey(self, token: re.Match[str]) -> None:
        count, command, cut = token.groups()
        key = token.group()
        if cut:
            self._cut = cut
        elif command in ("C", "D"):
            self._move(int(count or 1) * (1 if command == "C" else -1))
        elif command in ("K", "J"):
            self._row = self._row[: self._cursor]
        elif key == "\b":
            self._move(-1)
        elif key == "\r":
            self._cursor = 0
        elif not CONTROL.match(key):
            self._row = self._row[: self._cursor] + key + self._row[self._cursor + 1 :]
            self._cursor += 1

    def _move(self, step: int) -> None:
        self._cursor = min(max(self._cursor + step, 0), len(self._row))
