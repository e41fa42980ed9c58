# SPDX-License-Identifier: MIT
"""Strings in JSON: RFC 8259 section 7."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import composed, lib, text


def write(string: bytes) -> bytes:
    return composed(lambda out: lib.uh_text_json(out, text(string)))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_written_text_is_read_again(text: str) -> None:
    assert json.loads(write(text.encode())) == text


@given(st.binary().map(lambda data: data.replace(b"\0", b"")))
def test_anything_gives_a_string(text: bytes) -> None:
    assert json.loads(write(text)).replace("\ufffd", "") == text.decode(errors="replace").replace(
        "\ufffd", ""
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (b"", b""),
        (b'a"b\\c/d', b'a\\"b\\\\c/d'),
        (b"\n\x1f\x7f", b"\\u000a\\u001f\x7f"),
        (b"\xff", b"\xef\xbf\xbd"),
        (b"a\xc3", b"a\xef\xbf\xbd"),
        (b"\xed\xa0\x80", b"\xef\xbf\xbd" * 3),
    ],
)
def test_strings(text: bytes, written: bytes) -> None:
    assert write(text) == b'"%s"' % written
