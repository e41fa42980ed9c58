# SPDX-License-Identifier: MIT
"""Answers to file operations that fail."""

from __future__ import annotations

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import lib


@pytest.mark.parametrize(
    ("status", "errors"),
    [
        (400, ["EINVAL"]),
        (403, ["EACCES", "EPERM", "EROFS"]),
        (404, ["ENOENT", "ELOOP"]),
        (409, ["EISDIR", "ENOTDIR", "EEXIST", "ENOTEMPTY", "EXDEV", "EBUSY"]),
        (413, ["EFBIG", "EOVERFLOW"]),
        (414, ["ENAMETOOLONG"]),
        (500, ["EIO", "EBADF", "ENODEV"]),
        (503, ["EMFILE", "ENFILE", "ENOMEM", "ETIMEDOUT"]),
        (507, ["ENOSPC", "EDQUOT"]),
    ],
)
def test_errors(status: int, errors: list[str]) -> None:
    assert {lib.uh_refusal_of(getattr(errno, name)).status for name in errors} == {status}


@given(st.integers(-(2**31), 2**31 - 1))
def test_any_other_error_is_the_servers(error: int) -> None:
    assert 400 <= lib.uh_refusal_of(error).status <= 599
