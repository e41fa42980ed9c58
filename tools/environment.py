#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes a virtual environment with the development dependencies of pyproject.toml.

Usage: tools/environment.py DIRECTORY
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Runs inside the new environment. The standard library may be too old to read TOML, but pip can.
INSTALL = """
import subprocess, sys
try:
    import tomllib
except ModuleNotFoundError:
    from pip._vendor import tomli as tomllib
with open(sys.argv[1], "rb") as file:
    requirements = tomllib.load(file)["dependency-groups"]["dev"]
command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
sys.exit(subprocess.call(command + requirements))
"""


def main() -> int:
    """Creates or updates the environment named on the command line."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    directory = Path(sys.argv[1])
    if not (directory / "bin" / "pip").exists():
        venv.create(directory, with_pip=True, clear=directory.exists())
    python = directory / "bin" / "python"
    return subprocess.call([python, "-c", INSTALL, ROOT / "pyproject.toml"])


if __name__ == "__main__":
    sys.exit(main())
