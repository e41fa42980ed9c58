#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs every test that needs no board: the page's own, each folder of tests/, and test_apps.

    tools/test.py [FOLDER ...] [PYTEST OPTION ...]

A folder is one run of pytest, since those with C extensions need AddressSanitizer loaded before
Python. As many run at a time as there are processors, each shown when it is over; all of them run,
so that one call shows all that is broken. A run that leaves a process behind has failed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path

import node

ROOT = Path(__file__).resolve().parent.parent
BOARDS = ROOT / "test_apps"
NO_TESTS = 5  # pytest's exit code when options such as -k leave none


def groups() -> list[Path]:
    """The folders with tests, those of single functions first."""
    folders = {path.parent for path in (ROOT / "tests").glob("*/test_*.py")}
    folders.add(BOARDS)
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


def run(title: str, command: list[str], cwd: Path, env: dict[str, str]) -> tuple[bool, str]:
    """Runs a command; returns whether it passed, and what to show of it."""
    result = subprocess.run(
        [sys.executable, ROOT / "tools" / "watched.py", *command],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=env,
    )
    return result.returncode in (0, NO_TESTS), f"\n{title}\n{result.stdout}"


def run_folder(folder: Path, options: list[str]) -> tuple[bool, str]:
    """Runs one folder of tests."""
    name = str(folder.relative_to(ROOT))
    # Where there is no board, pytest-embedded would start a process of its own for every test.
    plugins = [] if folder == BOARDS else ["-p", "no:embedded"]
    command = [sys.executable, "-m", "pytest", "-q", *plugins, name, *options]
    return run(name, command, cwd=ROOT, env=environment(folder))


def run_page() -> tuple[bool, str]:
    """Runs the unit tests of the browser page."""
    command = ["npm", "test", "--silent"]
    variables = {**os.environ, "PATH": node.path()}
    return run("clients/web", command, cwd=ROOT / "build" / "web-src", env=variables)


def run_all(jobs: list[Callable[[], tuple[bool, str]]]) -> bool:
    """Runs jobs side by side; returns whether all passed."""
    all_passed = True
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            passed, text = future.result()
            print(text, flush=True)
            all_passed = all_passed and passed
    return all_passed


def main() -> int:
    """Runs what is asked for, else everything."""
    # A shell has what it starts in the background ignore Ctrl-C, down to the programs under test.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    chosen = [Path(word).resolve() for word in sys.argv[1:] if (ROOT / word).is_dir()]
    options = [word for word in sys.argv[1:] if not (ROOT / word).is_dir()]
    jobs: list[Callable[[], tuple[bool, str]]] = [
        partial(run_folder, folder, options) for folder in chosen or groups()
    ]
    if not chosen:
        jobs.append(run_page)
    passed = run_all(jobs)
    print("all passed" if passed else "SOME FAILED")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
