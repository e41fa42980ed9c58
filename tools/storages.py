# SPDX-License-Identifier: MIT
"""The file systems of boards that tests of files can run on.

STORAGE=fat or STORAGE=littlefs runs them on that one alone. MicroPython has the sources of both.
"""

from __future__ import annotations

import os

VARIABLE = "STORAGE"
KINDS = {"fat": "VfsFat", "littlefs": "VfsLfs2"}
"""Names of lanes, and of MicroPython's classes."""


def chosen() -> str:
    """Returns what STORAGE says; nothing for the computer's files."""
    name = os.environ.get(VARIABLE, "")
    if name and name not in KINDS:
        raise ValueError(f"{VARIABLE} is one of {', '.join(KINDS)}, not {name}")
    return name
