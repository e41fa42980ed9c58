# SPDX-License-Identifier: MIT
"""Keys and nonces stay apart even where the chip's generator is none."""

from __future__ import annotations

import pytest

from tests.support.sanitized import Memory

from .native_random import RANDOM

_extension = RANDOM.load()
_memory = Memory(_extension)


def drawn(size: int) -> bytes:
    out = _memory.buffer(b"\xaa" * size)
    assert _extension.lib.uhttpd_random_key(out, size)
    return bytes(_extension.ffi.buffer(out, size))


def test_no_two_keys_are_alike() -> None:
    keys = {drawn(16) for _ in range(500)}
    assert len(keys) == 500


def test_no_part_of_a_long_key_repeats() -> None:
    key = drawn(1000)
    assert len({key[at : at + 8] for at in range(0, 1000, 8)}) == 125


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 64])
def test_any_length(size: int) -> None:
    assert len(drawn(size)) == size
