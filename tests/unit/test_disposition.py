# SPDX-License-Identifier: MIT
"""Content-Disposition (RFC 6266), its extended names (RFC 8187), and other parameters."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import dump_options_header, parse_options_header

from .parsers import chars, ffi, lib, text

NAMELESS, MALFORMED = "nameless", "malformed"


def parse(value: bytes) -> bytes | str:
    """The name, or why there is none."""
    name = chars(b"?" * (len(value) + 1))
    result = lib.uh_disposition_parse(text(value), name)
    if result == lib.UH_DISPOSITION_NAMED:
        return ffi.string(name)
    return NAMELESS if result == lib.UH_DISPOSITION_NAMELESS else MALFORMED


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b'attachment; filename="/path/to/file"', b"/path/to/file"),
        (b'attachment;filename="a b.txt"', b"a b.txt"),
        (b'attachment ; filename = "a"', b"a"),
        (b"attachment; filename=a.txt", b"a.txt"),
        (b"ATTACHMENT; FileName=a.txt;", b"a.txt"),
        (b'attachment; size=5; filename="a"; x="y;z"', b"a"),
        (b'attachment; filename="a\\"b\\\\c"', b'a"b\\c'),
        (b'attachment; filename="; filename=b"', b"; filename=b"),
        (b'attachment; filename="a\\b"', b"a\\b"),
        (b'attachment; filename="C:\\new\\a b"', b"a b"),
        (b'attachment; filename="z:\\\\new\\\\a"', b"a"),
        (b"attachment; filename*=UTF-8''C%3A%5Ca", b"a"),
        (b'attachment; filename="C:a"', b"C:a"),
        (b'attachment; filename="1:\\a"', b"1:\\a"),
        (b'attachment; filename="\xc3\xa4.txt"', b"\xc3\xa4.txt"),
        (b"attachment; filename*=UTF-8''%c3%a4%2Fb.txt", b"\xc3\xa4/b.txt"),
        (b"attachment; filename*=utf-8'de'a-b", b"a-b"),
        (b"attachment; filename*=UTF-8''b; filename=a", b"b"),
        (b"attachment; filename=a; filename*=UTF-8''b", b"b"),
        (b"attachment; ;; filename=a ;", b"a"),
    ],
)
def test_names(value: bytes, name: bytes) -> None:
    assert parse(value) == name


@pytest.mark.parametrize(
    "value",
    [
        b"attachment",
        b"attachment;",
        b"inline; name=a",
        b"attachment; filename2=a",
        b'form-data; filename=""',
    ],
)
def test_no_name(value: bytes) -> None:
    assert parse(value) == NAMELESS


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b" attachment; filename=a",
        b";filename=a",
        b'"attachment"; filename=a',
        b"attachment filename=a",
        b"attachment, filename=a",
        b"attachment; filename",
        b"attachment; filename=",
        b"attachment; filename=/a",
        b"attachment; filename=a b",
        b'attachment; filename="a',
        b'attachment; filename="a\\"',
        b'attachment; filename="C:\\\\"',
        b'attachment; filename="a"b',
        b'attachment; =a; filename="a"',
        b"attachment; filename=a; filename=b",
        b"attachment; filename*=UTF-8''a; filename*=UTF-8''a",
        b'attachment; filename="a\tb"',
        b'attachment; filename="a\x01b"',
        b'attachment; filename="a\\\x01b"',
        b'attachment; filename="a\x7fb"',
        b'attachment; filename="\xff"',
        b'attachment; filename="\xc3"',
        b'attachment; filename="\xed\xa0\x80"',
        b"attachment; filename*=a",
        b"attachment; filename*=UTF-8'",
        b"attachment; filename*=UTF-8''",
        b"attachment; filename*=UTF-8''%",
        b"attachment; filename*=UTF-8''%4",
        b"attachment; filename*=UTF-8''%4g",
        b"attachment; filename*=UTF-8''%00",
        b"attachment; filename*=UTF-8''a%0d%0ab",
        b"attachment; filename*=UTF-8''%ff",
        b"attachment; filename*=UTF-8''a*b",
        b"attachment; filename*=UTF-8'''a",
        b"attachment; filename*=ISO-8859-1''a",
        b"attachment; filename*=\"UTF-8''a\"",
        b"attachment; filename=\"\xff\"; filename*=UTF-8''a",
    ],
)
def test_malformed(value: bytes) -> None:
    assert parse(value) == MALFORMED


@pytest.mark.parametrize(
    ("value", "same"),
    [
        (b"attachment", True),
        (b"Attachment; filename=a", True),
        (b"attachment;", True),
        (b"attachement", False),
        (b"attachments", False),
        (b"attach", False),
        (b"", False),
    ],
)
def test_type(value: bytes, same: bool) -> None:
    assert lib.uh_disposition_is(text(value), text(b"attachment")) == same


visible = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=["\x7f"]), min_size=1
)


@given(visible)
def test_names_written_by_werkzeug_are_read(name: str) -> None:
    header = dump_options_header("attachment", {"filename": name})
    assert parse(header.encode()) == name.encode()


@given(visible, visible)
def test_extended_names_win(name: str, other: str) -> None:
    escaped = other.replace("\\", "\\\\").replace('"', '\\"')
    extended = quote(name, safe="!#$&+-.^_`|~")
    value = f"attachment; filename=\"{escaped}\"; filename*=UTF-8''{extended}"
    assert parse(value.encode()) == name.encode()


pieces = st.lists(
    st.sampled_from(
        [b"attachment", b"; ", b"filename", b"*", b"=", b'"', b"\\", b"a", b"UTF-8''", b"%41"]
        + [b"/", b" ", b"%c3", b"%a4", b"\xc3\xa4", b"%00", b","]
    )
).map(b"".join)


@given(pieces)
def test_a_name_is_one_that_werkzeug_reads(value: bytes) -> None:
    """Not the other way round: werkzeug also accepts malformed values."""
    value = b"attachment; " + value
    name = parse(value)
    if isinstance(name, bytes):
        read = parse_options_header(value.decode())[1].get("filename")
        assert read is not None
        assert read.replace("\\", "").encode() == name.replace(b"\\", b"")


@given(st.binary(max_size=60).filter(lambda value: b"\0" not in value))
def test_anything(value: bytes) -> None:
    for prefix in (b"", b"attachment; filename=", b"attachment; filename*=UTF-8''"):
        name = parse(prefix + value)
        if isinstance(name, bytes):
            assert name.decode().isprintable() or min(name) >= 0x20
