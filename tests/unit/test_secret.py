# SPDX-License-Identifier: MIT
"""Comparing with a secret. Only reading the code shows that its time reveals nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import lib, text

words = st.text("ab", max_size=4).map(str.encode)


@given(words, words)
def test_equal_is_equal(given_: bytes, secret: bytes) -> None:
    assert lib.uh_secret_equals(text(given_), text(secret)) == (given_ == secret)


@pytest.mark.parametrize(
    ("header", "same"),
    [
        (b"Basic abc", True),
        (b"bAsIc abc", True),
        (b"Basic ABC", False),
        (b"Basic abcd", False),
        (b"Basic ab", False),
        (b"Basic  abc", False),
        (b"Basic abc ", False),
        (b"Basic", False),
        (b"Basicabc", False),
        (b"Bearer abc", False),
        (b"", False),
    ],
)
def test_authorization(header: bytes, same: bool) -> None:
    assert lib.uh_secret_is_authorization(text(header), text(b"Basic abc")) == same


@given(st.binary(max_size=12), st.binary(max_size=12))
def test_any_bytes_are_survived(given_: bytes, wanted: bytes) -> None:
    given_, wanted = given_.replace(b"\0", b""), wanted.replace(b"\0", b"")
    lib.uh_secret_is_authorization(text(given_), text(wanted))
    assert lib.uh_secret_is_authorization(text(wanted), text(wanted))
