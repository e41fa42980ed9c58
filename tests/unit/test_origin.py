# SPDX-License-Identifier: MIT
"""Origin against Host, and what may be listed as an origin: RFC 6454."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import lib, text_or_null


def matches(origin: bytes | None, host: bytes | None) -> bool:
    return lib.uh_origin_matches_host(text_or_null(origin), text_or_null(host))


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (b"http://a", b"a"),
        (b"http://a", b"a:80"),
        (b"http://a:80", b"a"),
        (b"http://a", b"a:"),
        (b"https://a", b"a"),
        (b"https://a", b"a:443"),
        (b"https://a:443", b"a"),
        (b"http://a:8080", b"a:8080"),
        (b"http://a:080", b"a:80"),
        (b"http://ESP.local", b"esp.LOCAL"),
        (b"HTTP://a", b"a"),
        (b"http://192.168.4.1:8266", b"192.168.4.1:8266"),
        (b"http://[::1]:80", b"[::1]"),
        (b"http://[FE80::1]", b"[fe80::1]:80"),
    ],
)
def test_same(origin: bytes, host: bytes) -> None:
    assert matches(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (b"http://evil", b"a"),
        (b"http://a.evil", b"a"),
        (b"http://evil.a", b"a"),
        (b"http://a", b"a.b"),
        (b"http://ab", b"a"),
        (b"http://a:8080", b"a"),
        (b"http://a", b"a:8080"),
        (b"http://a:81", b"a:80"),
        (b"https://a", b"a:80"),
        (b"http://a", b"a:443"),
        (b"http://[::1]", b"[::2]"),
    ],
)
def test_other(origin: bytes, host: bytes) -> None:
    assert not matches(origin, host)


@pytest.mark.parametrize(
    "origin",
    [
        b"null",
        b"",
        b"a",
        b"//a",
        b"http:a",
        b"http:/a",
        b"http://",
        b"http://:80",
        b"http://a/",
        b"http://a/b",
        b"http://a?",
        b"http://a#",
        b"http://a http://b",
        b"http://a, http://b",
        b"http://u@a",
        b"http://a:b",
        b"http://a:65616",
        b"http://a:80:80",
        b" http://a",
        b"http://a ",
        b"file://a",
        b"ftp://a",
        b"ws://a",
        b"chrome-extension://a",
        b"http://a\\",
    ],
)
def test_malformed_and_opaque_origins_are_refused(origin: bytes) -> None:
    assert not matches(origin, b"a")


@pytest.mark.parametrize("host", [None, b"", b"a b", b"a:b", b"a@a", b"a/"])
def test_an_origin_needs_a_host_to_match(host: bytes | None) -> None:
    assert not matches(b"http://a", host)


@pytest.mark.parametrize("host", [None, b"a", b"?"])
def test_no_origin_no_browser(host: bytes | None) -> None:
    assert matches(None, host)


label = st.text("ab-1.", min_size=1, max_size=5).map(str.encode)
port = st.sampled_from([None, 80, 443, 8080])


def join(host: bytes, port: int | None) -> bytes:
    return host if port is None else host + b":%d" % port


@given(st.sampled_from([b"http", b"https"]), label, port, label, port)
def test_host_and_port_decide(
    scheme: bytes, name: bytes, port: int | None, other_name: bytes, other_port: int | None
) -> None:
    default = 80 if scheme == b"http" else 443
    same = (name, port or default) == (other_name, other_port or default)
    origin = scheme + b"://" + join(name, port)
    assert matches(origin, join(other_name, other_port)) == same
    assert matches(origin, join(name, port))


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_any_bytes_are_survived(origin: bytes, host: bytes) -> None:
    matches(origin, host)
    matches(b"http://" + origin, host)


@pytest.mark.parametrize(
    "origin",
    [b"http://a", b"https://a.example:8443", b"http://[fe80::1]:80", b"HTTP://A", b"file://"]
    + [b"null", b"app+x-1.2://id"],
)
def test_what_browsers_send(origin: bytes) -> None:
    assert lib.uhttpd_is_origin(text_or_null(origin))


@pytest.mark.parametrize(
    "text",
    [b"", b"*", b"a", b"a:80", b"://a", b"http://", b"http:///", b"http://a/", b"http://a?b"]
    + [b"http://a#", b"http://u@a", b"http://*.a", b"http://a b", b"http://a\n", b"ht tp://a"]
    + [b"http://gr\xc3\xb6\xc3\x9fe", b"nullx", b"http//a", b"http:/a"],
)
def test_what_no_browser_sends(text: bytes) -> None:
    assert not lib.uhttpd_is_origin(text_or_null(text))
