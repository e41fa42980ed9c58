# SPDX-License-Identifier: MIT
"""What WebREPL writes is known to uhttpd as temporary, and left alone while it is in use."""

from __future__ import annotations

import errno

import pytest

from .machines import ffi, lib, new, text


def temporary(path: bytes) -> bytes:
    """The temporary name for a path."""
    room = new("char[]", len(path) + lib.UHTTPD_TEMPORARY_LEN + 1)
    lib.uhttpd_temporary_path(text(path), room)
    return bytes(ffi.string(room))


@pytest.mark.parametrize("path", [b"f", b"/f", b"lib/f", b"/a/b/f.py", b"/" + b"n" * 255])
def test_temporary_names_are_known(path: bytes) -> None:
    directory, slash, name = path.rpartition(b"/")
    found = temporary(path)
    assert found.startswith(directory + slash)
    last = found.removeprefix(directory + slash)
    assert lib.uh_file_is_temporary(text(last))
    assert lib.uh_file_is_foreign_temporary(text(last.upper()))
    upload = new("char[]", 13)
    lib.uh_file_temporary_name(text(name), upload)
    assert ffi.string(upload) != last
    assert not lib.uh_file_is_foreign_temporary(upload)


def test_the_same_name_in_other_directories_has_another_one() -> None:
    assert temporary(b"/a/f").removeprefix(b"/a/") != temporary(b"/b/f").removeprefix(b"/b/")


def test_what_is_held_is_not_stale() -> None:
    path, name = text(b"/lib/0123abcd.~wr"), text(b"0123ABCD.~WR")
    assert lib.uhttpd_temporary_hold(path) == 0
    assert not lib.uh_file_hold_stale(name)
    assert lib.uhttpd_temporary_hold(path) == 0  # kept, and going on
    lib.uhttpd_temporary_release(path)
    assert not lib.uh_file_hold_stale(name)
    lib.uhttpd_temporary_release(path)
    assert lib.uh_file_hold_stale(name)
    lib.uhttpd_temporary_release(name)


def test_what_is_being_removed_is_not_written() -> None:
    name = text(b"0123abcd.~wr")
    assert lib.uh_file_hold_stale(name)
    assert lib.uhttpd_temporary_hold(name) == errno.EBUSY
    assert lib.uhttpd_temporary_hold(text(b"0123abce.~wr")) == 0
    lib.uhttpd_temporary_release(text(b"0123abce.~wr"))
    lib.uhttpd_temporary_release(name)
    assert lib.uhttpd_temporary_hold(name) == 0
    lib.uhttpd_temporary_release(name)
    lib.uhttpd_temporary_release(name)  # once too often
