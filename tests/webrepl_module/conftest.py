# SPDX-License-Identifier: MIT
"""Programs that use the modules webrepl and _webrepl."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.support.program import Program
from tests.support.terminal import Terminal
from tests.webrepl.firmware import Client

from .servers import ACCEPTING, NATIVE, PASSWORD


@pytest.fixture
def evaluate(run: Callable[..., Program]) -> Callable[[str], str]:
    """Runs a program to its end; returns what it has printed."""
    return lambda text: run(text).finish()


@pytest.fixture
def login() -> Iterator[Callable[..., Terminal]]:
    """Logs in to a program's terminal; closes the session after the test."""
    with ExitStack() as sessions:

        def connect(program: Program, password: str = PASSWORD) -> Terminal:
            session = sessions.enter_context(Terminal(f"ws://127.0.0.1:{program.port}/"))
            session.login(password)
            return session

        yield connect


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    """Opens a WebSocket of which every frame is seen; closes it after the test."""
    with ExitStack() as clients:

        def open_one(program: Program, **how: object) -> Client:
            client = Client(program.port, **how)
            clients.callback(client.vanish)
            return client

        yield open_one


@pytest.fixture
def native(run: Callable[..., Program]) -> Program:
    """A program at its prompt, whose sessions the firmware serves."""
    return run(NATIVE, prompt=True)


@pytest.fixture
def accepting(run: Callable[..., Program], free_port: int) -> Program:
    """A program at its prompt that accepts sessions itself."""
    return run(ACCEPTING.format(port=free_port), prompt=True)


@pytest.fixture(params=["native", "accepting"])
def program(request: pytest.FixtureRequest) -> Program:
    """One of each kind."""
    return request.getfixturevalue(request.param)
