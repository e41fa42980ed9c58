# SPDX-License-Identifier: MIT
"""What files are called while they are being received."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import ffi, lib, text

names = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"), min_size=1
).filter(lambda name: name not in (".", ".."))


@given(names)
def test_temporary_names_are_known(name: str) -> None:
    temporary = ffi.new("char[]", 13)
    lib.uh_file_temporary_name(text(name.encode()), temporary)
    found = ffi.string(temporary)
    assert lib.uh_file_is_temporary(text(found))
    assert lib.uh_file_is_temporary(text(found.upper()))
    stem, _, extension = found.partition(b".")
    assert len(stem) <= 8 and len(extension) <= 3
    assert not lib.uh_file_is_temporary(text(name.encode())) or len(name) == 12


@pytest.mark.parametrize(
    "name",
    [
        *(b"", b"a", b"12345678", b"1234567.~up", b"12345678.~upx", b"12345678.up"),
        *(b"x2345678.~up", b"1234567.~wr", b"12345678.~wrx", b"x2345678.~wr", b"12345678.wr"),
    ],
)
def test_other_names_are_not_temporary(name: bytes) -> None:
    assert not lib.uh_file_is_temporary(text(name))


@given(names)
def test_a_kept_file_is_no_leftover(name: str) -> None:
    temporary = ffi.new("char[]", 13)
    lib.uh_file_temporary_name(text(name.encode()), temporary)
    before = ffi.string(temporary)
    assert not lib.uh_file_kept_as_temporary(temporary)
    lib.uh_file_name_as_kept(temporary)
    assert not lib.uh_file_is_temporary(temporary)
    assert lib.uh_file_kept_as_temporary(temporary)
    assert ffi.string(temporary) == before


def test_capitals_make_no_difference() -> None:
    """Where the file system does not tell them apart, two uploads of one file meet."""
    found = []
    for name in (b"README.TXT", b"readme.txt", b"Readme.txt", b"readme-txt"):
        temporary = ffi.new("char[]", 13)
        lib.uh_file_temporary_name(text(name), temporary)
        found.append(ffi.string(temporary))
    assert len(set(found)) == 2 and found[0] == found[1] == found[2]
