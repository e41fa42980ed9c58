# SPDX-License-Identifier: MIT
"""The page in Firefox: login, terminal, files, editor."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support import npm

from .pages import PASSWORD, PROGRAM, SERVED, read


@pytest.fixture(scope="session")
def firefox() -> str:
    """The program, as distributions have it."""
    found = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if not found:
        pytest.skip("Firefox is not installed")
    return found


@pytest.fixture(scope="session")
def script() -> Path:
    """It works with the page as a person would."""
    return npm.install(Path(__file__).resolve().parent / "firefox") / "play.mjs"


def test_a_board_is_worked_on(start_board, firefox: str, script: Path) -> None:
    board = start_board(PROGRAM + SERVED)
    (board.directory / "main.py").write_text("print('old')\n")
    seen = npm.run(script, firefox, f"http://me@{board.host}/ws", PASSWORD, told=None)
    assert seen["errors"] == []
    assert "grüße 42" in seen["terminal"]
    assert "paste mode" not in seen["terminal"]
    assert "main.py" in seen["files"]
    assert seen["note"] == "Saved"
    assert seen["undone"].strip() == "print('written', 'in', 'Firefox')"
    assert read(board, "main.py") == b"print('by', 'HTTP')"
