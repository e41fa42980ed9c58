# SPDX-License-Identifier: MIT
"""JSON (RFC 8259) that clients send is told from what only looks like it."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from .parsers import chars, ffi, lib

DEEP = lib.UHTTPD_JSON_DEPTH
LONG = lib.UHTTPD_JSON_NUMBER


def fault(text: bytes) -> str | None:
    found = lib.uhttpd_json_fault(chars(text), len(text))
    return None if found == ffi.NULL else ffi.string(found).decode()


def refuse(name: str) -> object:
    raise ValueError(name)


def is_json(text: bytes) -> bool:
    """What CPython says, without what it takes beyond JSON."""
    try:
        json.loads(text.decode(), parse_constant=refuse)
    except (ValueError, RecursionError):
        return False
    return True


texts = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts | st.floats(allow_nan=False, width=32),
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=10,
).filter(lambda value: "nf" not in repr(value))


@given(values, st.booleans())
def test_what_is_written_is_taken(value: object, escaped: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped, indent=1 if escaped else None)
    assert fault(text.encode()) is None


pieces = st.lists(
    st.sampled_from(
        [
            b"[",
            b"]",
            b"{",
            b"}",
            b",",
            b":",
            b" ",
            b"\n",
            b'"',
            b'"a"',
            b"\\",
            b"\\u12",
            b"aF",
            b"1",
        ]
        + [
            b"0",
            b"-",
            b"+",
            b".",
            b"e",
            b"E",
            b"true",
            b"null",
            b"nan",
            b"\x00",
            b"\x1f",
            b"\xc3\xa4",
        ]
        + [b"\xff", b"/", b"'"]
    ),
    max_size=12,
).map(b"".join)


@given(pieces)
@example(b"")
@example(b"[1,]")
@example(b'{"a":1,}')
@example(b"01")
@example(b"1.")
@example(b"-")
@example(b'"\\ud83d"')
@example(b"\xef\xbb\xbf1")
@example(b"NaN")
@example(b"[]]")
def test_is_as_strict_as_the_rules(text: bytes) -> None:
    assert (fault(text) is None) == is_json(text)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"":', b"}")])
def test_depth(opening: bytes, closing: bytes) -> None:
    assert fault(DEEP * opening + b"1" + DEEP * closing) is None
    mixed = (DEEP // 2) * (b"[" + opening) + b"1" + (DEEP // 2) * (closing + b"]")
    assert fault(mixed) is None
    for deeper in (b"[" + mixed + b"]", (DEEP + 1) * opening, 10000 * opening):
        assert fault(deeper) == "the body must be JSON: it is nested more than 64 deep"


def test_numbers() -> None:
    assert fault(LONG * b"1") is None
    assert fault(b"[" + (LONG + 1) * b"1" + b"]") is not None
