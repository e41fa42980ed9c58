# SPDX-License-Identifier: MIT
"""The tests that run inside a chip, or inside ESP-IDF's linux target. Each is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import targets

PROJECT = targets.HERE / "unity"
CONFIGURATIONS = sorted(
    path.name.removeprefix("sdkconfig.ci.") for path in PROJECT.glob("sdkconfig.ci.*")
)


@pytest.fixture
def built(chosen_target: str, on_board: bool, configuration: str) -> Path:
    """The build of the tests."""
    try:
        return targets.build_unity(chosen_target, configuration, on_board)
    except targets.NotAvailable as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_inside(request: pytest.FixtureRequest, chosen_target: str, configuration: str) -> None:
    if chosen_target == "desktop":
        pytest.skip("these need FreeRTOS; tests/ has their counterparts")
    dut = request.getfixturevalue("dut")
    dut.run_all_single_board_cases(timeout=120)
    suite = dut.testsuite
    assert suite.testcases, "no test has run"
    assert not suite.failed_cases, [case.name for case in suite.failed_cases]
