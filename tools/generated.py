# SPDX-License-Identifier: MIT
"""Committed files that are generated: `make generate` writes them, and tests compare them."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def stale(outputs: dict[Path, str]) -> dict[Path, str]:
    """Returns the files that are missing or out of date."""
    return {
        path: text
        for path, text in outputs.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def main(outputs: dict[Path, str]) -> int:
    """Writes the files that have changed. With --check it only names them, and returns 1."""
    changed = stale(outputs)
    if "--check" in sys.argv[1:]:
        for path in changed:
            print(f"{path.relative_to(ROOT)}: not up to date: run `make generate`")
        return 1 if changed else 0
    for path, text in changed.items():  # make does not rebuild the others
        path.write_text(text, encoding="utf-8")
    return 0
