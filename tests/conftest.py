# SPDX-License-Identifier: MIT
"""Fixtures of all folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.support")  # a failure there shows values, as in a test

from tests.support.ports import unused_port  # noqa: E402
from tests.support.program import FIRMWARE, Program  # noqa: E402


@pytest.fixture
def free_port() -> int:
    """A TCP port that nobody listens on just now."""
    return unused_port()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts MicroPython programs in one directory; ends them after the test."""
    if not FIRMWARE.exists():
        pytest.exit(f"{FIRMWARE} is missing: make build", returncode=2)
    with ExitStack() as programs:

        def start(text: str, prompt: bool = False) -> Program:
            program = Program(text, tmp_path, prompt)
            programs.callback(program.kill)
            return program

        yield start
