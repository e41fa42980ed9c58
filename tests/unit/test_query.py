# SPDX-License-Identifier: MIT
"""Query strings: WHATWG URL section 5, application/x-www-form-urlencoded."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import chars, ffi, lib

Item = tuple[bytes, "bytes | None"]


def items(query: bytes) -> list[Item]:
    """The items as they were sent."""
    buf = chars(query)
    rest, length, item = (
        ffi.new("char **", buf),
        ffi.new("size_t *", len(query)),
        ffi.new("uhttpd_query_item_t *"),
    )
    found = []
    while lib.uhttpd_query_next(rest, length, item):
        key = bytes(ffi.buffer(item.key, item.key_len))
        has_value = item.value != ffi.NULL
        value = bytes(ffi.buffer(item.value, item.value_len)) if has_value else None
        found.append((key, value))
    assert length[0] == 0
    return found


def decode(data: bytes) -> bytes:
    out = chars(bytes(len(data)))
    return bytes(ffi.buffer(out, lib.uhttpd_query_decode(chars(data), len(data), out)))


def decode_in_place(data: bytes) -> bytes:
    buf = chars(data)
    return bytes(ffi.buffer(buf, lib.uhttpd_query_decode(buf, len(data), buf)))


def equals(data: bytes, key: bytes) -> bool:
    return lib.uhttpd_query_equals(chars(data), len(data), chars(key), len(key))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (b"", []),
        (b"a", [(b"a", None)]),
        (b"a=", [(b"a", b"")]),
        (b"a=b", [(b"a", b"b")]),
        (b"a=b&c=d", [(b"a", b"b"), (b"c", b"d")]),
        (b"a=b=c", [(b"a", b"b=c")]),
        (b"=b", [(b"", b"b")]),
        (b"=", [(b"", b"")]),
        (b"&&a&&b&&", [(b"a", None), (b"b", None)]),
        (b"&", []),
        (b"a&a=1&a=2", [(b"a", None), (b"a", b"1"), (b"a", b"2")]),
        (b"a%3Db=c%26d", [(b"a%3Db", b"c%26d")]),
        (b"a;b=c", [(b"a;b", b"c")]),
        (b"a?b", [(b"a?b", None)]),
    ],
)
def test_items(query: bytes, expected: list[Item]) -> None:
    assert items(query) == expected


def test_no_query_at_all() -> None:
    rest, length = ffi.new("char **", ffi.NULL), ffi.new("size_t *", 0)
    assert not lib.uhttpd_query_next(rest, length, ffi.new("uhttpd_query_item_t *"))


@pytest.mark.parametrize(
    ("coded", "decoded"),
    [
        (b"", b""),
        (b"abc", b"abc"),
        (b"a+b", b"a b"),
        (b"a%20b", b"a b"),
        (b"%2B", b"+"),
        (b"%41%4a%4A", b"AJJ"),
        (b"%00", b"\0"),
        (b"%c3%a4\xc3\xa4", b"\xc3\xa4\xc3\xa4"),
        (b"%25%34%31", b"%41"),
        (b"%2541", b"%41"),
    ],
)
def test_decoding(coded: bytes, decoded: bytes) -> None:
    assert decode(coded) == decode_in_place(coded) == decoded


@pytest.mark.parametrize(
    "coded", [b"%", b"%4", b"%g1", b"%1g", b"%%", b"100%", b"%u0041", b"% 41", b"%-1"]
)
def test_a_percent_sign_without_two_digits_stands_for_itself(coded: bytes) -> None:
    assert decode(coded) == decode_in_place(coded) == coded


def test_one_that_only_looks_like_an_escape() -> None:
    assert decode(b"%%41") == b"%A"
    assert decode(b"%4%31") == b"%41"


@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), max_size=5))
def test_values_of_a_form_are_read(form: list[tuple[str, str]]) -> None:
    found = items(urlencode(form).encode())
    assert [(decode(key), decode(value or b"")) for key, value in found] == [
        (key.encode(), value.encode()) for key, value in form
    ]


query_text = st.lists(
    st.sampled_from([b"%", b"4", b"1", b"+", b"g", b"&", b"=", b"%41", b"%20", b"\xff", b"\0"])
).map(b"".join)


@given(query_text)
def test_decoding_is_that_of_python(coded: bytes) -> None:
    decoded = unquote_to_bytes(coded.replace(b"+", b" "))
    assert decode(coded) == decode_in_place(coded) == decoded


@given(query_text, query_text)
def test_equality_is_that_of_decoded_text(coded: bytes, key: bytes) -> None:
    assert equals(coded, key) == (decode(coded) == key)
    assert equals(coded, decode(coded))
    assert not equals(coded, decode(coded) + b"x")
    assert not equals(coded + b"x", decode(coded)) or coded.endswith(b"%")


@given(query_text)
def test_items_are_those_of_splitting(query: bytes) -> None:
    expected: list[Item] = []
    for part in filter(None, query.split(b"&")):
        key, equals_sign, value = part.partition(b"=")
        expected.append((key, value if equals_sign else None))
    assert items(query) == expected
