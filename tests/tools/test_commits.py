# SPDX-License-Identifier: MIT
"""Messages of commits, as git's hook passes them to tools/commits.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PROGRAM = ROOT / "tools" / "commits.py"

GOOD = """uhttpd: A body that breaks off is answered with 408.

The connection was closed without a word, and browsers sent the request
once more.
"""


def verdict(tmp_path: Path, message: str) -> tuple[int, str]:
    file = tmp_path / "COMMIT_EDITMSG"
    file.write_text(message)
    done = subprocess.run([sys.executable, PROGRAM, file], capture_output=True, text=True)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "message",
    [
        GOOD,
        GOOD + "\n# Please enter the commit message for your changes.\n",
        GOOD.replace("uhttpd", "components/uhttpd, host"),
        GOOD.replace("A body", "`body` that"),
        GOOD
        + "\nhttps://www.rfc-editor.org/rfc/rfc9110.html#name-a-very-long-anchor-in-a-document-of-the-web\n",
    ],
)
def test_a_subject_with_an_area_and_a_body_are_accepted(tmp_path: Path, message: str) -> None:
    assert verdict(tmp_path, message) == (0, "")


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ("", "the form"),
        (GOOD.replace("uhttpd: ", ""), "the form"),
        (GOOD.replace("A body", "a body"), "the form"),
        (GOOD.replace("408.", "408"), "the form"),
        (GOOD.replace("408.", "408 " + 30 * "x" + "."), "longer than 72"),
        (GOOD.splitlines()[0], "a body must say why"),
        (GOOD.replace("\n\n", "\n"), "a body must say why"),
        (GOOD.replace("browsers sent the request\n", "browsers sent the request "), "80 columns"),
    ],
)
def test_others_are_refused_with_a_reason(tmp_path: Path, message: str, problem: str) -> None:
    status, text = verdict(tmp_path, message)
    assert status == 1 and problem in text
