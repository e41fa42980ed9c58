# SPDX-License-Identifier: MIT
"""Addresses that people write, and what they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webrepl_client.address import Address, candidates


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("board.local", ["ws://board.local:80/ws", "ws://board.local:8266/"]),
        ("10.0.0.1:8266", ["ws://10.0.0.1:8266/ws", "ws://10.0.0.1:8266/"]),
        ("fe80::1", ["ws://[fe80::1]:80/ws", "ws://[fe80::1]:8266/"]),
        ("[fe80::1]:81", ["ws://[fe80::1]:81/ws", "ws://[fe80::1]:81/"]),
        ("ws://a/ws", ["ws://a:80/ws"]),
        ("wss://a:4443/repl?x=1", ["wss://a:4443/repl?x=1"]),
        ("https://a", ["wss://a:443/"]),
    ],
)
def test_addresses_are_understood(text: str, urls: list[str]) -> None:
    assert [address.url for address in candidates(text)] == urls


@pytest.mark.parametrize(
    "text",
    ["", "a b", "a/b", "user@a", "a:", "ws://", "ws://u:p@a/", "ftp://a", "ws://a:99999/", "a:0"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        candidates(text)


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        assert all(isinstance(found, Address) for found in candidates(text))
    except ValueError:
        return
