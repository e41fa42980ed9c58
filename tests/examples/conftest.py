# SPDX-License-Identifier: MIT
"""Examples that run in a copy of their folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.program import Program, Run

Start = Callable[..., Program]
SERVER = "httpd = uhttpd.Server(8080"
LOOP = "\nwhile True:\n"


def with_any_port(text: str) -> str:
    """A program that takes a free port in place of 8080, says which, and stays until it is ended.

    It says so when everything is there: at its end, or before a loop that has none.
    """
    assert text.count(SERVER) == 1, "an example makes its server as its README says"
    before, loop, body = text.replace("8080", "0").partition(LOOP)
    return f"{before}\nprint('PORT', httpd.port())\n{loop}{body}\ninput()\n"


@pytest.fixture
def start(run: Run, tmp_path: Path) -> Start:
    """Starts an example in a copy of its folder."""

    def begin(name: str) -> Program:
        folder = ROOT / "examples" / name
        shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
        return run(with_any_port((folder / "main.py").read_text("utf-8")))

    return begin
