# SPDX-License-Identifier: MIT
"""Destination (RFC 4918 section 10.3)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import ffi, lib, text, text_or_null


def parse(value: bytes, host: bytes | None = b"board:8080") -> bytes | int:
    """The path, or the status of the refusal."""
    memory = text(value)
    path, length = ffi.new("char **"), ffi.new("size_t *")
    status = lib.uh_destination_path(memory, text_or_null(host), path, length)
    return status or bytes(ffi.buffer(path[0], length[0]))


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (b"/", b"/"),
        (b"/a/b%20c", b"/a/b%20c"),
        (b"http://board:8080/a", b"/a"),
        (b"https://BOARD:8080/a//b", b"/a//b"),
        (b"HTTP://board:8080//a", b"//a"),
    ],
)
def test_good(value: bytes, path: bytes) -> None:
    assert parse(value) == path


@pytest.mark.parametrize(
    "value",
    [b"http://board/a", b"http://board:80/a", b"http://board:8080.org/a", b"http://[::1]/a"],
)
def test_on_another_host(value: bytes) -> None:
    assert parse(value) == (400 if b".org" in value else 502)
    assert parse(b"http://board/a", None) == 502


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"a",
        b"//board:8080/a",
        b"http:/a",
        b"http://",
        b"http:///a",
        b"http://board:8080",
        b"http://board:8080?a",
        b"http://a@board:8080/a",
        b"httpx://board:8080/a",
        b"ftp://board:8080/a",
        b"/a?b",
        b"/a#b",
        b"*",
    ],
)
def test_malformed(value: bytes) -> None:
    assert parse(value) == 400


@given(st.lists(st.sampled_from([b"http", b"s", b"://", b"/", b"board:8080", b"a", b"?", b"@"])))
def test_a_path_is_the_one_that_python_reads(parts: list[bytes]) -> None:
    value = b"".join(parts)
    path = parse(value)
    if isinstance(path, bytes):
        read = urlsplit(value)
        assert read.path == path
        assert read.netloc in (b"", b"board:8080")
        assert not read.query
