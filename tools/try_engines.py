#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs tests with the HTTP servers of several versions of ESP-IDF, on a desktop.

    tools/try_engines.py FOLDER ...

Each FOLDER is a copy of ESP-IDF and has the name of its version, such as ~/esp/v5.5.5. The tests
are those of a server's life and of routes, with 200 stops under load. The table of versions in
docs/firmware.md is told what passed and what failed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "firmware.md"
TESTS = ["tests/http/test_http_lifecycle.py", "tests/http/test_http_routes.py"]
STOPS = 200
RESULT = 1  # the column, after that of the version


class NoRow(Exception):
    """The table does not name a version."""


def run_tests(folder: Path) -> str:
    """Returns what pytest counted with the server of one version, such as `100 passed`."""
    server = folder / "components" / "esp_http_server"
    variables = {"ESP_HTTP_SERVER_DIR": str(server), "STOPS": str(STOPS)}
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "-p", "no:embedded", *TESTS]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **variables}, stdout=subprocess.PIPE, text=True
    )
    print(f"{folder.name}\n{done.stdout}", flush=True)
    return counts(done.stdout)


def counts(output: str) -> str:
    """Returns what passed and failed, from the last line of pytest's output."""
    last = output.rstrip().rpartition("\n")[2]
    found = re.findall(r"\d+ (?:passed|failed|errors?)", last)
    return ", ".join(sorted(found, key=lambda words: "passed" not in words)) or "did not run"


def with_result(text: str, version: str, result: str) -> str:
    """Returns the document with the result in the version's row."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        cells = line.strip("|").split("|")
        if line.startswith("|") and cells[0].strip() == version:
            cells[RESULT] = f" {result} "
            lines[at] = f"|{'|'.join(cells)}|"
            return "\n".join(lines)
    raise NoRow(f"no row of {TABLE.name} begins with {version}")


def main() -> int:
    """Runs the tests with each version. Returns 1 if any failed."""
    results = []
    for folder in map(Path, sys.argv[1:]):
        result = run_tests(folder)
        TABLE.write_text(with_result(TABLE.read_text(), folder.name.removeprefix("v"), result))
        results.append(result)
    return 0 if results and all(re.fullmatch(r"\d+ passed", result) for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
