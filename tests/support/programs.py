# SPDX-License-Identifier: MIT
"""Fixtures for MicroPython programs; a conftest.py imports them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from program import FIRMWARE, Program


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts programs in one directory; ends them after the test."""
    if not FIRMWARE.exists():
        pytest.exit(f"{FIRMWARE} is missing: make build", returncode=2)
    with ExitStack() as programs:

        def start(text: str, prompt: bool = False) -> Program:
            program = Program(text, tmp_path, prompt)
            programs.callback(program.kill)
            return program

        yield start
