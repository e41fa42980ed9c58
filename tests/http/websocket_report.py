# SPDX-License-Identifier: MIT
"""Writes docs/websocket-conformance.md: every case of ws_cases.py, played.

    build/venv/bin/python -m tests.http.websocket_report

It needs the program that the tests build: tools/test.py tests/http -k conformance.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.process import build_folder

from .http_app import App
from .ws_cases import CASES
from .ws_wire import Wire

REPORT = ROOT / "docs" / "websocket-conformance.md"
PROGRAM = build_folder(Path(__file__).parent) / "http_app"
URL = "/ws-stream"
OPTIONS = {"ws_message": 32 * 1024 * 1024}

HEAD = """# RFC 6455, case by case

Written by `tests/http/websocket_report.py`, after playing every case against a server made of
`components/uhttpd`: strict, under AddressSanitizer and UBSan, echoing in constant memory. `make
test` plays them too. The numbers are those of the Autobahn test suite, from whose published
descriptions the cases were written; its chapters 12 and 13 are about compression, which the server
declines.

{passed} of {count} cases passed.
"""


def render(passed: set[str]) -> str:
    """Writes the report from the numbers of the cases that have passed."""
    count = sum(map(len, CASES.values()))
    lines = [HEAD.format(passed=len(passed), count=count)]
    for title, cases in CASES.items():
        lines += [f"## {title}\n", "| case | sent | must come | |", "| --- | --- | --- | --- |"]
        for case in cases:
            result = "passed" if case.number in passed else "**failed**"
            lines.append(f"| {case.number} | {case.sent} | {case.expected} | {result} |")
        lines.append("")
    return "\n".join(lines)


def play_all() -> set[str]:
    """Plays all cases. Returns the numbers of those that pass."""
    app = App(PROGRAM, OPTIONS)
    passed = set()
    for case in (case for cases in CASES.values() for case in cases):
        wire = Wire(app.port, URL)
        try:
            case.play(wire)
            passed.add(case.number)
        except (AssertionError, OSError) as error:
            print(f"{case.number}: {error}", file=sys.stderr)
        wire.close()
    app.finish()
    return passed


def main() -> int:
    """Plays all cases, and writes the report."""
    passed = play_all()
    REPORT.write_text(render(passed))
    return 0 if len(passed) == sum(map(len, CASES.values())) else 1


if __name__ == "__main__":
    sys.exit(main())
