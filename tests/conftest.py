# SPDX-License-Identifier: MIT
"""Fixtures for all folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# A rebuilt program would complain on its terminal about the counts of the one before.
os.environ.setdefault("GCOV_ERROR_FILE", os.devnull)

pytest.register_assert_rewrite("tests.support")  # failures in these show values, as in a test

from tests.support.paths import SANITIZED  # noqa: E402
from tests.support.ports import unused_port  # noqa: E402
from tests.support.process import each_closed, require  # noqa: E402
from tests.support.program import Program, Run  # noqa: E402, Run


@pytest.fixture
def free_port() -> int:
    """A TCP port that nobody listens on at the moment."""
    return unused_port()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Starts MicroPython programs in one directory; ends them after the test."""
    require(SANITIZED)

    def make(text: str, prompt: bool = False) -> Program:
        return Program(text, tmp_path, prompt)

    with each_closed(make) as start:
        yield start
