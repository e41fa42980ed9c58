# SPDX-License-Identifier: MIT
"""What every test of a machine needs: the library, and memory whose ends the sanitizer watches."""

from __future__ import annotations

from typing import Any

import pytest
import webrepl_native

if not webrepl_native.is_preloaded():
    pytest.skip(f"needs {webrepl_native.PRELOAD}", allow_module_level=True)

_module = webrepl_native.load()
ffi: Any = _module.ffi
lib: Any = _module.lib

# cffi's own memory comes from Python's pools, where reading too far goes unnoticed.
_new = ffi.new_allocator(lib.malloc, lib.free, should_clear_after_alloc=True)


def new(kind: str, *initial: Any) -> Any:
    """A C object; freed with the Python one."""
    return _new(kind, *initial)


def buffer(data: bytes) -> Any:
    """A copy of the bytes, of exactly their size."""
    copy = _new("uint8_t[]", len(data))
    ffi.memmove(copy, data, len(data))
    return copy


def text(data: bytes) -> Any:
    """A string that ends in NUL."""
    copy = _new("char[]", len(data) + 1)
    ffi.memmove(copy, data + b"\0", len(data) + 1)
    return copy


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """Splits the data at the places, which may lie anywhere and be in any order."""
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in zip(places, places[1:])] or [b""]


class Ring:
    """A ring, with its bytes beginning anywhere in its memory."""

    def __init__(self, size: int, start: int = 0) -> None:
        """Size in bytes, a power of 2; the position of the first byte."""
        self.memory = _new("uint8_t[]", size)
        self.c = _new("wr_ring_t *")
        self.c.data = self.memory
        self.c.mask = size - 1
        self.c.head = self.c.tail = start & 0xFFFFFFFF

    @property
    def used(self) -> int:
        """Bytes in it."""
        return (self.c.head - self.c.tail) & 0xFFFFFFFF

    def push(self, data: bytes) -> int:
        """Puts in what fits; returns how much that was."""
        return lib.wr_ring_push(self.c, buffer(data), len(data))

    def pop(self, size: int) -> bytes:
        """Takes out up to so many bytes."""
        out = _new("uint8_t[]", size)
        return bytes(ffi.buffer(out, lib.wr_ring_pop(self.c, out, size)))

    def drop(self, size: int) -> None:
        """Throws the oldest bytes away."""
        self.c.tail = (self.c.tail + size) & 0xFFFFFFFF
