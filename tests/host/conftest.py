# SPDX-License-Identifier: MIT
"""Builds engine_app with sanitizers, and starts it for tests.

HOST_TEST_SANITIZER=thread builds with ThreadSanitizer instead of AddressSanitizer and UBSan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.process import build_program, each_judged

from .engine import Engine


@pytest.fixture(scope="session")
def engine_app() -> Path:
    """The built program. It always uses the imitation, whatever engine everything else uses."""
    return build_program(Path(__file__).parent, "engine_app", "-DESP_HTTP_SERVER_DIR=")


@pytest.fixture
def start(engine_app: Path) -> Iterator[Callable[..., Engine]]:
    """Starts engines with their own options, ends them, and checks what they leave behind."""
    with each_judged(lambda **options: Engine(engine_app, options)) as start_one:
        yield start_one


@pytest.fixture
def engine(start: Callable[..., Engine]) -> Engine:
    """An engine with default options."""
    return start()
