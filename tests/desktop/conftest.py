# SPDX-License-Identifier: MIT
"""Programs to test with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.terminal import Terminal

from .program import FIRMWARE, Program

PASSWORD = "swordfish"
SERVER = f"""
import uhttpd
httpd = uhttpd.Server(0)
httpd.ws('/ws', {PASSWORD!r})
print('PORT', httpd.port())
"""


Start = Callable[..., Program]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts programs; ends them after the test."""
    if not FIRMWARE.exists():
        pytest.exit(f"{FIRMWARE} is missing: make build", returncode=2)
    with ExitStack() as programs:

        def start_one(*arguments: str, **options: Any) -> Program:
            program = Program(tmp_path, *arguments, **options)
            programs.callback(program.close)
            return program

        yield start_one


@pytest.fixture
def server(start: Start, tmp_path: Path) -> Program:
    """A program at its prompt that serves the terminal and has no other."""
    (tmp_path / "server.py").write_text(SERVER)
    return start("-i", "server.py")


@pytest.fixture
def connect() -> Iterator[Callable[..., Terminal]]:
    """Logs in to a program's terminal; closes the session after the test."""
    with ExitStack() as sessions:

        def connect_once(program: Program, life: int = 1) -> Terminal:
            port = program.expect(r"PORT (\d+)", life)[1]
            program.expect(">>> ", life)
            session = sessions.enter_context(Terminal(f"ws://127.0.0.1:{port}/ws"))
            session.login(PASSWORD)
            return session

        yield connect_once
