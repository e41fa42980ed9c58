# SPDX-License-Identifier: MIT
"""Needed by every test of a machine: the library, and memory that the sanitizer watches."""

from __future__ import annotations

from typing import Any

from tests.support.sanitized import Memory, pieces

from . import native_webrepl

_module = native_webrepl.MACHINES.load()
_memory = Memory(_module)
ffi: Any = _module.ffi
lib: Any = _module.lib
buffer = _memory.buffer
new = _memory.new
text = _memory.text

__all__ = ["Ring", "buffer", "ffi", "lib", "new", "pieces", "text"]


class Ring:
    """A ring whose bytes begin anywhere in its memory."""

    def __init__(self, size: int, start: int = 0) -> None:
        """Takes the size in bytes, a power of 2, and the position of the first byte."""
        self.memory = new("uint8_t[]", size)
        self.c = new("wr_ring_t *")
        self.c.data = self.memory
        self.c.mask = size - 1
        self.c.head = self.c.tail = start & 0xFFFFFFFF

    @property
    def used(self) -> int:
        """Bytes in it."""
        return (self.c.head - self.c.tail) & 0xFFFFFFFF

    def push(self, data: bytes) -> int:
        """Puts in as much as fits. Returns how much that was."""
        return lib.wr_ring_push(self.c, buffer(data), len(data))

    def pop(self, size: int) -> bytes:
        """Takes out up to that many bytes."""
        out = new("uint8_t[]", size)
        return bytes(ffi.buffer(out, lib.wr_ring_pop(self.c, out, size)))

    def drop(self, size: int) -> None:
        """Throws the oldest bytes away."""
        self.c.tail = (self.c.tail + size) & 0xFFFFFFFF
