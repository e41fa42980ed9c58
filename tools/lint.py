#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Style and static checks of everything that git tracks. Runs in build/venv."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def tracked(*patterns: str) -> list[str]:
    """Files known to git that fit one of the patterns."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]
    listing = subprocess.check_output([*command, *patterns], cwd=ROOT, text=True)
    return [name for name in listing.split("\0") if name and (ROOT / name).exists()]


def check(tool: str, *arguments: str) -> bool:
    """Runs one tool; True when it has nothing to say."""
    print(f"lint: {tool}", flush=True)
    if not (BIN / tool).exists():
        print(f"lint: {tool} is missing: tools/environment.py {BIN.parent}", flush=True)
        return False
    return subprocess.call([BIN / tool, *arguments], cwd=ROOT) == 0


def main() -> int:
    """Runs every check, so that one run shows all there is to do."""
    c_files = [name for name in tracked("*.c", "*.h") if "/golden/" not in name]  # generated
    results = [
        check("ruff", "check", "--quiet", "."),
        check("ruff", "format", "--quiet", "--check", "."),
        check("codespell", *tracked()),
        check(
            "mypy", "--config-file", "clients/python/pyproject.toml", "--cache-dir", "build/mypy"
        ),
    ]
    if c_files:
        results.append(check("clang-format", "--dry-run", "-Werror", *c_files))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
