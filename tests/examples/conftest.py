# SPDX-License-Identifier: MIT
"""Examples that run in a copy of their folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.program import Program, Run, with_any_port

Start = Callable[..., Program]


@pytest.fixture
def start(run: Run, tmp_path: Path) -> Start:
    """Starts an example in a copy of its folder."""

    def begin(name: str) -> Program:
        folder = ROOT / "examples" / name
        shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
        return run(with_any_port((folder / "main.py").read_text("utf-8")))

    return begin
