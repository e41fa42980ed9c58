# SPDX-License-Identifier: MIT
"""Names of files while they are being changed: each change has its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .machines import ffi, lib, text

paths = st.binary(min_size=1).map(lambda name: b"/" + name.replace(b"\0", b"?"))


@contextmanager
def created(path: bytes) -> Iterator[bytes]:
    """The temporary path of a file."""
    temporary = lib.uh_temporary_create(text(path))
    yield path_of(temporary)
    lib.uh_temporary_free(temporary)


def path_of(temporary: Any) -> bytes:
    return bytes(ffi.string(ffi.cast("char *", temporary.path)))


@given(paths)
def test_names_are_short_and_known(path: bytes) -> None:
    with created(path) as temporary:
        directory, _, name = temporary.rpartition(b"/")
        assert directory == path.rpartition(b"/")[0]
        stem, _, extension = name.partition(b".")
        assert len(stem) <= 8 and len(extension) <= 3
        assert lib.uhttpd_name_is_temporary(text(name))
        assert lib.uhttpd_name_is_temporary(text(name.upper()))


def test_each_has_one_of_its_own() -> None:
    with created(b"/a/f") as first:
        with created(b"/a/f") as second, created(b"/A/F") as third:
            assert len({first.lower(), second.lower(), third.lower()}) == 3
        with created(b"/a/f") as again:
            assert again == second


def test_the_next_upload_of_a_file_meets_its_leftover() -> None:
    with created(b"/a/f") as first:
        pass
    with created(b"/a/f") as second:
        assert first == second


def test_a_name_in_use_is_not_given_again() -> None:
    with created(b"/a/f") as path:
        for used in (path, path.upper(), path.replace(b".~up", b".~to")):
            assert lib.uh_temporary_seize(text(used)) == ffi.NULL
    seized = lib.uh_temporary_seize(text(path.replace(b".~up", b".~to")))
    assert path_of(seized) == path
    with created(b"/a/f") as other:
        assert other != path
    lib.uh_temporary_free(seized)


@pytest.mark.parametrize(
    "name",
    [
        *(b"", b"a", b"12345678", b"1234567.~up", b"12345678.~upx", b"12345678.up"),
        *(b"x2345678.~up", b"1234567.~to", b"12345678.~wrx", b"x2345678.~to", b"12345678.wr"),
    ],
)
def test_other_names_are_not_temporary(name: bytes) -> None:
    assert not lib.uhttpd_name_is_temporary(text(name))


@pytest.mark.parametrize("extension", [b".~up", b".~to", b".~wr"])
def test_reserved_names(extension: bytes) -> None:
    name = b"0123abcd" + extension
    assert lib.uhttpd_name_is_temporary(text(name))
    for path in (name, b"/" + name, b"/a/" + name + b"/", b"a/" + name + b"/b"):
        assert lib.uhttpd_path_is_temporary(text(path))
    for path in (b"", b"/", b"/a/" + name + b"x", b"/a/x" + name, b"/a" + name + b"/b"):
        assert not lib.uhttpd_path_is_temporary(text(path))
