# SPDX-License-Identifier: MIT
"""Translates the command line of MicroPython's webrepl_cli.py into this one's.

[-p PASSWORD] HOST                       the prompt
[-p PASSWORD] HOST:FILE LOCAL            get
[-p PASSWORD] LOCAL HOST:FILE            put
"""

from __future__ import annotations

import re

REMOTE = re.compile(r"(?P<host>[^:/\s]+(?::\d+)?):(?P<file>(?!\d+(?:/|$)|//).*)")
"""Whether it is HOST:FILE or HOST:PORT:FILE, and neither a URL nor HOST:PORT or HOST:PORT/ws."""


def translate(words: list[str]) -> list[str] | None:
    """Options and verbs for these words; None if they are not of that form."""
    rest, password = _take_password(words)
    if len(rest) != 2:
        return None
    first, second = (REMOTE.fullmatch(word) for word in rest)
    if first and not second:
        verb = ["get", first["file"], rest[1]]
    elif second and not first:
        verb = ["put", rest[0], second["file"] or "/"]
    else:
        return None
    found = first or second
    assert found
    return [*password, "-c", found["host"], *verb]


def _take_password(words: list[str]) -> tuple[list[str], list[str]]:
    """webrepl_cli.py takes this option anywhere."""
    if "-p" not in words[:-1]:
        return words, []
    at = words.index("-p")
    return words[:at] + words[at + 2 :], words[at : at + 2]
