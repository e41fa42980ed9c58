# SPDX-License-Identifier: MIT
"""Programs to test with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import SHIPPED
from tests.support.process import LoggedProgram, each_closed, require
from tests.support.terminal import Terminal, open_terminal

PASSWORD = "swordfish"
SERVER = f"""
import uhttpd
httpd = uhttpd.Server(0)
httpd.ws('/ws', {PASSWORD!r})
print('PORT', httpd.port())
"""


Start = Callable[..., LoggedProgram]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts programs; ends them after the test."""
    require(SHIPPED)

    def make(*arguments: str, **options: Any) -> LoggedProgram:
        return LoggedProgram([SHIPPED, *arguments], tmp_path, tmp_path / "output", **options)

    with each_closed(make) as start_one:
        yield start_one


@pytest.fixture
def server(start: Start, tmp_path: Path) -> LoggedProgram:
    """A program at its prompt that has no terminal except the one that it serves."""
    (tmp_path / "server.py").write_text(SERVER)
    return start("-i", "server.py")


@pytest.fixture
def connect() -> Iterator[Callable[..., Terminal]]:
    """Logs in to a program's terminal, and closes the session after the test."""

    def connect_once(program: LoggedProgram, life: int = 1) -> Terminal:
        port = program.expect(r"PORT (\d+)", life)[1]
        program.expect(">>> ", life)
        return open_terminal(f"ws://127.0.0.1:{port}/ws", PASSWORD)

    with each_closed(connect_once) as connect:
        yield connect
