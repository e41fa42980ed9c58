# SPDX-License-Identifier: MIT
"""The Cookie header: RFC 6265 section 4.2."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import ffi, lib, text


def find(header: bytes, name: bytes) -> bytes | None:
    """The value, or None."""
    buf = text(header)
    length = ffi.new("size_t *")
    value = lib.uh_cookie_find(buf, text(name), length)
    if not value:
        assert length[0] == 0
        return None
    assert 0 <= value - buf <= value - buf + length[0] <= len(header)
    return ffi.buffer(value, length[0])[:]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (b"a=1", b"1"),
        (b"b=2; a=1", b"1"),
        (b"a=1; a=2", b"1"),
        (b"b=a; a=1", b"1"),
        (b"aa=1; a=2", b"2"),
        (b"a=", b""),
        (b"a=b=c", b"b=c"),
        (b'a="x y"', b'"x y"'),
        (b"a = 1 ;b=2", b"1"),
        (b"b=2;a=1", b"1"),
        (b";;a=1;;", b"1"),
        (b"A=1", None),
        (b"a", None),
        (b"a; b", None),
        (b"b=a", None),
        (b"=a", None),
        (b"", None),
        (b";", None),
    ],
)
def test_pairs(header: bytes, value: bytes | None) -> None:
    assert find(header, b"a") == value


names = st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1, max_size=6).map(str.encode)
values = st.text("abcXYZ019!#$%&'()*+-./:<=>?@[]^_`{|}~", max_size=8).map(str.encode)


@given(st.lists(st.tuples(names, values), max_size=6), names)
def test_the_first_of_a_name_is_found(pairs: list[tuple[bytes, bytes]], name: bytes) -> None:
    header = b"; ".join(n + b"=" + v for n, v in pairs)
    first = next((v for n, v in pairs if n == name), None)
    assert find(header, name) == first


@given(
    st.binary(max_size=40).map(lambda data: data.replace(b"\0", b"")),
    st.binary(min_size=1, max_size=4).map(lambda data: data.replace(b"\0", b"a")),
)
def test_any_bytes_are_survived(header: bytes, name: bytes) -> None:
    find(header, name)
    find(name + b"=" + header, name)
