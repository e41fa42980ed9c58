# SPDX-License-Identifier: MIT
"""Entity tags: RFC 9110 section 8.8.3."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_etags

from .parsers import ffi, lib, text, text_or_null


def write(version: int, compressed: bool = False) -> str:
    out = ffi.new("char[]", 24)
    lib.uh_etag_write(version, compressed, out)
    return ffi.string(out).decode()


def has(tags: str, etag: str | None, weak: bool = False) -> bool:
    wanted = None if etag is None else etag.encode("latin-1")
    return lib.uh_etag_in_list(text(tags.encode("latin-1")), text_or_null(wanted), weak)


def test_writing() -> None:
    assert write(0xAB) == '"00000000000000ab"'
    assert write(2**64 - 1, True) == '"ffffffffffffffff-gz"'


@pytest.mark.parametrize(
    ("tags", "strong", "weak"),
    [
        ('"a"', True, True),
        ('W/"a"', False, True),
        ('"b", "a"', True, True),
        ('"b","a"', True, True),
        (', ,"b" ,\t"a",', True, True),
        ('"b", W/"a"', False, True),
        ('W/"b", "a"', True, True),
        ('"a,b", "a"', True, True),
        ('"b,"a"', False, False),
        ("", False, False),
        ("a", False, False),
        ('"A"', False, False),
        ('"aa"', False, False),
        ('w/"a"', False, False),
        ('"b" x "a"', False, False),
        ('"a', False, False),
        ('"b b", "a"', False, False),
        ("*", False, False),
    ],
)
def test_lists(tags: str, strong: bool, weak: bool) -> None:
    assert has(tags, '"a"') is strong
    assert has(tags, '"a"', weak=True) is weak


def test_a_tag_that_is_not_known_is_in_no_list() -> None:
    assert not has('"a"', None)


tag = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters='"\x7f'), min_size=1
)
tags = st.lists(st.tuples(st.booleans(), tag), max_size=4)


@given(tags, tag, st.sampled_from([", ", ",", " , ,\t"]))
def test_lists_are_understood_as_others_do(
    listed: list[tuple[bool, str]], wanted: str, comma: str
) -> None:
    header = comma.join(f'{"W/" * weak}"{opaque}"' for weak, opaque in listed)
    oracle = parse_etags(", ".join(f'{"W/" * weak}"{opaque}"' for weak, opaque in listed))
    for one in [wanted, *(opaque for _, opaque in listed)]:
        assert has(header, f'"{one}"', weak=True) == oracle.contains_weak(one)
        assert has(header, f'"{one}"') == ((False, one) in listed)
