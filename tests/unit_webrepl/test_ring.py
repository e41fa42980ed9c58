# SPDX-License-Identifier: MIT
"""A ring is a queue of bytes, wherever in its memory it begins."""

from __future__ import annotations

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from .machines import Ring, ffi, lib, new

step = st.tuples(
    st.sampled_from(["push", "pop", "peek"]), st.binary(max_size=24), st.integers(0, 24)
)


@given(st.sampled_from([1, 2, 16]), st.integers(0, 2**32 - 1), st.lists(step, max_size=40))
def test_a_ring_is_a_queue(size: int, start: int, steps: list[tuple[str, bytes, int]]) -> None:
    ring, model = Ring(size, start), deque[int]()
    for what, data, count in steps:
        if what == "push":
            fits = data[: size - len(model)]
            assert ring.push(data) == len(fits)
            model.extend(fits)
        elif what == "pop":
            expected = bytes(model.popleft() for _ in range(min(count, len(model))))
            assert ring.pop(count) == expected
        else:
            out = new("uint8_t[]", len(data))
            got = lib.wr_ring_peek(ring.c, count, out, len(data))
            assert bytes(ffi.buffer(out, got)) == bytes(model)[count : count + len(data)]
        assert ring.used == len(model)
