# SPDX-License-Identifier: MIT
"""Counts the lines of the product that tests have run: a table with a row for each part.

Programs under test count their own lines: C programs if they were built for tests (gcov), Python
if the variables of environment() are set (coverage.py). A killed program loses its counts, so the
real figures are a little higher.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
COUNTS = BUILD / "coverage"

C_PARTS = ("components/uhttpd", "components/webrepl", "micropython/glue", "main")
PYTHON_PARTS = ("clients/python", "micropython/bindgen", "tools")
BUILT_FOR_TESTS = ("desktop-asan*", "unix-asan*", "tests-*", "unit")  # folders in build/

Counts = dict[str, tuple[int, int]]
"""By file: how many lines were run, and how many there are."""


def forget() -> None:
    """Removes the counts of earlier runs: rebuilt programs would complain about them."""
    COUNTS.mkdir(parents=True, exist_ok=True)
    for path in [*COUNTS.iterdir(), *counts_of_c()]:
        path.unlink(missing_ok=True)


def counts_of_c() -> Iterator[Path]:
    """Finds the files with the counts of C programs."""
    for folder in built_for_tests():
        yield from folder.rglob("*.gcda")


def built_for_tests() -> Iterator[Path]:
    """Finds the folders with programs that count."""
    for pattern in BUILT_FOR_TESTS:
        yield from BUILD.glob(pattern)


def environment() -> dict[str, str]:
    """Returns variables that make every Python of build/venv count, whoever starts it."""
    return {
        "COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml"),
        "COVERAGE_FILE": str(COUNTS / "python"),
        "COVERAGE_ROOT": str(ROOT),
    }


def run_tool(*words: str | Path) -> None:
    """Runs a module of this Python, and does not count its lines."""
    variables = {**os.environ, **environment()}
    del variables["COVERAGE_PROCESS_START"]
    subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=variables, check=True)


def lines_of_c() -> Counts:
    """Returns what gcov has counted. A line that is in several programs counts once."""
    with tempfile.TemporaryDirectory() as folder:
        summary = Path(folder) / "summary.json"
        filters = [word for part in C_PARTS for word in ("--filter", f"{part}/")]
        tolerant = ["--gcov-ignore-errors=all", "--gcov-ignore-parse-errors=all"]
        output = ["--json-summary", str(summary)]
        run_tool(
            "gcovr", "-j", str(os.cpu_count()), *filters, *tolerant, *output, *built_for_tests()
        )
        files = json.loads(summary.read_text())["files"]
    return {file["filename"]: (file["line_covered"], file["line_total"]) for file in files}


def lines_of_python() -> Counts:
    """Returns what coverage.py has counted."""
    report = COUNTS / "python.json"
    run_tool("coverage", "combine", "--quiet")
    run_tool("coverage", "json", "--quiet", "-o", report)
    files = json.loads(report.read_text())["files"]
    summaries = {name: file["summary"] for name, file in files.items()}
    return {
        name: (summary["covered_lines"], summary["num_statements"])
        for name, summary in summaries.items()
    }


def rows(parts: Iterable[str], counts: Counts) -> Iterator[str]:
    """Formats the row of each part."""
    for part in parts:
        files = [count for name, count in counts.items() if name.startswith(f"{part}/")]
        covered, total = (sum(column) for column in zip(*files)) if files else (0, 0)
        yield f"{part:<22}{covered:>7}{total:>7}{100 * covered / max(total, 1):>6.1f} %"


def table() -> str:
    """Formats what was counted since forget()."""
    head = f"{'lines run by tests':<22}{'run':>7}{'of':>7}"
    c, python = rows(C_PARTS, lines_of_c()), rows(PYTHON_PARTS, lines_of_python())
    return "\n".join([head, *c, *python])


if __name__ == "__main__":
    print(table())
