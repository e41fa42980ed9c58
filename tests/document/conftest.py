# SPDX-License-Identifier: MIT
"""Programs to test with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))

from ports import free_port  # noqa: E402
from program import Program  # noqa: E402
from programs import run  # noqa: E402


@pytest.fixture
def board(run, request: pytest.FixtureRequest) -> Program:
    """The program in the test file's PROGRAM, which shows its port as SERVING says."""
    return run(request.module.PROGRAM + SERVING)


SERVING = """
print('PORT', httpd.port())
input()
"""
