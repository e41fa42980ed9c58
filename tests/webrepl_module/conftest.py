# SPDX-License-Identifier: MIT
"""Programs that use the modules webrepl and _webrepl."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.process import each_closed
from tests.support.program import Program, Run
from tests.support.terminal import Terminal, open_terminal
from tests.webrepl.firmware import FrameClient

from .servers import ACCEPTING, NATIVE, PASSWORD


@pytest.fixture
def evaluate(run: Run) -> Callable[[str], str]:
    """Runs a program to its end. Returns what it has printed."""
    return lambda text: run(text).finish()


@pytest.fixture
def login() -> Iterator[Callable[..., Terminal]]:
    """Logs in to a program's terminal, and closes the session after the test."""

    def connect(program: Program, password: str = PASSWORD) -> Terminal:
        return open_terminal(f"ws://127.0.0.1:{program.port}/", password)

    with each_closed(connect) as connect_one:
        yield connect_one


@pytest.fixture
def connect() -> Iterator[Callable[..., FrameClient]]:
    """Opens a WebSocket that sees every frame, and closes it after the test."""
    with each_closed(lambda program, **how: FrameClient(program.port, **how)) as open_one:
        yield open_one


@pytest.fixture
def native(run: Run) -> Program:
    """A program at its prompt, whose sessions the firmware serves."""
    return run(NATIVE, prompt=True)


@pytest.fixture
def accepting(run: Run, free_port: int) -> Program:
    """A program at its prompt that accepts sessions itself."""
    return run(ACCEPTING.format(port=free_port), prompt=True)


@pytest.fixture(params=["native", "accepting"])
def program(request: pytest.FixtureRequest) -> Program:
    """One of each kind."""
    return request.getfixturevalue(request.param)
