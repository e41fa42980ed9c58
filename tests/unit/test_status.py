# SPDX-License-Identifier: MIT
"""Status lines: the reasons are those of the registry."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from .parsers import ffi, lib

NEWER = {413: "Content Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable"}
NEWER[422] = "Unprocessable Content"


def line(status: int) -> str:
    out = ffi.new("char[]", 40)
    lib.uh_status_line(status, out)
    return ffi.string(out).decode()


@pytest.mark.parametrize("status", list(HTTPStatus))
def test_registered(status: HTTPStatus) -> None:
    reason = NEWER.get(status.value, status.phrase)
    assert line(status.value) in (f"{status.value} {reason}", str(status.value))


@pytest.mark.parametrize("status", [299, 418, 499, 599])
def test_a_number_without_a_name_stands_alone(status: int) -> None:
    assert line(status) == str(status)
