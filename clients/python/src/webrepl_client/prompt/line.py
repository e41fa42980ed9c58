# SPDX-License-Identifier: MIT
"""A line that is edited here: what keys do to it, and how it is drawn."""

from __future__ import annotations

import codeop
import re
import warnings

from rich.cells import cell_len

from .screen import CONTROL, FIRST, Line

KEY = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O.|.)|\r\n|[^\x00-\x1f\x7f]+|[\s\S]")
DONE = ("\r", "\n", "\r\n")
BACKSPACE = ("\x7f", "\b")
DELETE = ("\x1b[3~",)
HOME = ("\x1b[H", "\x1bOH", "\x1b[1~", "\x01")
END = ("\x1b[F", "\x1bOF", "\x1b[4~", "\x05")
LEFT = ("\x1b[D", "\x1bOD", "\x02")
RIGHT = ("\x1b[C", "\x1bOC", "\x06")
TO_START = ("\x15",)
TO_END = ("\x0b",)
TAB = "\t"


def keys_in(text: str) -> list[str]:
    """Keys as terminals send them: characters, control characters, and whole sequences."""
    return KEY.findall(text)


def edited(line: Line, key: str) -> Line:
    """What a key makes of a line; a key that does not edit leaves it."""
    before, after = line
    if key == TAB:
        key = "    "
    if not CONTROL.match(key):
        return Line(before + key, after)
    changed = {
        BACKSPACE: Line(before[:-1], after),
        DELETE: Line(before, after[1:]),
        HOME: Line("", before + after),
        END: Line(before + after, ""),
        LEFT: Line(before[:-1], before[-1:] + after),
        RIGHT: Line(before + after[:1], after[1:]),
        TO_START: Line("", after),
        TO_END: Line(before, ""),
    }
    return next((found for keys, found in changed.items() if key in keys), line)


def continues(lines: list[str]) -> bool:
    """Whether Python waits for more lines before it runs these."""
    last = lines[-1] if lines[-1].strip() else ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return codeop.compile_command("\n".join([*lines[:-1], last])) is None
        except (SyntaxError, ValueError, OverflowError):
            return False  # the board says what is wrong


def indent_after(line: str) -> str:
    """The indentation with which a new line begins, as MicroPython's own editor does it."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    if re.search(r":\s*(#.*)?$", line):
        return indent + "    "
    return indent if line.strip() else ""


def drawn(columns: int, shown: str, line: Line) -> str:
    """What shows a line behind its prompt, and the cursor at its place.

    Args:
        columns: The width of the terminal.
        shown: What is before the cursor now.
        line: The line.
    """
    end = len(FIRST) + cell_len(line.before + line.after)
    cursor = len(FIRST) + cell_len(line.before)
    start = _moved((len(FIRST) + cell_len(shown)) // columns, "A")
    # A terminal that has filled a row stays there until the next character.
    wrap = " \r" if end % columns == 0 else ""
    back = _moved(end // columns - cursor // columns, "A")
    right = _moved(cursor % columns, "C")
    clear = f"\r\x1b[{len(FIRST)}C\x1b[J"
    return f"{start}{clear}{line.before}{line.after}{wrap}{back}\r{right}"


def _moved(cells: int, direction: str) -> str:
    return f"\x1b[{cells}{direction}" if cells else ""
