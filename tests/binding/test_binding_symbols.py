# SPDX-License-Identifier: MIT
"""No function of the components has the name of a function of the interpreter.

The linker would silently use the first one for both.
"""

from __future__ import annotations

import pytest

from tests.support.paths import BUILD
from tests.support.symbols import defined_names

LIBRARIES = sorted((BUILD / "desktop" / "lib").glob("*.a"))
FOLDERS = {"py", "extmod", "shared", "lib"}
OBJECTS = [
    path
    for path in sorted((BUILD / "unix").glob("**/*.o"))
    if path.parent == BUILD / "unix" or path.relative_to(BUILD / "unix").parts[0] in FOLDERS
]


@pytest.mark.skipif(not (LIBRARIES and OBJECTS), reason="needs the results of make build")
def test_names_differ() -> None:
    assert defined_names(LIBRARIES, weak=False) & defined_names(OBJECTS, weak=False) == set()
