# SPDX-License-Identifier: MIT
"""Paths in their normal form (RFC 3986 section 6.2.2), and the patterns of routes."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .parsers import chars, composed, ffi, lib, text

PLAIN = "-._~!$&'()*+,;=:@"
"""Marks that a segment of a path has without escapes."""


def normalized(path: bytes) -> bytes:
    buf = chars(path)
    return bytes(ffi.buffer(buf, lib.uh_path_normalize(buf, len(path))))


def fault(url: str) -> str | None:
    found = lib.uhttpd_url_fault(text(url.encode()))
    return None if found == ffi.NULL else ffi.string(found).decode()


def pattern_text(url: str) -> bytes:
    whole = text(url.encode())
    return composed(lambda out: lib.uh_pattern_add(out, whole))


def match(url: str, path: str) -> dict[str, tuple[str, bool]] | None:
    """What each parameter stands for, and whether it is an int; None if the path is another."""
    assert fault(url) is None
    compiled = pattern_text(url)
    keep = text(compiled)
    wildcard = url.endswith("*")
    pattern = ffi.new(
        "uh_pattern_t *", {"text": keep, "len": len(compiled) - wildcard, "wildcard": wildcard}
    )
    sent = normalized(path.encode())
    buf = chars(sent)
    if not lib.uh_pattern_match(pattern, buf, len(sent), 0, ffi.NULL):
        return None
    found = {}
    for n in range(url.count("<") + 1):
        param = ffi.new("uhttpd_param_t *")
        assert lib.uh_pattern_match(pattern, buf, len(sent), n, param)
        if param.name == ffi.NULL:
            break
        name = bytes(ffi.buffer(param.name, param.name_len)).decode()
        value = bytes(ffi.buffer(param.value, param.len)).decode()
        found[name] = (value, bool(param.is_int))
    return found


class TestNormalForm:
    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            (b"", b""),
            (b"/plain", b"/plain"),
            (b"/%61%7e%2B", b"/a~+"),
            (b"/%2e%2E/", b"/../"),
            (b"/a%2fb", b"/a%2Fb"),
            (b"/%c3%a4 ", b"/%C3%A4 "),
            (b"/%25%32%35", b"/%252" + b"5"),
            (b"/%2541", b"/%2541"),
            (b"/100%", b"/100%"),
            (b"/%61%", b"/%61%"),
            (b"/%%34%31", b"/%%34%31"),
            (b"/%3Cscript%3e", b"/%3Cscript%3E"),
        ],
    )
    def test_of(self, path: bytes, expected: bytes) -> None:
        assert normalized(path) == expected

    @given(st.binary(max_size=30))
    def test_means_the_same_and_is_one(self, data: bytes) -> None:
        everything = b"/" + b"".join(b"%%%02x" % byte for byte in data)
        usual = ("/" + quote(data, safe=PLAIN)).encode()
        assert normalized(everything) == normalized(usual) == usual
        assert unquote_to_bytes(usual) == b"/" + data

    @given(st.text("%abf4/26E ", max_size=12))
    def test_of_anything_is_stable_and_decodes_to_the_same(self, path: str) -> None:
        once = normalized(path.encode())
        assert normalized(once) == once
        assert unquote_to_bytes(once) == unquote_to_bytes(path)


class TestFault:
    @pytest.mark.parametrize(
        "url",
        [
            *("/", "/*", "/a b", "/größe", "/100%", "/%3Ca%3E", "/a/<b>"),
            "/<int:n>/x/<path:rest>",
            *("/<name>.txt", "/v<int:major>/*", "/<path:p>/edit", "/<_>/<A1>", "/{a}"),
        ],
    )
    def test_none(self, url: str) -> None:
        assert fault(url) is None

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("", "must start with '/'"),
            ("a", "must start with '/'"),
            ("<a>", "must start with '/'"),
            ("/*/b", "may have a '*' only at its end"),
            ("/a?b", "is a path: it must not contain '?' or '#'"),
            ("/<a>#", "is a path: it must not contain '?' or '#'"),
            *(
                (url, "has a parameter that is not <name>, <int:name> or <path:name>")
                for url in (
                    *("/<", "/>", "/<>", "/<a", "/a>", "/<a/b>", "/<1a>", "/<a-b>", "/<:a>"),
                    *("/<int:>", "/<float:a>", "/<a:b:c>", "/<<a>>", "/<ä>", "/<int>x>"),
                )
            ),
            ("/<a><b>", "has two parameters between slashes"),
            ("/<a>-<b>", "has two parameters between slashes"),
            ("/<a>/<int:a>", "has two parameters of one name"),
            ("/<path:a>/<path:b>", "has two parameters of the type path"),
            ("/" + "/".join(f"<a{i}>" for i in range(9)), "has more than 8 parameters"),
        ],
    )
    def test_is_named(self, url: str, expected: str) -> None:
        assert fault(url) == expected


class TestText:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("/a b", b"/a%20b"),
            ("/a%20b", b"/a%20b"),
            ("/%61", b"/a"),
            ("/a%2fb", b"/a%2Fb"),
            ("/größe", b"/gr%C3%B6%C3%9Fe"),
            ("/100%", b"/100%25"),
            ("/ä<int:n>%3C*", b"/%C3%A4<int:n>%3C*"),
        ],
    )
    def test_of(self, url: str, expected: bytes) -> None:
        assert pattern_text(url) == expected


class TestMatch:
    @pytest.mark.parametrize(
        ("url", "path"),
        [
            ("/", "/"),
            ("/a b", "/a%20b"),
            ("/größe", "/gr%c3%b6%C3%9Fe"),
            ("/a%20b", "/a%20b"),
            ("/a+b", "/a%2Bb"),
            ("/*", "/"),
            ("/*", "/anything/at%00all"),
            ("/a/*", "/a/"),
            ("/%2A", "/*"),
            ("/<a>/*", "/b/"),
        ],
    )
    def test_without_regard_to_the_escapes(self, url: str, path: str) -> None:
        assert match(url, path) is not None

    @pytest.mark.parametrize(
        ("url", "path"),
        [
            *(("/", ""), ("/", "//"), ("/a", "/A"), ("/a/b", "/a%2Fb"), ("/a/*", "/a")),
            *(("/<a>", "/"), ("/<a>", "/b/"), ("/<a>", "/b/c"), ("/<a>/c", "/b/d")),
            *(("/<a>", "/b%2Fc"), ("/<a>", "/b%00"), ("/<a>", "/."), ("/<a>", "/%2e%2E")),
            *(("/<a>", "/b%5Cc"), ("/<a>", "/b\\c"), ("/<a>", "/b%0d%0a"), ("/<a>", "/%7F")),
            *(("/<a>", "/%zz"), ("/<a>", "/%2e%2e%")),
            *(("/<a>.txt", "/.txt"), ("/<a>.txt", "/a.tx")),
            *(("/<int:n>", "/"), ("/<int:n>", "/-"), ("/<int:n>", "/1a"), ("/<int:n>", "/1.0")),
            *(("/<int:n>", "/+1"), ("/<int:n>", "/" + 19 * "9"), ("/<int:n>", "/%D9%A1")),
            *(("/<path:p>", "/"), ("/<path:p>", "//etc"), ("/<path:p>", "/a/../b")),
            *(("/<path:p>", "/a//b"), ("/<path:p>", "/a/%2e%2e"), ("/<path:p>", "/a%2fb")),
            *(("/<path:p>", "/./a"), ("/<path:p>", "/a/."), ("/<path:p>/edit", "/edit")),
            *(("/<path:p>/edit", "/a/b/edi"), ("/<path:p>/edit", "/../edit")),
        ],
    )
    def test_of_another_path(self, url: str, path: str) -> None:
        assert match(url, path) is None

    @pytest.mark.parametrize(
        ("url", "path", "expected"),
        [
            ("/<a>", "/b", {"a": ("b", False)}),
            ("/<a>", "/...", {"a": ("...", False)}),
            ("/<a>", "/%C3%A4%20", {"a": ("%C3%A4%20", False)}),
            ("/x<a>y", "/xxyy", {"a": ("xy", False)}),
            ("/<a>.txt", "/b.txt.txt", {"a": ("b.txt", False)}),
            ("/<int:n>", "/007", {"n": ("007", True)}),
            ("/<int:n>", "/-" + 18 * "9", {"n": ("-" + 18 * "9", True)}),
            ("/v<int:n>b", "/v12b", {"n": ("12", True)}),
            ("/<int:n>2", "/12", {"n": ("1", True)}),
            ("/<path:p>", "/a/b.txt", {"p": ("a/b.txt", False)}),
            ("/<path:p>", "/a/", {"p": ("a/", False)}),
            ("/<path:p>/edit", "/a/edit/edit", {"p": ("a/edit", False)}),
            (
                "/<path:p>/<int:n>/*",
                "/a/1/2/x",
                {"p": ("a/1", False), "n": ("2", True)},
            ),
            ("/u/<int:id>/<x>", "/u/7/me", {"id": ("7", True), "x": ("me", False)}),
        ],
    )
    def test_with_parameters(
        self, url: str, path: str, expected: dict[str, tuple[str, bool]]
    ) -> None:
        assert match(url, path) == expected

    @given(
        st.lists(st.sampled_from(["a", "<x>", "b<x>", "<x>c", "<int:x>", "<path:x>"]), max_size=4),
        st.text("ab/c1-.", max_size=10),
    )
    def test_agrees_with_a_regular_expression(self, segments: list[str], path: str) -> None:
        kinds = {"<x>": "[^/]+", "<int:x>": r"-?[0-9]{1,18}", "<path:x>": ".+"}
        named = [segment.replace("x>", f"x{i}>") for i, segment in enumerate(segments)]
        url = "/" + "/".join(named)
        if fault(url):
            return
        expression, groups = "/", []
        for i, segment in enumerate(segments):
            expression += "/" * (i > 0)
            for part in re.split("(<[^>]*>)", segment):
                expression += f"({kinds[part]})" if part in kinds else re.escape(part)
                groups += [f"x{i}"] if part in kinds else []
        found = re.fullmatch(expression, "/" + path)
        mine = match(url, "/" + path)
        clean = found and not any(
            segment in ("", ".", "..")
            for value in found.groups()
            for segment in value.rstrip("/").split("/")
            if not (value.endswith("/") and value.count("/") == 0)
        )
        if mine is None:
            assert not found or not clean
        else:
            assert found
            if clean:
                assert {name: value for name, (value, _) in mine.items()} == dict(
                    zip(groups, found.groups())
                )
