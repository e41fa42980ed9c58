# SPDX-License-Identifier: MIT
"""Files that are written from a table, and committed: `make generate` writes, tests compare."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def stale(outputs: dict[Path, str]) -> dict[Path, str]:
    """What is missing, or differs from what it should be."""
    return {
        path: text
        for path, text in outputs.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def main(outputs: dict[Path, str]) -> int:
    """Writes what has changed. With --check it only names it, and returns 1 if there is any."""
    changed = stale(outputs)
    if "--check" in sys.argv[1:]:
        for path in changed:
            print(f"{path.relative_to(ROOT)}: not up to date: run `make generate`")
        return 1 if changed else 0
    for path, text in changed.items():  # the others keep their time: nothing is compiled again
        path.write_text(text, encoding="utf-8")
    return 0
