# SPDX-License-Identifier: MIT
"""What passed with the HTTP servers of ESP-IDF's versions stands in the table of versions."""

from __future__ import annotations

import pytest

from tools.try_engines import NoRow, counts, with_result

TABLE = """\
| version | server | files |
| --- | --- | --- |
| 5.5 | not tried | all |
| 5.5.1 | 3 passed | all |

| version | something else |
| 5.5.1 | other |
"""


@pytest.mark.parametrize(
    ("output", "result"),
    [
        ("....\n100 passed in 66.09s (0:01:06)\n", "100 passed"),
        ("F...\n1 failed, 99 passed, 2 skipped in 3.00s", "99 passed, 1 failed"),
        ("E\n2 errors in 1.00s", "2 errors"),
        ("no tests ran in 0.01s", "did not run"),
        ("", "did not run"),
    ],
)
def test_what_pytest_counted(output: str, result: str) -> None:
    assert counts(output) == result


def test_row_of_the_version_and_no_other() -> None:
    lines = with_result(TABLE, "5.5", "4 passed").split("\n")
    assert lines[2] == "| 5.5 | 4 passed | all |"
    assert lines[:2] + lines[3:] == TABLE.split("\n")[:2] + TABLE.split("\n")[3:]


def test_version_that_has_no_row() -> None:
    with pytest.raises(NoRow, match=r"5\.5\.2"):
        with_result(TABLE, "5.5.2", "4 passed")
