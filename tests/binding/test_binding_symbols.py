# SPDX-License-Identifier: MIT
"""No function of the components has the name of one of the interpreter's.

The linker would take the first for the other, without a word.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.paths import BUILD

LIBRARIES = sorted((BUILD / "desktop" / "lib").glob("*.a"))
FOLDERS = {"py", "extmod", "shared", "lib"}
OBJECTS = [
    path
    for path in sorted((BUILD / "unix").glob("**/*.o"))
    if path.parent == BUILD / "unix" or path.relative_to(BUILD / "unix").parts[0] in FOLDERS
]


def defined(files: Iterable[Path]) -> set[str]:
    """The names that these files define for others."""
    command = ["nm", "--extern-only", "--defined-only", "--format=posix", *map(str, files)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = (line.split() for line in output.splitlines())
    return {words[0] for words in lines if len(words) > 2 and words[1] not in "WwVv"}


@pytest.mark.skipif(not (LIBRARIES and OBJECTS), reason="needs the results of make build")
def test_names_differ() -> None:
    assert defined(LIBRARIES) & defined(OBJECTS) == set()
