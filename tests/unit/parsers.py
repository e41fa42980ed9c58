# SPDX-License-Identifier: MIT
"""What every test of a parser needs: the library, and memory whose ends the sanitizer watches."""

from __future__ import annotations

from typing import Any

import native
import pytest

if not native.is_preloaded():
    pytest.skip(f"needs {native.PRELOAD}", allow_module_level=True)

_module = native.load()
ffi: Any = _module.ffi
lib: Any = _module.lib

# cffi's own memory comes from Python's pools, where reading too far goes unnoticed.
_new = ffi.new_allocator(lib.malloc, lib.free, should_clear_after_alloc=False)


def buffer(data: bytes) -> Any:
    """A copy of the bytes, of exactly their size."""
    copy = _new("uint8_t[]", len(data))
    ffi.memmove(copy, data, len(data))
    return copy


def chars(data: bytes) -> Any:
    """The same for functions that want `char *`; keep it until they have returned."""
    copy = _new("char[]", len(data))
    ffi.memmove(copy, data, len(data))
    return copy


def text(data: bytes) -> Any:
    """A string that ends in NUL."""
    return chars(data + b"\0")


def text_or_null(data: bytes | None) -> Any:
    """The same, or NULL for None."""
    return ffi.NULL if data is None else text(data)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """Splits the data at the places, which may lie anywhere and be in any order."""
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in zip(places, places[1:])] or [b""]
