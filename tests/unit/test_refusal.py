# SPDX-License-Identifier: MIT
"""Answers to file operations that fail."""

from __future__ import annotations

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import ffi, lib


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
    assert 400 <= lib.uh_refusal_of(error or errno.EIO).status <= 599


def test_no_error_is_no_refusal() -> None:
    assert lib.uh_refusal_of(0).status == 0
    assert lib.uh_refusal_of(0).reason == ffi.NULL


@pytest.mark.parametrize("error", sorted(errno.errorcode))
def test_every_refusal_of_a_request_has_words(error: int) -> None:
    refusal = lib.uh_refusal_of(error)
    assert refusal.status >= 500 or lib.uh_refusal_reason(refusal) != ffi.NULL
