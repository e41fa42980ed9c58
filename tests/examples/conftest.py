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
LOOP = "\nwhile True:\n"


def with_any_port(text: str, port: int = 8080) -> str:
    """A program that takes any port in place of `port`, says which, and stays until it is ended.

    It says so when everything is there: at its end, or before a loop that has none.
    """
    begin = "httpd = uhttpd.Server("
    assert text.count(f"{begin}{port}") == 1, "an example makes its server as its README says"
    text = text.replace(f"{begin}{port}", f"{begin}0")
    before, loop, body = text.partition(LOOP)
    return f"{before}\nprint('PORT', httpd.port())\n{loop}{body}\ninput()\n"


@pytest.fixture
def start(run: Run, tmp_path: Path) -> Start:
    """Starts an example in a copy of its folder."""

    def begin(name: str) -> Program:
        folder = ROOT / "examples" / name
        shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
        return run(with_any_port((folder / "main.py").read_text("utf-8")))

    return begin
