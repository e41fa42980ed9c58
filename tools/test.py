#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs every test that needs no board: the page's own, then each folder of tests/ by itself.

    tools/test.py [FOLDER ...] [PYTEST OPTION ...]

A folder is one run of pytest, since those with C extensions need AddressSanitizer loaded before
Python. All of them run, so that one call shows all that is broken.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5  # pytest's exit code when options such as -k leave none


def groups() -> list[Path]:
    """The folders with tests, those of single functions first."""
    folders = {path.parent for path in (ROOT / "tests").glob("*/test_*.py")}
    return sorted(folders, key=lambda folder: (not is_sanitized_extension(folder), folder.name))


def is_sanitized_extension(folder: Path) -> bool:
    """Whether the tests load C code into Python."""
    return folder.name.startswith("unit")


def environment(folder: Path) -> dict[str, str]:
    """What a folder's run needs to find."""
    variables = dict(os.environ)
    if is_sanitized_extension(folder):
        runtime = ["gcc", "-print-file-name=libasan.so"]
        variables["LD_PRELOAD"] = subprocess.check_output(runtime, text=True).strip()
        variables["ASAN_OPTIONS"] = "detect_leaks=0"  # Python leaks by design
    return variables


def run(folder: Path, options: list[str]) -> bool:
    """Runs one folder; returns whether it passed."""
    name = folder.relative_to(ROOT)
    print(f"\n{name}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", str(name), *options]
    return subprocess.call(command, cwd=ROOT, env=environment(folder)) in (0, NO_TESTS)


def run_page() -> bool:
    """Runs the unit tests of the browser page."""
    print("clients/web", flush=True)
    return subprocess.call(["npm", "test", "--silent"], cwd=ROOT / "build" / "web-src") == 0


def main() -> int:
    """Runs what is asked for, else everything."""
    chosen = [Path(word).resolve() for word in sys.argv[1:] if (ROOT / word).is_dir()]
    options = [word for word in sys.argv[1:] if not (ROOT / word).is_dir()]
    results = [run(folder, options) for folder in chosen or groups()]
    if not chosen:
        results.append(run_page())
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
