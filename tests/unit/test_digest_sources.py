# SPDX-License-Identifier: MIT
"""SHA-256 and SHA-1, by both interfaces of Mbed TLS, compared with Python's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .native_digest import DIGESTS

PIECES = st.lists(st.binary(max_size=200), max_size=8)


@pytest.fixture(scope="module", params=DIGESTS)
def digests(request: pytest.FixtureRequest) -> Iterator[Any]:
    yield DIGESTS[request.param].load()


def begin(digests: Any) -> Any:
    return digests.ffi.gc(digests.lib.uhttpd_sha256_begin(), digests.lib.uhttpd_sha256_free)


def end(digests: Any, sha: Any) -> bytes:
    digest = digests.ffi.new("uint8_t[32]")
    assert digests.lib.uhttpd_sha256_end(sha, digest)
    return bytes(digest)


@given(pieces=PIECES)
def test_sha256_of_pieces(digests: Any, pieces: list[bytes]) -> None:
    sha = begin(digests)
    for piece in pieces:
        assert digests.lib.uhttpd_sha256_add(sha, piece, len(piece))
    assert end(digests, sha) == hashlib.sha256(b"".join(pieces)).digest()


@given(first=st.binary(max_size=200), second=st.binary(max_size=200), rounds=st.integers(1, 3))
def test_a_copy_goes_on_by_itself(digests: Any, first: bytes, second: bytes, rounds: int) -> None:
    sha, copy = begin(digests), begin(digests)
    digests.lib.uhttpd_sha256_add(sha, first, len(first))
    for _ in range(rounds):  # also over one that is under way, and over one that has ended
        assert digests.lib.uhttpd_sha256_copy(copy, sha)
        digests.lib.uhttpd_sha256_add(copy, second, len(second))
        assert end(digests, copy) == hashlib.sha256(first + second).digest()
        assert digests.lib.uhttpd_sha256_copy(copy, sha)
    assert end(digests, sha) == hashlib.sha256(first).digest()


def test_free_takes_null(digests: Any) -> None:
    digests.lib.uhttpd_sha256_free(digests.ffi.NULL)


@given(data=st.binary(max_size=200))
def test_sha1(digests: Any, data: bytes) -> None:
    digest = digests.ffi.new("uint8_t[20]")
    assert digests.lib.uhttpd_sha1(data, len(data), digest)
    assert bytes(digest) == hashlib.sha1(data).digest()
