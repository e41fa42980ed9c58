# SPDX-License-Identifier: MIT
"""Programs to test with."""

from __future__ import annotations

import pytest

from tests.support.program import Program


@pytest.fixture
def board(run, request: pytest.FixtureRequest) -> Program:
    """Starts the test file's PROGRAM, which ends with SERVING and so shows its port."""
    return run(request.module.PROGRAM + SERVING)


SERVING = """
print('PORT', httpd.port())
input()
"""
