# SPDX-License-Identifier: MIT
"""Dates: RFC 9110 section 5.6.7."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from email.utils import formatdate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.http import parse_date

from .parsers import ffi, lib, text

LAST = 253402300799
times = st.integers(0, LAST)


def read(date: str) -> int | None:
    found = ffi.new("int64_t *")
    return found[0] if lib.uh_http_date_read(text(date.encode()), found) else None


def write(seconds: int) -> str | None:
    out = ffi.new("char[]", 30)
    return ffi.string(out).decode() if lib.uh_http_date_write(seconds, out) else None


@given(times)
@example(0)
@example(951782400)
@example(4107542400)
@example(LAST)
def test_dates_are_written_as_by_python(seconds: int) -> None:
    assert write(seconds) == formatdate(seconds, usegmt=True)


@pytest.mark.parametrize("seconds", [-1, LAST + 1, -(2**63), 2**63 - 1])
def test_times_that_cannot_be_written(seconds: int) -> None:
    assert write(seconds) is None


@given(times)
def test_reading_takes_all_three_forms(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    assert read(formatdate(seconds, usegmt=True)) == seconds
    assert read(time.asctime(moment.timetuple())) == seconds
    if 1970 <= moment.year < 2070:
        assert read(moment.strftime("%A, %d-%b-%y %H:%M:%S GMT")) == seconds


@pytest.mark.parametrize(
    "date",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ],
)
def test_the_examples_of_the_rfc(date: str) -> None:
    assert read(date) == 784111777


@pytest.mark.parametrize(
    "date",
    [
        *("", "0", "Sun", "Sun, 06 Nov 1994", "1994-11-06T08:49:37Z", "784111777"),
        *("Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC"),
        *("Sun, 06 Nov 1994 08:49:37 GMT ", " Sun, 06 Nov 1994 08:49:37 GMT"),
        *("Sun, 06 Nov 1994 08:49:37 +0000", "Sun, 06 Nov 1969 08:49:37 GMT"),
        *("Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT"),
        *("Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 29 Feb 1995 08:49:37 GMT"),
        *("Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT"),
        *("Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 10000 08:49:37 GMT"),
        *("Sun, -6 Nov 1994 08:49:37 GMT", "Sun,, 06 Nov 1994 08:49:37 GMT"),
        *("Sun Nov 06 08:49:37 1994 GMT", "Sun, 06-Nov-94 08:49:37 GMT", "Sun, 06 ä"),
    ],
)
def test_invalid_dates(date: str) -> None:
    assert read(date) is None


@given(st.text(st.sampled_from("SunNovAug,: 0-19GMT"), max_size=32))
def test_anything_else_is_refused_or_understood_as_others_do(date: str) -> None:
    found = read(date)
    if found is not None:
        other = parse_date(date)
        assert other is None or other.timestamp() == found
