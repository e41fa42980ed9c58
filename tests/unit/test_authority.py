# SPDX-License-Identifier: MIT
"""Host and port: RFC 3986 section 3.2. test_head.py tests refusals, with the header Host."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import chars, lib, text


def host_of(authority: bytes) -> bytes | None:
    """The host, or None for malformed ones."""
    length = lib.uh_authority_host_len(chars(authority), len(authority))
    assert length <= len(authority)
    return authority[:length] or None


@pytest.mark.parametrize(
    ("authority", "host"),
    [
        (b"a", b"a"),
        (b"a:80", b"a"),
        (b"a:", b"a"),
        (b"a:65535", b"a"),
        (b"a:00080", b"a"),
        (b"[::1]", b"[::1]"),
        (b"[::1]:80", b"[::1]"),
        (b"[::ffff:1.2.3.4]:", b"[::ffff:1.2.3.4]"),
        (b"a%2Fb", b"a%2Fb"),
        (b"a%2", None),
        (b"a%", None),
        (b"a:65536", None),
        (b"a:99999999999999999999999", None),
        (b"a:8a", None),
        (b"a:80:80", None),
        (b":80", None),
        (b"", None),
        (b"[", None),
        (b"[]", None),
        (b"[::1", None),
        (b"[::1]a", None),
        (b"[::1%25en0]", None),
        (b"u@a", None),
        (b"a\0", None),
        (b"a ", None),
    ],
)
def test_hosts(authority: bytes, host: bytes | None) -> None:
    assert host_of(authority) == host


@given(st.binary(max_size=20))
def test_any_bytes_are_survived(data: bytes) -> None:
    for authority in (data, b"[" + data, b"[" + data + b"]", b"a:" + data, b"%" + data):
        host_of(authority)


@pytest.mark.parametrize(
    ("authority", "wanted", "same"),
    [
        (b"esp.local", b"esp.local", True),
        (b"ESP.local:8080", b"esp.LOCAL", True),
        (b"esp.local:8080", b"esp.local:8080", True),
        (b"esp.local", b"esp.local:8080", False),
        (b"esp.local:80", b"esp.local:8080", False),
        (b"esp.local:80801", b"esp.local:8080", False),
        (b"[::1]:80", b"[::1]", True),
        (b"[::1]", b"[::2]", False),
        (b"esp.local.evil", b"esp.local", False),
        (b"esp", b"esp.local", False),
        (b"", b"esp.local", False),
        (b"a b", b"a b", False),
        (b"a", b"", False),
    ],
)
def test_wanted(authority: bytes, wanted: bytes, same: bool) -> None:
    assert lib.uh_authority_is(text(authority), text(wanted)) == same
