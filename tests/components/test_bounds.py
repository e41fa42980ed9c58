# SPDX-License-Identifier: MIT
"""Nothing is composed by functions that do not know the room there is, or by counting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTS = ("components", "main", "micropython")
FORBIDDEN = {
    "text": r"\b(?:str(?:cpy|cat|ncpy|ncat)|stpn?cpy|v?sprintf|gets)\s*\(",
    # A list of headers names all possible headers. Those without a value are left out.
    "headers": r"\bheaders\[[^]]*\+\+\]",
}


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN)
def test_nothing_is_written_without_a_bound(pattern: str) -> None:
    assert [
        f"{path.relative_to(ROOT)}:{number}"
        for part in PRODUCTS
        for path in sorted((ROOT / part).rglob("*.[ch]"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ] == []
