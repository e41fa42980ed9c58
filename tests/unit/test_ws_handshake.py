# SPDX-License-Identifier: MIT
"""The WebSocket opening handshake: RFC 6455 section 4.2."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import ffi, lib, text, text_or_null

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="

PROPER: dict[str, bytes | None] = {
    "connection": b"Upgrade",
    "upgrade": b"websocket",
    "version": b"13",
    "key": KEY,
    "protocols": None,
}


def check(tolerant: bool = False, **changes: bytes | None) -> str:
    """OK, PLAIN, BAD or BAD_VERSION for a proper request with these headers instead."""
    fields = {name: text_or_null(value) for name, value in {**PROPER, **changes}.items()}
    request = ffi.new("uh_ws_request_t *", fields)
    result = lib.uh_ws_handshake_check(request, tolerant)
    return ffi.string(ffi.cast("uh_ws_handshake_t", result)).replace("UH_WS_HANDSHAKE_", "")


def accept(key: bytes) -> bytes | None:
    out = ffi.new(f"char[{lib.UH_WS_ACCEPT_SIZE}]")
    return ffi.string(out) if lib.uh_ws_handshake_accept(text(key), out) else None


both = pytest.mark.parametrize("tolerant", [False, True])


@both
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"connection": b"keep-alive, Upgrade"},
        {"connection": b"upgrade"},
        {"upgrade": b"WebSocket"},
        {"upgrade": b"h2c, websocket"},
        {"protocols": b"chat"},
    ],
)
def test_proper_requests(tolerant: bool, changes: dict[str, bytes]) -> None:
    assert check(tolerant, **changes) == "OK"


@both
@pytest.mark.parametrize("upgrade", [None, b"", b"h2c", b"websockets", b"web socket"])
def test_no_upgrade_to_websocket(tolerant: bool, upgrade: bytes | None) -> None:
    assert check(tolerant, upgrade=upgrade) == "PLAIN"
    assert check(tolerant, upgrade=upgrade, key=None, version=None, connection=None) == "PLAIN"


@both
@pytest.mark.parametrize("connection", [None, b"", b"keep-alive", b"upgraded"])
def test_connection_must_name_upgrade(tolerant: bool, connection: bytes | None) -> None:
    assert check(tolerant, connection=connection) == "BAD"


@both
@pytest.mark.parametrize("version", [b"8", b"0", b"14", b"013", b"13, 8", b"", b"x"])
def test_other_versions(tolerant: bool, version: bytes) -> None:
    assert check(tolerant, version=version) == "BAD_VERSION"


def test_only_old_clients_may_omit_the_version() -> None:
    assert check(version=None) == "BAD"
    assert check(tolerant=True, version=None) == "OK"


@pytest.mark.parametrize(
    "key",
    [b"foo", b"dGhlIHNhbXBsZSBub25jZQ", b"dGhlIHNhbXBsZSBub25jZQ=", b"dGhlIHNhbXBsZSBub25jZQ==="]
    + [b"dGhlIHNhbXBsZSBub25jZ===", b"dGhlIHNhbXBsZSBub25jZQAA", b"dGhlIHNhbXBsZSBub25j!Q=="]
    + [b"dGhlIHNhbXBsZSBub25jZQ== ", b"dGhlIHNhbXBsZSBub25jZQ-_", b"a" * 128],
)
def test_only_old_clients_may_send_any_key(key: bytes) -> None:
    assert check(key=key) == "BAD"
    assert check(tolerant=True, key=key) == "OK"


@both
@pytest.mark.parametrize("key", [None, b"", b"a" * 129])
def test_a_missing_or_endless_key_is_always_refused(tolerant: bool, key: bytes | None) -> None:
    assert check(tolerant, key=key) == "BAD"


def test_accept_of_the_rfc() -> None:
    assert accept(KEY) == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@given(st.binary(max_size=lib.UH_WS_MAX_KEY).filter(lambda key: b"\0" not in key))
def test_accept_of_any_key(key: bytes) -> None:
    digest = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
    assert accept(key) == base64.b64encode(digest)


def test_accept_of_an_endless_key() -> None:
    assert accept(b"a" * (lib.UH_WS_MAX_KEY + 1)) is None
    assert accept(b"a" * 100_000) is None


@both
@given(nonce=st.binary(min_size=16, max_size=16))
def test_any_nonce(tolerant: bool, nonce: bytes) -> None:
    assert check(tolerant, key=base64.b64encode(nonce)) == "OK"


field = st.one_of(st.none(), st.binary(max_size=30))


@given(field, field, field, field, st.booleans())
def test_any_bytes_are_survived(
    connection: bytes | None,
    upgrade: bytes | None,
    version: bytes | None,
    key: bytes | None,
    tolerant: bool,
) -> None:
    check(tolerant, connection=connection, upgrade=upgrade, version=version, key=key)
