# SPDX-License-Identifier: MIT
"""Conditional requests: RFC 9110 section 13, in the order of section 13.2.2."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import is_resource_modified

from .parsers import ffi, lib, text_or_null

NOW = 1_750_000_000
OLDER, SAME, NEWER = (formatdate(NOW + shift, usegmt=True) for shift in (-1, 0, 1))
ETAG = '"a"'
FIELDS = ["if_match", "if_none_match", "if_modified_since", "if_unmodified_since", "if_range"]


class State:
    """The arguments of the functions under test. Keeps their strings alive."""

    def __init__(self, headers: dict[str, str], etag: str | None, modified: int, exists: bool):
        """Headers by the names of their fields."""
        self.keep = {name: text_or_null(value.encode()) for name, value in headers.items()}
        self.etag = text_or_null(etag.encode() if etag else None)
        self.conditions = ffi.new("uh_conditions_t *", self.keep)
        self.validators = ffi.new("uh_validators_t *", (exists, self.etag, modified))


def judge(
    headers: dict[str, str],
    etag: str | None = ETAG,
    modified: int = NOW,
    exists: bool = True,
    reads: bool = True,
) -> int:
    state = State(headers, etag, modified, exists)
    return lib.uh_conditions_judge(state.conditions, state.validators, reads)


def allows_range(if_range: str | None, etag: str | None = ETAG, modified: int = NOW) -> bool:
    state = State({} if if_range is None else {"if_range": if_range}, etag, modified, True)
    return lib.uh_conditions_allow_range(state.conditions, state.validators)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 0),
        ({"if_match": '"a"'}, 0),
        ({"if_match": '"b", "a"'}, 0),
        ({"if_match": "*"}, 0),
        ({"if_match": '"b"'}, 412),
        ({"if_match": 'W/"a"'}, 412),
        ({"if_none_match": '"a"'}, 304),
        ({"if_none_match": 'W/"a"'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"b"'}, 0),
        ({"if_modified_since": OLDER}, 0),
        ({"if_modified_since": SAME}, 304),
        ({"if_modified_since": NEWER}, 304),
        ({"if_modified_since": "yesterday"}, 0),
        ({"if_unmodified_since": OLDER}, 412),
        ({"if_unmodified_since": SAME}, 0),
        ({"if_unmodified_since": NEWER}, 0),
        ({"if_unmodified_since": "yesterday"}, 0),
        # A tag goes before a date.
        ({"if_match": '"a"', "if_unmodified_since": OLDER}, 0),
        ({"if_match": '"b"', "if_unmodified_since": SAME}, 412),
        ({"if_none_match": '"b"', "if_modified_since": SAME}, 0),
        ({"if_none_match": '"a"', "if_modified_since": OLDER}, 304),
        # Conditions that refuse come before those that spare the body.
        ({"if_match": '"b"', "if_none_match": '"a"'}, 412),
        ({"if_match": '"a"', "if_none_match": '"a"'}, 304),
        ({"if_unmodified_since": OLDER, "if_modified_since": SAME}, 412),
    ],
)
def test_reading(headers: dict[str, str], status: int) -> None:
    assert judge(headers) == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_match": '"a"'}, 0),
        ({"if_match": '"b"'}, 412),
        ({"if_none_match": "*"}, 412),
        ({"if_none_match": '"a"'}, 412),
        ({"if_none_match": '"b"'}, 0),
        ({"if_modified_since": SAME}, 0),
        ({"if_unmodified_since": OLDER}, 412),
        ({"if_unmodified_since": SAME}, 0),
    ],
)
def test_writing(headers: dict[str, str], status: int) -> None:
    assert judge(headers, reads=False) == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_match": "*"}, 412),
        ({"if_match": '"a"'}, 412),
        ({"if_none_match": "*"}, 0),
        ({"if_none_match": '"a"'}, 0),
        ({"if_modified_since": SAME}, 0),
        ({"if_unmodified_since": OLDER}, 0),
    ],
)
def test_missing_files(headers: dict[str, str], status: int) -> None:
    assert judge(headers, exists=False, reads=False) == status


def test_unknown_validators_match_nothing() -> None:
    assert judge({"if_match": '"a"'}, etag=None) == 412
    assert judge({"if_match": "*"}, etag=None) == 0
    assert judge({"if_none_match": '"a"'}, etag=None) == 0
    assert judge({"if_modified_since": NEWER}, modified=0) == 0
    assert judge({"if_unmodified_since": OLDER}, modified=0) == 0


@pytest.mark.parametrize(
    ("if_range", "allowed"),
    [
        (None, True),
        ('"a"', True),
        ('"b"', False),
        ('W/"a"', False),
        ('"a", "b"', False),
        ("*", False),
        ("", False),
        (SAME, True),
        (OLDER, False),
        (NEWER, False),
    ],
)
def test_ranges(if_range: str | None, allowed: bool) -> None:
    assert allows_range(if_range) is allowed


def test_ranges_with_unknown_validators() -> None:
    assert not allows_range('"a"', etag=None)
    assert not allows_range(SAME, etag=None)
    assert not allows_range(formatdate(0, usegmt=True), modified=0)


tags = st.none() | st.sampled_from(['"a"', '"b"', 'W/"a"', '"b", "a"', "*"])
dates = st.none() | st.sampled_from([OLDER, SAME, NEWER, "yesterday"])


@given(tags, dates)
def test_bodies_are_spared_as_by_werkzeug(none_match: str | None, since: str | None) -> None:
    headers = {"if_none_match": none_match, "if_modified_since": since}
    environ = {f"HTTP_{name.upper()}": value for name, value in headers.items() if value}
    environ["REQUEST_METHOD"] = "GET"
    if none_match and since:
        del environ["HTTP_IF_MODIFIED_SINCE"]  # ignored then, but not by Werkzeug
    last = formatdate(NOW, usegmt=True)
    modified = is_resource_modified(environ, etag="a", last_modified=last)
    given_headers = {name: value for name, value in headers.items() if value}
    assert judge(given_headers) == (0 if modified else 304)
