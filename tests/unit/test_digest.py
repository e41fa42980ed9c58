# SPDX-License-Identifier: MIT
"""Repr-Digest and Content-Digest (RFC 9530)."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import buffer, chars, ffi, lib, text

HELLO = hashlib.sha256(b"hello").digest()
FIELD = b"sha-256=:" + base64.b64encode(HELLO) + b":"
OTHER = b"sha-512=:" + base64.b64encode(hashlib.sha512(b"hello").digest()) + b":"


def parse(value: bytes) -> bytes | str:
    """The digest, or why there is none."""
    digest = buffer(bytes(32))
    result = lib.uh_digest_parse(text(value), digest)
    if result == lib.UH_DIGEST_GIVEN:
        return bytes(ffi.buffer(digest, 32))
    return "none" if result == lib.UH_DIGEST_NONE else "malformed"


@pytest.mark.parametrize(
    "value",
    [FIELD, FIELD + b", " + OTHER, OTHER + b" ,\t" + FIELD, FIELD.replace(b"=:", b"=:") + b" "],
)
def test_given(value: bytes) -> None:
    assert parse(value) == HELLO


def test_the_last_of_two_counts() -> None:
    """RFC 8941 section 4.2.2."""
    first = b"sha-256=:" + base64.b64encode(bytes(32)) + b":, "
    assert parse(first + FIELD) == HELLO


@pytest.mark.parametrize("value", [OTHER, b"md5=:abcd:", b"*a-.b_1*=::", b"sha-2567=:YQ==:"])
def test_other_algorithms_are_ignored(value: bytes) -> None:
    assert parse(value) == "none"


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"sha-256",
        b"sha-256=",
        b"sha-256=::",
        b"SHA-256=" + FIELD[8:],
        FIELD[:-1],
        FIELD + b",",
        FIELD + b"x",
        FIELD + b" x",
        FIELD + b";a=1",
        b"," + FIELD,
        FIELD.replace(b"=:", b"= :"),
        FIELD.replace(b"=:", b'="', 1).replace(b":", b'"'),
        FIELD[:-3] + b"=:",
        FIELD[:20] + b"-" + FIELD[21:],
        FIELD[:20] + b" " + FIELD[21:],
        OTHER + b", sha-256=:AAAA:",
        b"sha-256=:" + HELLO.hex().encode() + b":",
        b"1a=:YQ==:",
    ],
)
def test_malformed(value: bytes) -> None:
    assert parse(value) == "malformed"


@given(st.binary(min_size=32, max_size=32))
def test_written_digests_are_read_again(digest: bytes) -> None:
    field = chars(bytes(lib.UH_DIGEST_FIELD_SIZE))
    lib.uh_digest_format(buffer(digest), field)
    written = ffi.string(field)
    assert written == b"sha-256=:" + base64.b64encode(digest) + b":"
    assert parse(written) == digest


@given(st.lists(st.sampled_from([b"sha-256", b"=:", b"A" * 43, b"=", b":", b",", b" "])))
def test_anything(parts: list[bytes]) -> None:
    assert parse(b"".join(parts)) in ("none", "malformed", bytes(32))
