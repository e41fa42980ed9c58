#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs every test that needs no board: the page's own and pytest's. Arguments go to pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Runs both, so that one run shows all that is broken."""
    page = subprocess.call(["npm", "test", "--silent"], cwd=ROOT / "build" / "web-src")
    code = subprocess.call([sys.executable, "-m", "pytest", *sys.argv[1:]], cwd=ROOT)
    return page or code


if __name__ == "__main__":
    sys.exit(main())
