# SPDX-License-Identifier: MIT
"""Strings in JSON: RFC 8259 section 7."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import chars, ffi, lib


def write(text: bytes) -> bytes:
    out = chars(bytes(6 * len(text)))
    return bytes(ffi.buffer(out, lib.uh_json_text_write(chars(text), len(text), out)))


@given(st.text())
def test_what_is_read_is_what_was_written(text: str) -> None:
    assert json.loads(b'"%s"' % write(text.encode())) == text


@given(st.binary())
def test_anything_gives_a_string(text: bytes) -> None:
    assert json.loads(b'"%s"' % write(text)).replace("\ufffd", "") == text.decode(
        errors="replace"
    ).replace("\ufffd", "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (b"", b""),
        (b'a"b\\c/d', b'a\\"b\\\\c/d'),
        (b"\n\x1f\x7f\0", b"\\u000a\\u001f\x7f\\u0000"),
        (b"\xff", b"\xef\xbf\xbd"),
        (b"a\xc3", b"a\xef\xbf\xbd"),
        (b"\xed\xa0\x80", b"\xef\xbf\xbd" * 3),
    ],
)
def test_strings(text: bytes, written: bytes) -> None:
    assert write(text) == written
