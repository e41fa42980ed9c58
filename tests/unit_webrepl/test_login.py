# SPDX-License-Identifier: MIT
"""Passwords of any length, in any pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from .machines import buffer, ffi, lib, new, pieces, text

line = st.binary(max_size=40).map(lambda data: data.replace(b"\r", b"").replace(b"\n", b""))
password = line.map(lambda data: data.replace(b"\0", b"")).filter(bool)
cuts = st.lists(st.integers(0, 60), max_size=6)


def try_password(secret: bytes, parts: list[bytes]) -> tuple[bool, bytes]:
    """The verdict on a typed line, and the rest after it."""
    kept = text(secret)
    login = new("wr_login_t *")
    lib.wr_login_init(login, kept)
    end = ffi.new("uint8_t *")
    for index, part in enumerate(parts):
        used = lib.wr_login_input(login, buffer(part), len(part), end)
        if end[0]:
            rest = part[used:] + b"".join(parts[index + 1 :])
            return lib.wr_login_right(login), rest
        assert used == len(part)
    raise AssertionError("the line has no end")


@given(password, cuts, st.sampled_from([b"\r", b"\n", b"\r\n"]), st.binary(max_size=9))
def test_the_password_in_any_pieces(
    secret: bytes, cuts: list[int], end: bytes, rest: bytes
) -> None:
    right, left = try_password(secret, pieces(secret + end + rest, cuts))
    assert right
    assert left == end[1:] + rest


@given(password, line)
def test_anything_else_is_wrong(secret: bytes, typed: bytes) -> None:
    assert try_password(secret, [typed + b"\r"])[0] == (typed == secret)


@given(password, st.data())
def test_one_byte_makes_the_difference(secret: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(secret) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    typed = secret[:at] + bytes([secret[at] ^ bit]) + secret[at + 1 :]
    if typed.strip(b"\r\n") == typed and b"\r" not in typed and b"\n" not in typed:
        assert not try_password(secret, [typed + b"\r"])[0]
    assert not try_password(secret, [secret[:at] + b"\r"])[0]
    assert not try_password(secret, [secret + b"\0\r"])[0]
    assert not try_password(secret, [secret + secret[:1] + b"\r"])[0]


def test_long_ones() -> None:
    secret = b"correct horse battery staple " * 1000
    assert try_password(secret, [secret, b"\r"])[0]
    assert not try_password(secret, [secret, b" ", b"\r"])[0]
    assert not try_password(b"short", [b"short" * 100_000, b"\r"])[0]


def test_an_empty_line_is_a_wrong_password() -> None:
    assert not try_password(b"secret", [b"\r"])[0]
