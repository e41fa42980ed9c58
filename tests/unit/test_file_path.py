# SPDX-License-Identifier: MIT
"""Paths of files from clients: decoded once, and refused if they could mean two things."""

from __future__ import annotations

from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import chars, ffi, lib


def decode(url: bytes) -> bytes | None:
    """The path in a URL; None: refused."""
    out = chars(bytes(len(url) + 1))
    length = lib.uh_file_path_decode(chars(url), len(url), out)
    if not length:
        return None
    assert out[length] == b"\0"
    return bytes(ffi.buffer(out, length))


def is_clean(path: bytes) -> bool:
    return lib.uh_file_path_is_clean(chars(path + b"\0"))


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (b"/", b"/"),
        (b"/a", b"/a"),
        (b"/a/b/", b"/a/b/"),
        (b"/a%20b+c", b"/a b+c"),
        (b"/%C3%A4/\xc3\xa4", b"/\xc3\xa4/\xc3\xa4"),
        (b"/...", b"/..."),
        (b"/.hidden", b"/.hidden"),
        (b"/..a/a..", b"/..a/a.."),
        (b"/%2541", b"/%41"),
        (b"/%252e%252e", b"/%2e%2e"),
        (b"/a:b;c=d", b"/a:b;c=d"),
    ],
)
def test_paths(url: bytes, path: bytes) -> None:
    assert decode(url) == path


@pytest.mark.parametrize(
    "url",
    [
        *(b"", b"a", b"//", b"/a//b", b"//a", b"/a//"),
        *(b"/.", b"/..", b"/./a", b"/../a", b"/a/..", b"/a/../b", b"/a/.", b"/a/../"),
        *(b"/%2e", b"/%2e%2e", b"/.%2e/a", b"/%2E./a", b"/a/%2e%2e/b"),
        *(b"/a%2fb", b"/a%2F", b"/%2f", b"/..%2f..%2fetc"),
        *(b"/a\0", b"/a%00", b"/a%00.txt", b"/%", b"/%4", b"/%4g", b"/%zz", b"/a%"),
    ],
)
def test_refused_paths(url: bytes) -> None:
    assert decode(url) is None


@pytest.mark.parametrize(
    "url",
    [
        *(b"/a\\b", b"/a%5cb", b"/..%5c..", b"/a\n", b"/%0d%0a", b"/a%1f", b"/a%7f"),
        *(b"/\xff", b"/%ff", b"/%c3", b"/%c3/%a4", b"/%c0%ae", b"/%ed%a0%80", b"/%f4%90%80%80"),
    ],
)
def test_names_that_only_some_disks_take_as_they_are(url: bytes) -> None:
    assert decode(url) == unquote_to_bytes(url)
    assert not is_clean(unquote_to_bytes(url))


names = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"), min_size=1
).filter(lambda name: name not in (".", ".."))


@given(st.lists(names, min_size=1, max_size=4), st.booleans())
def test_a_name_in_any_script_is_found_again(segments: list[str], slash: bool) -> None:
    path = "/" + "/".join(segments) + "/" * slash
    assert is_clean(path.encode())
    assert decode(quote(path).encode()) == path.encode()
    assert decode(path.replace("%", "%25").encode()) == path.encode()


odd = st.lists(
    st.sampled_from(
        [
            b"/",
            b".",
            b"..",
            b"a",
            b"%",
            b"2",
            b"f",
            b"%2f",
            b"%2e",
            b"%00",
            b"\\",
            b"\xc3",
            b"\xa4",
        ]
    )
).map(b"".join)


@given(odd)
def test_decoded_paths_are_paths(url: bytes) -> None:
    path = decode(url)
    if path is not None:
        assert path == unquote_to_bytes(url)
        assert path.count(b"/") == url.count(b"/")
        if is_clean(path):
            assert b"\\" not in path.decode().encode()
        assert not {b"", b".", b".."} & set(path.removesuffix(b"/").split(b"/")[1:])
