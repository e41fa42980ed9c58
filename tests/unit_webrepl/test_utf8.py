# SPDX-License-Identifier: MIT
"""Borders of characters, compared with Python's own decoder."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from .machines import buffer, ffi, lib

# Bytes near the bounds of UTF-8 occur far more often than by chance.
edges = st.sampled_from(
    [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF]
) | (st.sampled_from([0xE0, 0xE1, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF]))
near_text = st.lists(edges, max_size=12).map(bytes) | st.text(max_size=8).map(str.encode)


def replaced(data: bytes) -> str:
    """The text of the bytes."""
    out = []
    used = ffi.new("size_t *")
    while data:
        kind = lib.wr_utf8_first(buffer(data), len(data), used)
        assert 1 <= used[0] <= min(4, len(data))
        if kind == lib.WR_UTF8_CHAR:
            out.append(data[: used[0]].decode())
        else:
            assert kind == lib.WR_UTF8_INVALID or used[0] == len(data)
            out.append("\N{REPLACEMENT CHARACTER}")
        data = data[used[0] :]
    return "".join(out)


@given(near_text)
def test_invalid_bytes_are_replaced_as_python_does(data: bytes) -> None:
    assert replaced(data) == data.decode(errors="replace")


def test_every_character() -> None:
    used = ffi.new("size_t *")
    for code in [*range(0xD800), *range(0xE000, 0x110000, 97), 0x10FFFF]:
        data = chr(code).encode()
        assert lib.wr_utf8_first(buffer(data), len(data), used) == lib.WR_UTF8_CHAR
        assert used[0] == len(data)
        for length in range(1, len(data)):
            part = data[:length]
            assert lib.wr_utf8_first(buffer(part), length, used) == lib.WR_UTF8_INCOMPLETE


@given(st.text(max_size=20), st.integers(0, 80))
def test_a_cut_never_splits_a_character(text: str, at: int) -> None:
    data = text.encode()[:at]
    cut = lib.wr_utf8_cut(buffer(data), len(data))
    assert len(data) - 3 <= cut <= len(data)
    assert text.startswith(data[:cut].decode())


@given(near_text)
def test_only_the_beginning_of_a_character_is_cut_off(data: bytes) -> None:
    cut = lib.wr_utf8_cut(buffer(data), len(data))
    assert replaced(data[:cut]) + "\N{REPLACEMENT CHARACTER}" * (cut < len(data)) == replaced(data)
    if cut < len(data):
        used = ffi.new("size_t *")
        rest = data[cut:]
        assert lib.wr_utf8_first(buffer(rest), len(rest), used) == lib.WR_UTF8_INCOMPLETE
