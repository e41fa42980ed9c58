# SPDX-License-Identifier: MIT
"""The Range header: RFC 9110 section 14."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_range_header

from .parsers import ffi, lib, text_or_null

WHOLE, PART, UNSATISFIABLE = "whole", "part", "unsatisfiable"
MOST = 2**63 - 1


def read(header: str | None, size: int) -> tuple[int, int] | str:
    """First byte and length of a part, or another verdict."""
    found = ffi.new("uh_range_t *")
    kind = lib.uh_range_read(
        text_or_null(None if header is None else header.encode()), size, found
    )
    if kind == lib.UH_RANGE_PART:
        return found.first, found.length
    if kind == lib.UH_RANGE_WHOLE:
        assert (found.first, found.length) == (0, size)
        return WHOLE
    return UNSATISFIABLE


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-99", (0, 100)),
        ("bytes=0-100", (0, 100)),
        ("bytes=10-19", (10, 10)),
        ("bytes=99-99", (99, 1)),
        ("bytes=99-", (99, 1)),
        ("bytes=0-", (0, 100)),
        ("bytes=-1", (99, 1)),
        ("bytes=-100", (0, 100)),
        ("bytes=-1000", (0, 100)),
        ("BYTES=1-2", (1, 2)),
        ("bytes= 1-2 ", (1, 2)),
        ("bytes=,1-2, ", (1, 2)),
        ("bytes=5-99999999999999999999999999", (5, 95)),
        ("bytes=5-18446744073709551615", (5, 95)),
        ("bytes=-99999999999999999999999999", (0, 100)),
        ("bytes=100-", UNSATISFIABLE),
        ("bytes=100-200", UNSATISFIABLE),
        ("bytes=99999999999999999999999999-", UNSATISFIABLE),
        ("bytes=-0", UNSATISFIABLE),
        (None, WHOLE),
        ("", WHOLE),
        ("bytes", WHOLE),
        ("bytes=", WHOLE),
        ("bytes=-", WHOLE),
        ("bytes=--1", WHOLE),
        ("bytes=a-b", WHOLE),
        ("bytes=1", WHOLE),
        ("bytes=1-2x", WHOLE),
        ("bytes=1--2", WHOLE),
        ("bytes=2-1", WHOLE),
        ("bytes=+1-2", WHOLE),
        ("bytes=1 - 2", WHOLE),
        ("bytes 1-2", WHOLE),
        ("lines=1-2", WHOLE),
        ("bytes=0-1,2-3", WHOLE),
        ("bytes=0-1, -1", WHOLE),
        ("bytes=" + "0-," * 500, WHOLE),
    ],
)
def test_ranges_of_100_bytes(header: str | None, expected: tuple[int, int] | str) -> None:
    assert read(header, 100) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [("bytes=0-", UNSATISFIABLE), ("bytes=0-0", UNSATISFIABLE), ("bytes=-1", WHOLE)],
)
def test_ranges_of_nothing(header: str, expected: str) -> None:
    assert read(header, 0) == expected


@given(st.integers(0, MOST), st.integers(0, 2**65) | st.none(), st.integers(0, 2**65) | st.none())
def test_a_part_lies_within(size: int, first: int | None, last: int | None) -> None:
    header = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    found = read(header, size)
    if isinstance(found, tuple):
        assert found[1] >= 1
        assert found[0] + found[1] <= size


number = st.sampled_from(["", "0", "1", "7", "9", "10", "11"])


@given(number, number.filter(lambda last: last != "0"))
def test_ranges_are_understood_as_others_do(first: str, last: str) -> None:
    header = f"bytes={first}-{last}"
    found = read(header, 10)
    oracle = parse_range_header(header)
    if oracle is None:
        assert found == WHOLE
    elif (limits := oracle.range_for_length(10)) is None:
        assert found in (UNSATISFIABLE, (0, 10))  # a suffix longer than everything is everything
    else:
        assert found == (limits[0], limits[1] - limits[0]) or header == "bytes=-11"
