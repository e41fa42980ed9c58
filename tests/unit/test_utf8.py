# SPDX-License-Identifier: MIT
"""UTF-8 in pieces: RFC 3629, compared with Python's own decoder."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import buffer, ffi, lib, pieces


def check(parts: list[bytes]) -> tuple[bool, bool]:
    """Whether the text may go on, and whether it may end here."""
    state = ffi.new("uint32_t *", lib.UH_UTF8_WHOLE)
    valid = all(lib.uh_utf8_check_piece(state, buffer(part), len(part)) for part in parts)
    return valid, valid and state[0] == lib.UH_UTF8_WHOLE


# One of these completes any text that may go on.
TAILS = [
    b"",
    *(second + b"\x80" * more for second in (b"\x80", b"\x90", b"\xa0") for more in range(3)),
]


def is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def python_checks(data: bytes) -> tuple[bool, bool]:
    return any(is_text(data + tail) for tail in TAILS), is_text(data)


EDGES = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]


@pytest.mark.parametrize("first", range(0x100))
def test_the_second_byte(first: int) -> None:
    for data in [bytes([first]), *(bytes([first, second]) for second in EDGES)]:
        assert check([data]) == python_checks(data), data


@pytest.mark.parametrize("first", range(0xE0, 0xF8))
def test_the_bytes_behind_it(first: int) -> None:
    for second, third, fourth in itertools.product(EDGES, repeat=3):
        data = bytes([first, second, third, fourth])
        assert check([data]) == python_checks(data), data


@given(st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_text(data: bytes) -> None:
    assert check([data]) == python_checks(data)


@given(
    st.lists(st.sampled_from([b"a", b"\xc3", b"\xa4", b"\xe2\x82", b"\xac", b"\xf0\x9f\x98\x80"]))
)
def test_any_split_gives_the_same(parts: list[bytes]) -> None:
    data = b"".join(parts)
    assert check(parts) == python_checks(data)
    assert check(pieces(data, list(range(len(data))))) == python_checks(data)


@given(st.binary(max_size=12))
def test_any_bytes(data: bytes) -> None:
    assert check([data]) == python_checks(data)
