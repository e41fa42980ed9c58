# SPDX-License-Identifier: MIT
"""Characters and lists of header fields: RFC 9110 sections 5.5 and 5.6."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import lib, text

TOKEN = set((string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~").encode())
HEX = set(string.hexdigits.encode())


@pytest.mark.parametrize("byte", range(0x100))
def test_characters(byte: int) -> None:
    c = bytes([byte])
    assert lib.uh_token_char(c) == (byte in TOKEN)
    assert lib.uh_field_char(c) == (byte == 0x09 or (byte >= 0x20 and byte != 0x7F))
    assert lib.uh_hex_digit(c) == (int(c, 16) if byte in HEX else -1)


@pytest.mark.parametrize(
    ("field", "held"),
    [
        (b"a", True),
        (b"a,b", True),
        (b"b,a", True),
        (b"b, a", True),
        (b"b\t,\ta\t,c", True),
        (b",, ,a", True),
        (b"a ", True),
        (b" a", True),
        (b"a,", True),
        (b"", False),
        (b",", False),
        (b"ab", False),
        (b"ba", False),
        (b"a b", False),
        (b"b a", False),
        (b"a;q=1", False),
        (b'"a"', False),
    ],
)
def test_lists(field: bytes, held: bool) -> None:
    assert lib.uh_token_in_list(text(field), text(b"a"), False) is held


def test_case() -> None:
    assert lib.uh_token_in_list(text(b"x, AbC"), text(b"aBc"), True)
    assert not lib.uh_token_in_list(text(b"x, AbC"), text(b"aBc"), False)


@given(
    st.lists(st.sampled_from(["a", "A", "aa", " ", "\t", ",", "b", '"']), max_size=10).map("".join)
)
def test_has_the_items_of_splitting_at_commas(field: str) -> None:
    items = [item.strip(" \t") for item in field.split(",")]
    coded = text(field.encode())
    assert lib.uh_token_in_list(coded, text(b"a"), False) == ("a" in items)
    lowered = [item.lower() for item in items]
    assert lib.uh_token_in_list(coded, text(b"A"), True) == ("a" in lowered)


@pytest.mark.parametrize(
    ("list_", "valid"),
    [
        (b"a", True),
        (b"a,b", True),
        (b"x-a , content-type\t,b", True),
        (b"a ", True),
        (b"", False),
        (b",", False),
        (b" a", False),
        (b"a,", False),
        (b"a,,b", False),
        (b"a b", False),
        (b"a;b", False),
        (b'"a"', False),
        (b"a\x80", False),
    ],
)
def test_lists_of_tokens(list_: bytes, valid: bool) -> None:
    assert lib.uh_token_list_valid(text(list_)) == valid


@given(st.text("a,; \x80", max_size=8).map(lambda word: word.encode("latin-1")))
def test_single_tokens(word: bytes) -> None:
    assert lib.uh_token_valid(text(word)) == (bool(word) and set(word) <= TOKEN)
