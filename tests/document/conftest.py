# SPDX-License-Identifier: MIT
"""Programs to test with."""

from __future__ import annotations

import pytest

from tests.support.program import Program


@pytest.fixture
def board(run, request: pytest.FixtureRequest) -> Program:
    """The program in the test file's PROGRAM, which shows its port as SERVING says."""
    return run(request.module.PROGRAM + SERVING)


SERVING = """
print('PORT', httpd.port())
input()
"""
