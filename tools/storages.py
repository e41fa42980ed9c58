# SPDX-License-Identifier: MIT
"""The file systems of boards that tests of files can run on.

STORAGE=fat or STORAGE=littlefs runs them on that one alone. MicroPython has the sources of both.
STORAGE=fat-locks is the same FAT, but it knows which files are open and does not change those.
"""

from __future__ import annotations

import os

VARIABLE = "STORAGE"
KINDS = {"fat": "VfsFat", "littlefs": "VfsLfs2", "fat-locks": "VfsFat"}
"""Names of lanes, and of MicroPython's classes."""
LOCKS = "fat-locks"
"""The lane that needs a build of its own; a full run does not contain it."""


def chosen() -> str:
    """Returns what STORAGE says; nothing for the computer's files."""
    name = os.environ.get(VARIABLE, "")
    if name and name not in KINDS:
        raise ValueError(f"{VARIABLE} is one of {', '.join(KINDS)}, not {name}")
    return name
