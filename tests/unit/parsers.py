# SPDX-License-Identifier: MIT
"""Needed by every test of a parser: the library, and memory that the sanitizer watches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.sanitized import Memory, pieces

from . import native

_module = native.PARSERS.load()
_memory = Memory(_module)
ffi: Any = _module.ffi
lib: Any = _module.lib
buffer = _memory.buffer
chars = _memory.chars
text = _memory.text

__all__ = ["buffer", "chars", "composed", "ffi", "lib", "pieces", "text", "text_or_null"]


def text_or_null(data: bytes | None) -> Any:
    """A string that ends in NUL, or NULL for None."""
    return ffi.NULL if data is None else text(data)


def composed(compose: Callable[[Any], None]) -> bytes:
    """Adds to a text. Measures first, so that the sanitizer sees a byte too many."""
    measured = ffi.new("uh_text_t *")
    compose(measured)
    room = chars(bytes(measured.len))
    out = ffi.new("uh_text_t *", {"at": room, "room": measured.len})
    compose(out)
    assert out.len == measured.len
    return bytes(ffi.buffer(room, out.len))
