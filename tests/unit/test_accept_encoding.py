# SPDX-License-Identifier: MIT
"""Accept-Encoding: RFC 9110 section 12.5.3."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from .parsers import lib, text_or_null

REFUSED, ALLOWED, PREFERRED = lib.UH_GZIP_REFUSED, lib.UH_GZIP_ALLOWED, lib.UH_GZIP_PREFERRED


def wish(header: str | None) -> int:
    return lib.uh_accept_encoding_gzip(text_or_null(None if header is None else header.encode()))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, ALLOWED),
        ("", REFUSED),
        ("gzip", PREFERRED),
        ("GZip", PREFERRED),
        ("x-gzip", PREFERRED),
        ("gzip, deflate, br, zstd", PREFERRED),
        ("deflate,gzip;q=1.0,*;q=0.5", PREFERRED),
        ("gzip;q=0.001", PREFERRED),
        ("gzip ; q=0.5", PREFERRED),
        ("gzip;Q=0.5", PREFERRED),
        ("*", PREFERRED),
        ("*;q=0.1", PREFERRED),
        ("identity;q=0.5, gzip;q=0.5", PREFERRED),
        ("identity;q=0, *", PREFERRED),
        ("identity, gzip;q=0.5", ALLOWED),
        ("gzip;q=0.5, identity;q=0.501", ALLOWED),
        ("gzip;q=0", REFUSED),
        ("gzip;q=0.000", REFUSED),
        ("*;q=0", REFUSED),
        ("gzip;q=0, *", REFUSED),
        ("*, gzip;q=0", REFUSED),
        ("identity", REFUSED),
        ("deflate, br", REFUSED),
        ("gzipped", REFUSED),
        ("gzi", REFUSED),
        ("gzip;q=x", REFUSED),
        ("gzip;q=", REFUSED),
        ("gzip;q=2", REFUSED),
        ("gzip;q=1.5", REFUSED),
        ("gzip;level=9", REFUSED),
        (", ,gzip,,", PREFERRED),
    ],
)
def test_headers(header: str | None, expected: int) -> None:
    assert wish(header) == expected


codings = st.lists(
    st.tuples(
        st.sampled_from(["gzip", "identity", "deflate", "*"]),
        st.sampled_from(["", ";q=1", ";q=0", ";q=0.5", ";q=0.25"]),
    ),
    max_size=4,
    unique_by=lambda coding: coding[0],
)


@given(codings)
def test_headers_are_understood_as_others_do(listed: list[tuple[str, str]]) -> None:
    header = ", ".join(name + weight for name, weight in listed)
    oracle = parse_accept_header(header, Accept)
    accepted = oracle.quality("gzip")
    assert (wish(header) != REFUSED) == (accepted > 0)
    named = dict(oracle).get("identity", 0)
    assert (wish(header) == PREFERRED) == (accepted > 0 and accepted >= named)
