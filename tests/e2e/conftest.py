# SPDX-License-Identifier: MIT
"""Boards to test with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.paths import SHIPPED
from tests.support.process import each_closed, require

from .board import Board

StartBoard = Callable[[str], Board]

# Chromium as root has no sandbox; the rest keeps it from looking for the internet.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def start_board(tmp_path: Path) -> Iterator[StartBoard]:
    """Starts boards that run a program; ends them after the test."""
    require(SHIPPED)

    def make(program: str) -> Board:
        directory = tmp_path / f"board{len(list(tmp_path.iterdir()))}"
        directory.mkdir()
        return Board(program, directory)

    with each_closed(make) as start:
        yield start


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not executable:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()
