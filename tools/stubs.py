#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes a wheel of stubs, for editors and checkers: build/packages/micropython_uhttpd_stubs-*.whl.

    tools/stubs.py [FOLDER]

The stubs are those that the modules are generated from, each in a folder of its own, as PEP 561
wants it. The Python that runs this needs setuptools; that of build/venv has it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STUBS = ROOT / "micropython"
SOURCE = STUBS / "stubs"
PACKAGES = ROOT / "build" / "packages"


def lay_out(folder: Path) -> None:
    """Makes the source of the package."""
    for name in ("pyproject.toml", "README.md"):
        shutil.copy2(SOURCE / name, folder)
    shutil.copy2(ROOT / "version.txt", folder)
    for stub in STUBS.glob("*.pyi"):
        package = folder / f"{stub.stem}-stubs"
        package.mkdir()
        shutil.copy2(stub, package / "__init__.pyi")


def build(target: Path) -> None:
    """Builds the wheel in a folder. Needs pip and setuptools, but no network."""
    with tempfile.TemporaryDirectory() as name:
        lay_out(Path(name))
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        offline = ["--no-index", "--no-build-isolation", "--disable-pip-version-check"]
        subprocess.run([*command, *offline, "--wheel-dir", target, name], check=True)


def main() -> int:
    """Builds the wheel in the folder of the command line, or in build/packages."""
    target = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else PACKAGES
    target.mkdir(parents=True, exist_ok=True)
    build(target)
    for wheel in target.glob("micropython_uhttpd_stubs-*.whl"):
        print(wheel)
    return 0


if __name__ == "__main__":
    sys.exit(main())
