# SPDX-License-Identifier: MIT
"""tools/watched.py finds, names and ends processes that tests leave behind."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

PROGRAM = """
import sys
from tools import watched
watched.PATIENCE = float(sys.argv.pop(1))
sys.exit(watched.main())
"""


def watched(script: str, patience: float) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, str(patience), "sh", "-c", script]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_the_status_is_that_of_the_command() -> None:
    assert [watched(f"exit {status}", 60).returncode for status in (0, 5)] == [0, 5]


def test_a_process_left_in_another_session_is_named_and_ended() -> None:
    done = watched("setsid sleep 1000 >/dev/null 2>&1 & echo started", 0.1)
    assert done.returncode == 1
    found = re.fullmatch(r"started\nleft behind: process (\d+): .*sleep 1000.*\n", done.stdout)
    assert found and not Path(f"/proc/{found[1]}").exists()


def test_a_process_that_is_about_to_end_gets_time() -> None:
    assert watched("sleep 0.5 & exit 5", 60).returncode == 5
