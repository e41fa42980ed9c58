# SPDX-License-Identifier: MIT
"""Numbers of 64 bits as text."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from .parsers import ffi, lib, text


@given(st.integers(0, 2**70), st.sampled_from([b"", b"x", b"-1", b" "]))
@example(2**64 - 1, b"")
@example(2**64, b"")
def test_reading(number: int, rest: bytes) -> None:
    start = text(b"%d%s" % (number, rest))
    at, found = ffi.new("char **", start), ffi.new("uint64_t *")
    assert lib.uh_decimal_read(at, found)
    assert found[0] == min(number, 2**64 - 1)
    assert ffi.string(at[0]) == rest


@given(st.binary(max_size=8).filter(lambda data: not re.match(rb"[0-9]", data)))
def test_no_number(data: bytes) -> None:
    start = text(data.replace(b"\0", b""))
    at, found = ffi.new("char **", start), ffi.new("uint64_t *")
    if not ffi.string(start)[:1].isdigit():
        assert not lib.uh_decimal_read(at, found)
        assert at[0] == start
