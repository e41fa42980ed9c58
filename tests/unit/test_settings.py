# SPDX-License-Identifier: MIT
"""Headers that every response of a server may have."""

from __future__ import annotations

import pytest

from .parsers import ffi, lib, text, text_or_null


def fault_of(name: bytes, value: bytes | None) -> bytes | None:
    found = lib.uhttpd_header_fault(text(name), text_or_null(value))
    return None if found == ffi.NULL else ffi.string(found)


@pytest.mark.parametrize(
    "value", [b"", b"DENY", b"default-src 'self'; x", "grün".encode(), b"a\tb"]
)
def test_good_ones(value: bytes) -> None:
    assert fault_of(b"X-Own", value) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((b"", b"a"), (b"a b", b"c"), (b"X:", b"a"), ("ü".encode(), b"a"), (b"X\n", b"a")),
        *((b"X", None), (b"X", b"a\r\nSet-Cookie: b"), (b"X", b"a\n"), (b"X", b"\x7f")),
    ],
)
def test_malformed_ones(name: bytes, value: bytes | None) -> None:
    assert fault_of(name, value) == b"is malformed"


@pytest.mark.parametrize(
    "name",
    [
        *(b"Connection", b"content-length", b"Content-Type", b"DATE", b"Transfer-Encoding"),
        b"upgrade",
    ],
)
def test_those_of_the_server(name: bytes) -> None:
    assert fault_of(name, b"a") == b"is the server's own"


def test_what_has_a_setting_of_its_own() -> None:
    assert b"other origins" in (fault_of(b"access-control-allow-origin", b"*") or b"")
