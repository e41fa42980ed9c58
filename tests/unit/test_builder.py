# SPDX-License-Identifier: MIT
"""Text composed in memory of a given size, compared with a model in Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import chars, composed, ffi, lib, text

Step = tuple[Callable[[Any], None], bytes]
"""A call, and the bytes that it should add."""

string = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
number = st.integers(0, 2**64 - 1)
digits = st.integers(0, 16)


def add(value: str) -> Step:
    return lambda out: lib.uh_text_add(out, text(value.encode())), value.encode()


def add_bytes(value: bytes) -> Step:
    return lambda out: lib.uh_text_bytes(out, chars(value), len(value)), value


def add_decimal(value: int, least: int) -> Step:
    written = b"%0*d" % (least, value) if value or least else b""
    return lambda out: lib.uh_text_decimal(out, value, least), written


def add_hex(value: int, least: int) -> Step:
    written = b"%0*x" % (least, value) if value or least else b""
    return lambda out: lib.uh_text_hex(out, value, least), written


def add_json(value: str) -> Step:
    written = "".join(
        f"\\u{ord(c):04x}" if c < " " else f"\\{c}" if c in '"\\' else c for c in value
    )
    assert json.loads(f'"{written}"') == value
    return lambda out: lib.uh_text_json(out, text(value.encode())), f'"{written}"'.encode()


def add_header(name: str, value: str) -> Step:
    written = f"{name}: {value}\r\n".encode()
    return lambda out: lib.uh_text_header(out, text(name.encode()), text(value.encode())), written


steps = st.lists(
    st.one_of(
        st.builds(add, string),
        st.builds(add_bytes, st.binary(max_size=12)),
        st.builds(add_decimal, number, digits),
        st.builds(add_hex, number, digits),
        st.builds(add_json, string),
        st.builds(add_header, string, string),
    ),
    max_size=8,
)


@given(steps, st.integers(0, 120), st.booleans())
def test_as_much_as_fits_is_written_and_the_rest_is_measured(
    added: list[Step], room: int, ended: bool
) -> None:
    memory = chars(b"." * room)
    out = ffi.new("uh_text_t *", {"at": memory if room else ffi.NULL, "room": room})
    for step, _ in added:
        step(out)
    whole = b"".join(written for _, written in added)
    assert out.len == len(whole)
    assert lib.uh_text_fits(out) == (len(whole) <= room)
    assert lib.uh_text_written(out) == min(len(whole), room)
    cut = whole[:room]
    if ended:
        assert lib.uh_text_end(out) == (len(whole) < room)
        cut = whole[: room - 1] + b"\0" if room else b""
    assert bytes(ffi.buffer(memory, room)) == cut.ljust(room, b".")
    assert out.len == len(whole)


@given(string, st.integers(0, 16))
def test_a_copy_is_cut(value: str, size: int) -> None:
    memory, whole = chars(b"." * size), value.encode()
    assert lib.uh_text_copy(memory, size, text(whole)) == (len(whole) < size)
    assert bytes(ffi.buffer(memory, size)) == (whole[: size - 1] + b"\0" if size else b"").ljust(
        size, b"."
    )


@given(steps)
def test_the_same_twice_measures_and_then_fits(added: list[Step]) -> None:
    def compose(out: Any) -> None:
        for step, _ in added:
            step(out)

    assert composed(compose) == b"".join(written for _, written in added)


@pytest.mark.parametrize(
    ("value", "least", "written"),
    [
        (0, 1, b"0"),
        (0, 2, b"00"),
        (7, 2, b"07"),
        (2028, 2, b"2028"),
        (2**64 - 1, 1, b"%d" % (2**64 - 1)),
    ],
)
def test_decimals(value: int, least: int, written: bytes) -> None:
    assert composed(lambda out: lib.uh_text_decimal(out, value, least)) == written
