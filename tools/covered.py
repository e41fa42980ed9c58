# SPDX-License-Identifier: MIT
"""Which lines of the product the tests have run, as a table with a row for each part of the tree.

Programs under test count for themselves: C where it was built for tests (gcov), Python where
environment() says so (coverage.py). A program that is killed keeps nothing of what it has counted,
so the real figures are a little higher.
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
BUILT_FOR_TESTS = ("desktop-asan", "unix-asan*", "tests-*", "unit")  # folders in build/

Counts = dict[str, tuple[int, int]]
"""Lines that were run, and all there are, by file."""


def forget() -> None:
    """Removes what earlier runs have counted: programs that were built anew would complain."""
    COUNTS.mkdir(parents=True, exist_ok=True)
    for path in [*COUNTS.iterdir(), *counts_of_c()]:
        path.unlink(missing_ok=True)


def counts_of_c() -> Iterator[Path]:
    """The files in which programs in C have counted."""
    for folder in built_for_tests():
        yield from folder.rglob("*.gcda")


def built_for_tests() -> Iterator[Path]:
    """The folders with programs that count."""
    for pattern in BUILT_FOR_TESTS:
        yield from BUILD.glob(pattern)


def environment() -> dict[str, str]:
    """What has every Python of build/venv count that is started, by whomever."""
    return {
        "COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml"),
        "COVERAGE_FILE": str(COUNTS / "python"),
        "COVERAGE_ROOT": str(ROOT),
    }


def run_tool(*words: str | Path) -> None:
    """Runs a module of this Python, quietly."""
    variables = {**os.environ, **environment()}
    del variables["COVERAGE_PROCESS_START"]
    subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=variables, check=True)


def lines_of_c() -> Counts:
    """What gcov has counted; a line that was compiled into several programs is one."""
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
    """What coverage.py has counted."""
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
    """The table's row for each part."""
    for part in parts:
        files = [count for name, count in counts.items() if name.startswith(f"{part}/")]
        covered, total = (sum(column) for column in zip(*files)) if files else (0, 0)
        yield f"{part:<22}{covered:>7}{total:>7}{100 * covered / max(total, 1):>6.1f} %"


def table() -> str:
    """What was counted since forget()."""
    head = f"{'lines run by tests':<22}{'run':>7}{'of':>7}"
    c, python = rows(C_PARTS, lines_of_c()), rows(PYTHON_PARTS, lines_of_python())
    return "\n".join([head, *c, *python])


if __name__ == "__main__":
    print(table())
