# SPDX-License-Identifier: MIT
"""Request heads: RFC 9112 sections 2 to 6, RFC 9110 sections 5 to 10."""

from __future__ import annotations

import re
from typing import NamedTuple

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .parsers import chars, ffi, lib, text

METHODS = {
    b"GET": lib.UHTTPD_GET,
    b"POST": lib.UHTTPD_POST,
    b"DELETE": lib.UHTTPD_DELETE,
    b"PUT": lib.UHTTPD_PUT,
    b"PATCH": lib.UHTTPD_PATCH,
    b"HEAD": lib.UHTTPD_HEAD,
    b"OPTIONS": lib.UHTTPD_OPTIONS,
    b"MOVE": lib.UHTTPD_MOVE,
}


class Head(NamedTuple):
    """A head that was accepted."""

    method: int
    name: bytes
    target: bytes
    path: bytes
    query: bytes | None
    headers: list[tuple[bytes, bytes]]
    minor: int
    keep_alive: bool
    chunked: bool
    expect_continue: bool
    upgrade: bool
    length: int


def find_end(data: bytes) -> int:
    return lib.uh_head_find_end(chars(data), len(data), ffi.new("size_t *"))


def parse(data: bytes) -> Head | int:
    """The head, or the status it is refused with."""
    buf = chars(data)
    head = ffi.new("uh_http_head_t *")
    status = lib.uh_head_parse(buf, len(data), head)
    if status != 0:
        return status

    def slice_of(offset: int, length: int) -> bytes:
        return ffi.buffer(buf, len(data))[offset : offset + length]

    assert ffi.string(buf + head.target) == slice_of(head.target, head.target_len)
    headers = []
    name, value = ffi.new("char **"), ffi.new("char **")
    last = ffi.new("uh_head_place_t *")
    while lib.uh_head_at(buf, head, last, len(headers), name, value):
        headers.append((ffi.string(name[0]), ffi.string(value[0])))
    assert len(headers) == head.header_count
    return Head(
        method=head.method,
        name=ffi.string(buf + head.method_name),
        target=slice_of(head.target, head.target_len),
        path=slice_of(head.path, head.path_len),
        query=slice_of(head.query, head.query_len) if head.query else None,
        headers=headers,
        minor=head.minor,
        keep_alive=head.keep_alive,
        chunked=head.chunked,
        expect_continue=head.expect_continue,
        upgrade=head.upgrade,
        length=head.content_length,
    )


def accept(data: bytes) -> Head:
    head = parse(data)
    assert isinstance(head, Head), f"refused with {head}"
    return head


def request(*headers: bytes, line: bytes = b"GET / HTTP/1.1", host: bytes = b"Host: a") -> bytes:
    lines = [line, host, *headers] if host else [line, *headers]
    return b"".join(item + b"\r\n" for item in lines) + b"\r\n"


class TestEnd:
    """uh_head_find_end(): when is a head whole?"""

    @pytest.mark.parametrize(
        ("data", "end"),
        [
            (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27),
            (b"GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\r\n\r\n", 27),
            (b"GET / HTTP/1.1\r\n\r\n", 18),
            (b"", 0),
            (b"GET / HTTP/1.1\r\nHost: a\r\n", 0),
            (b"GET / HTTP/1.1\r\nHost: a\r\n\r", 0),
            (b"\r\n\r\nGET / HTTP/1.1\r\n\r\n", 22),
            (b"\r\n", 0),
            (b"\r\n\r\n", 0),
        ],
    )
    def test_ends_behind_the_blank_line(self, data: bytes, end: int) -> None:
        assert find_end(data) == end

    @pytest.mark.parametrize(
        "data",
        [
            b"GET / HTTP/1.1\nHost: a\n\n",
            b"GET / HTTP/1.1\r\nHost: a\n\n",
            b"GET / HTTP/1.1\nHost: a\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n\n",
            b"\r\n\n",
            b"\n",
            b"A\n\r\n",
        ],
    )
    def test_bare_line_feeds_are_refused_at_once(self, data: bytes) -> None:
        end = find_end(data)
        assert end > 0
        assert parse(data[:end]) == 400

    def test_a_third_empty_line_is_refused_at_once(self) -> None:
        end = find_end(b"\r\n\r\n\r\n")
        assert end == 6
        assert parse(b"\r\n\r\n\r\n") == 400

    @given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a"]), max_size=12), st.data())
    def test_is_the_same_however_the_head_arrives(
        self, parts: list[bytes], data: st.DataObject
    ) -> None:
        whole = b"".join(parts)
        cut = data.draw(st.integers(0, len(whole)))
        scanned = ffi.new("size_t *")
        first = lib.uh_head_find_end(chars(whole[:cut]), cut, scanned)
        assert scanned[0] <= cut
        if first:
            assert first == find_end(whole)
        else:
            assert lib.uh_head_find_end(chars(whole), len(whole), scanned) == find_end(whole)


class TestRequestLine:
    """RFC 9112 section 3."""

    @pytest.mark.parametrize("name", METHODS)
    def test_methods(self, name: bytes) -> None:
        head = accept(request(line=name + b" /a HTTP/1.1"))
        assert (head.method, head.name, head.target) == (METHODS[name], name, b"/a")

    @pytest.mark.parametrize(
        "name",
        [b"get", b"TRACE", b"PROPFIND", b"GETS", b"GE", b"M-SEARCH", b"!#$%&'*", b"CONNECTS"],
    )
    @pytest.mark.parametrize("before", [b"", b"\r\n"])
    def test_other_methods_keep_their_name(self, name: bytes, before: bytes) -> None:
        head = accept(before + request(line=name + b" http://h HTTP/1.1"))
        assert (head.method, head.name, head.target) == (lib.UHTTPD_ANY, name, b"/")

    def test_connect_is_not_implemented(self) -> None:
        assert parse(request(line=b"CONNECT / HTTP/1.1")) == 501

    @pytest.mark.parametrize(
        "line",
        [
            b"GET  / HTTP/1.1",
            b"GET /  HTTP/1.1",
            b"GET / HTTP/1.1 ",
            b" GET / HTTP/1.1",
            b"GET\t/ HTTP/1.1",
            b"GET /\tHTTP/1.1",
            b"GET /a b HTTP/1.1",
            b"GET / ",
            b"GET /",
            b"GET",
            b"GET HTTP/1.1",
            b"GET / HTTP/1.1 HTTP/1.1",
            b"G(T / HTTP/1.1",
            b"G\0T / HTTP/1.1",
            b"G\xc3\x84T / HTTP/1.1",
        ],
    )
    def test_is_exactly_three_words_between_two_spaces(self, line: bytes) -> None:
        assert parse(request(line=line)) == 400

    @pytest.mark.parametrize("version", [b"HTTP/2.0", b"HTTP/0.9", b"HTTP/3", b"HTTP/2"])
    def test_other_major_versions_are_not_supported(self, version: bytes) -> None:
        assert parse(request(line=b"GET / " + version)) == 505

    @pytest.mark.parametrize(
        "version",
        [b"HTTP/1", b"HTTP/1.", b"HTTP/1.10", b"HTTP/11", b"HTTP/.1", b"HTTP/a", b"HTTP/-1.1"]
        + [b"http/1.1", b"HTTP 1.1", b"HTTP/1,1", b"HTTP/1.a", b"HTCPCP/1.0", b"HTTP/"],
    )
    def test_malformed_versions(self, version: bytes) -> None:
        assert parse(request(line=b"GET / " + version)) == 400

    @pytest.mark.parametrize("minor", [0, 1, 2, 9])
    def test_minor_versions(self, minor: int) -> None:
        assert accept(request(line=b"GET / HTTP/1.%d" % minor)).minor == minor

    def test_up_to_two_empty_lines_are_passed_over(self) -> None:
        assert accept(b"\r\n" + request()).target == b"/"
        assert accept(b"\r\n\r\n" + request()).target == b"/"
        assert parse(b"\r\n\r\n\r\n" + request()) == 400


class TestTarget:
    """RFC 9112 section 3.2."""

    @pytest.mark.parametrize(
        ("target", "path", "query"),
        [
            (b"/", b"/", None),
            (b"/a/b.txt", b"/a/b.txt", None),
            (b"/a?", b"/a", b""),
            (b"/a?b=c&d", b"/a", b"b=c&d"),
            (b"/a?b?c", b"/a", b"b?c"),
            (b"//a", b"//a", None),
            (b'/%00/|{}^`\\"<>', b'/%00/|{}^`\\"<>', None),
        ],
    )
    def test_origin_form(self, target: bytes, path: bytes, query: bytes | None) -> None:
        head = accept(request(line=b"GET " + target + b" HTTP/1.1"))
        assert (head.target, head.path, head.query) == (target, path, query)

    @pytest.mark.parametrize(
        ("target", "expected", "path", "query"),
        [
            (b"/%61%2f%2e", b"/a%2F.", b"/a%2F.", None),
            (b"/%61?%61#%61", b"/a?%61#%61", b"/a", b"%61"),
            (b"/%61%zz?b", b"/%61%zz?b", b"/%61%zz", b"b"),
            (b"http://h/%61?b", b"/a?b", b"/a", b"b"),
            (b"http://h/%61%62%63", b"/abc", b"/abc", None),
        ],
    )
    def test_path_is_in_its_normal_form(
        self, target: bytes, expected: bytes, path: bytes, query: bytes | None
    ) -> None:
        line = b"GET " + target + b" HTTP/1.1"
        head = accept(request(b"X-Next: 1", line=line, host=b"Host: h"))
        assert (head.target, head.path, head.query) == (expected, path, query)
        assert head.headers == [(b"Host", b"h"), (b"X-Next", b"1")]

    @pytest.mark.parametrize(
        ("target", "host", "rest", "path", "query"),
        [
            (b"http://b/c", b"b", b"/c", b"/c", None),
            (b"http://b", b"b", b"/", b"/", None),
            (b"http://b?c", b"b", b"/?c", b"/", b"c"),
            (b"http://b?/c", b"b", b"/?/c", b"/", b"/c"),
            (b"HTTPS://b.example:8443/c?d", b"b.example:8443", b"/c?d", b"/c", b"d"),
            (b"http://[::1]:80/", b"[::1]:80", b"/", b"/", None),
            (b"http://b/http://c/", b"b", b"/http://c/", b"/http://c/", None),
        ],
    )
    def test_absolute_form_brings_the_host(
        self, target: bytes, host: bytes, rest: bytes, path: bytes, query: bytes | None
    ) -> None:
        head = accept(request(b"X: y", line=b"GET " + target + b" HTTP/1.1", host=b"Host: other"))
        assert (head.target, head.path, head.query) == (rest, path, query)
        assert head.headers == [(b"Host", host), (b"X", b"y")]

    @pytest.mark.parametrize(
        ("target", "meant"), [(b"http://b", b"*"), (b"http://b/", b"/"), (b"http://b?c", b"/?c")]
    )
    def test_absolute_form_of_options(self, target: bytes, meant: bytes) -> None:
        head = accept(request(line=b"OPTIONS " + target + b" HTTP/1.1"))
        assert (head.target, head.headers) == (meant, [(b"Host", b"b")])

    def test_absolute_form_needs_no_host_in_http_1_0(self) -> None:
        head = accept(request(line=b"GET http://b HTTP/1.0", host=b""))
        assert head.headers == [(b"Host", b"b")]

    def test_absolute_form_does_not_stand_in_for_a_missing_host(self) -> None:
        assert parse(request(line=b"GET http://b/ HTTP/1.1", host=b"")) == 400

    def test_absolute_form_does_not_excuse_a_second_host(self) -> None:
        assert parse(request(b"Host: a", line=b"GET http://b/ HTTP/1.1")) == 400

    @pytest.mark.parametrize(
        "target",
        [
            b"http://",
            b"http:///a",
            b"http://?a",
            b"http:/a",
            b"http://user@b/",
            b"http://user:pw@b/",
            b"http://b:65536/",
            b"http://b:x/",
            b"http://b%2/",
            b"http://b\\c/",
            b"ftp://b/",
            b"httpx://b/",
            b"ws://b/",
        ],
    )
    def test_malformed_absolute_form(self, target: bytes) -> None:
        assert parse(request(line=b"GET " + target + b" HTTP/1.1")) == 400

    def test_asterisk_form_is_for_options_alone(self) -> None:
        head = accept(request(line=b"OPTIONS * HTTP/1.1"))
        assert (head.target, head.path, head.query) == (b"*", b"*", None)
        assert parse(request(line=b"GET * HTTP/1.1")) == 400
        assert parse(request(line=b"OPTIONS ** HTTP/1.1")) == 400

    @pytest.mark.parametrize(
        "target",
        [b"a", b"?a", b"a:80", b"/\x7f", b"/\x01", b"/\0", b"/\r", b"/\n", b"/\x80", b"/\xc3\xa4"],
    )
    def test_anything_else(self, target: bytes) -> None:
        assert parse(request(line=b"GET " + target + b" HTTP/1.1")) == 400

    @pytest.mark.parametrize(
        ("target", "received", "path", "query"),
        [
            (b"/a#b", b"/a#b", b"/a", None),
            (b"/#", b"/#", b"/", None),
            (b"/a?b#c", b"/a?b#c", b"/a", b"b"),
            (b"/a?#c", b"/a?#c", b"/a", b""),
            (b"/a#b?c", b"/a#b?c", b"/a", None),
            (b"/a#b/../c#d", b"/a#b/../c#d", b"/a", None),
            (b"http://a#c", b"/#c", b"/", None),
            (b"http://a?b#c", b"/?b#c", b"/", b"b"),
            (b"http://a/b#c", b"/b#c", b"/b", None),
        ],
    )
    def test_a_fragment_belongs_to_neither_path_nor_query(
        self, target: bytes, received: bytes, path: bytes, query: bytes | None
    ) -> None:
        head = accept(request(line=b"GET " + target + b" HTTP/1.1"))
        assert (head.target, head.path, head.query) == (received, path, query)
        assert head.headers == [(b"Host", b"a")]


class TestLines:
    """RFC 9112 sections 2.2 and 5; RFC 9110 section 5."""

    @pytest.mark.parametrize(
        ("line", "header"),
        [
            (b"X:y", (b"X", b"y")),
            (b"X: y", (b"X", b"y")),
            (b"X: \t y \t", (b"X", b"y")),
            (b"X: y z", (b"X", b"y z")),
            (b"X: y\tz", (b"X", b"y\tz")),
            (b"X:", (b"X", b"")),
            (b"X: \t ", (b"X", b"")),
            (b"X: a:b", (b"X", b"a:b")),
            (b"X: \x80\xff", (b"X", b"\x80\xff")),
            (b"!#$%&'*+-.^_`|~09azAZ: y", (b"!#$%&'*+-.^_`|~09azAZ", b"y")),
        ],
    )
    def test_fields(self, line: bytes, header: tuple[bytes, bytes]) -> None:
        assert accept(request(line)).headers == [(b"Host", b"a"), header]

    @pytest.mark.parametrize(
        "line",
        [
            b"X : y",
            b"X\t: y",
            b" X: y",
            b"\tX: y",
            b": y",
            b":",
            b"X",
            b"X y",
            b"X Y: z",
            b'"X": y',
        ]
        + [b"(X): y", b"X[]: y", b"X\0: y", b"X\x7f: y", b"\xc3\xa4: y", b"X@: y", b"X/Y: z"],
    )
    def test_malformed_names(self, line: bytes) -> None:
        assert parse(request(line)) == 400

    @pytest.mark.parametrize("byte", [*range(0x09), *range(0x0A, 0x20), 0x7F])
    def test_control_characters_in_values(self, byte: int) -> None:
        assert parse(request(b"X: a" + bytes([byte]) + b"b")) == 400
        assert parse(request(b"X: a" + bytes([byte]))) == 400

    @pytest.mark.parametrize("fold", [b"X: a\r\n b", b"X: a\r\n\tb", b"X: a\r\n \r\nY: b"])
    def test_folded_lines(self, fold: bytes) -> None:
        assert parse(request(fold)) == 400

    def test_white_space_between_request_line_and_headers(self) -> None:
        assert parse(request(host=b" Host: a")) == 400

    @pytest.mark.parametrize(
        "data",
        [
            b"GET / HTTP/1.1\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nX: y\nZ: z\r\n\r\n",
            b"GET / HTTP/1.1\rHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
            b"GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n\r\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n\n",
            b"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            b"\rGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        ],
    )
    def test_bare_cr_or_lf(self, data: bytes) -> None:
        assert parse(data) == 400

    @pytest.mark.parametrize("cut", range(len(request())))
    def test_cut_off_heads(self, cut: int) -> None:
        assert parse(request()[:cut]) == 400


class TestHost:
    """RFC 9112 section 3.2, RFC 9110 section 7.2."""

    @pytest.mark.parametrize(
        "host",
        [
            b"a",
            b"192.168.4.1",
            b"esp.local:8080",
            b"a:",
            b"[::1]",
            b"[fe80::1]:80",
            b"a_b-c~d.e",
            b"%41",
        ],
    )
    def test_well_formed(self, host: bytes) -> None:
        assert accept(request(host=b"Host: " + host)).headers == [(b"Host", host)]

    @pytest.mark.parametrize(
        "host",
        [b"", b":80", b"a b", b"a, b b", b"a@b", b"a/b", b"a:b", b"a:80:80", b"a:-1", b"a:65536"]
        + [
            b"[::1",
            b"::1",
            b"[]",
            b"[::1]x",
            b"[g::]",
            b"a\\b",
            b'"a"',
            b"<a>",
            b"%4",
            b"%zz",
            b"\xff",
        ]
        + [b"a:000000000000000000000000080000", b"http://a"],
    )
    def test_malformed(self, host: bytes) -> None:
        assert parse(request(host=b"Host: " + host)) == 400

    def test_missing(self) -> None:
        assert parse(request(host=b"")) == 400
        assert parse(request(host=b"X: Host")) == 400

    def test_may_be_missing_in_http_1_0(self) -> None:
        assert accept(request(line=b"GET / HTTP/1.0", host=b"")).headers == []
        assert parse(request(line=b"GET / HTTP/1.0", host=b"Host: a b")) == 400

    def test_twice(self) -> None:
        assert parse(request(b"Host: a")) == 400
        assert parse(request(b"hOST: b")) == 400


class TestContentLength:
    """RFC 9112 section 6.3, but stricter: errors that servers may recover from are refused too."""

    @pytest.mark.parametrize(
        ("value", "length"),
        [
            (b"0", 0),
            (b"5", 5),
            (b"0005", 5),
            (b" 5\t", 5),
            (b"9223372036854775807", 2**63 - 1),
        ],
    )
    def test_well_formed(self, value: bytes, length: int) -> None:
        assert accept(request(b"Content-Length:" + value)).length == length

    def test_missing(self) -> None:
        assert accept(request()).length == lib.UH_HEAD_NO_LENGTH

    @pytest.mark.parametrize(
        "value",
        [
            b"",
            b"+5",
            b"-5",
            b"-0",
            b"5,5",
            b"5, 5",
            b"5 5",
            b"0x5",
            b"5.0",
            b"5e1",
            b"five",
            b"5;a",
        ]
        + [b"9223372036854775808", b"18446744073709551621", b"99999999999999999999999999999"]
        + [b"00000000000000000005", b"\xb2", b"\xd9\xa5", b'"5"', b"_5", b"1_0"],
    )
    def test_malformed(self, value: bytes) -> None:
        assert parse(request(b"Content-Length: " + value)) == 400

    @pytest.mark.parametrize("second", [b"5", b"6", b"0"])
    def test_twice(self, second: bytes) -> None:
        assert parse(request(b"Content-Length: 5", b"content-length: " + second)) == 400


class TestTransferEncoding:
    """RFC 9112 section 6.1."""

    @pytest.mark.parametrize("value", [b"chunked", b"Chunked", b"CHUNKED", b" chunked\t"])
    def test_chunked(self, value: bytes) -> None:
        head = accept(request(b"Transfer-Encoding:" + value))
        assert (head.chunked, head.length) == (True, lib.UH_HEAD_NO_LENGTH)

    @pytest.mark.parametrize(
        "value",
        [b"", b"gzip", b"gzip, chunked", b"chunked, gzip", b"chunked, chunked", b"identity"]
        + [b"chunked,", b",chunked", b"chunked;q=1", b"xchunked", b'"chunked"', b"chunke"],
    )
    def test_anything_else_is_not_implemented(self, value: bytes) -> None:
        assert parse(request(b"Transfer-Encoding: " + value)) == 501

    def test_twice(self) -> None:
        field = b"Transfer-Encoding: chunked"
        assert parse(request(field, field)) == 501

    def test_beside_content_length(self) -> None:
        fields = [b"Transfer-Encoding: chunked", b"Content-Length: 5"]
        assert parse(request(*fields)) == 400
        assert parse(request(*reversed(fields))) == 400

    def test_in_http_1_0(self) -> None:
        assert parse(request(b"Transfer-Encoding: chunked", line=b"POST / HTTP/1.0")) == 400

    @pytest.mark.parametrize(
        "field",
        [
            b"Transfer-Encoding : chunked",
            b"Transfer-Encoding: chunked\x0b",
            b"Transfer\x00-Encoding: x",
        ]
        + [
            b" Transfer-Encoding: chunked",
            b"X: y\rTransfer-Encoding: chunked",
            b"Transfer-Encoding:\x0cchunked",
        ],
    )
    def test_disguised(self, field: bytes) -> None:
        assert parse(request(field)) == 400


class TestConnection:
    """RFC 9112 section 9.3, RFC 9110 sections 7.6.1, 7.8 and 10.1.1."""

    @pytest.mark.parametrize(
        ("minor", "value", "keep_alive"),
        [
            (1, None, True),
            (1, b"close", False),
            (1, b"Close", False),
            (1, b"keep-alive", True),
            (1, b"keep-alive, close", False),
            (1, b"foo ,\tclose , bar", False),
            (1, b"closed, not-close, clo", True),
            (1, b",,close", False),
            (0, None, False),
            (0, b"keep-alive", True),
            (0, b"Keep-Alive", True),
            (0, b"close, keep-alive", False),
        ],
    )
    def test_keep_alive(self, minor: int, value: bytes | None, keep_alive: bool) -> None:
        fields = [] if value is None else [b"Connection: " + value]
        head = accept(request(*fields, line=b"GET / HTTP/1.%d" % minor))
        assert head.keep_alive is keep_alive

    def test_several_lines_are_one_list(self) -> None:
        assert not accept(request(b"Connection: foo", b"Connection: close")).keep_alive
        fields = [b"Connection: close", b"Connection: upgrade", b"Upgrade: x"]
        assert accept(request(*fields)).upgrade

    @pytest.mark.parametrize(
        ("fields", "upgrade"),
        [
            ([b"Upgrade: websocket", b"Connection: Upgrade"], True),
            ([b"Connection: keep-alive, upgrade", b"upgrade: websocket"], True),
            ([b"Upgrade: websocket"], False),
            ([b"Connection: Upgrade"], False),
            ([b"Upgrade: websocket", b"Connection: close"], False),
        ],
    )
    def test_upgrade_is_named_by_connection(self, fields: list[bytes], upgrade: bool) -> None:
        assert accept(request(*fields)).upgrade is upgrade

    def test_expect_continue(self) -> None:
        assert accept(request(b"Expect: 100-Continue")).expect_continue
        assert not accept(request()).expect_continue

    @pytest.mark.parametrize("value", [b"", b"100", b"200-ok", b"100-continue, 100-continue"])
    def test_other_expectations_fail(self, value: bytes) -> None:
        assert parse(request(b"Expect: " + value)) == 417

    def test_http_1_0_knows_neither_upgrade_nor_expect(self) -> None:
        fields = [b"Upgrade: websocket", b"Connection: Upgrade", b"Expect: 100-continue"]
        head = accept(request(*fields, line=b"GET / HTTP/1.0"))
        assert (head.upgrade, head.expect_continue) == (False, False)


class TestLookUp:
    """uh_head_get() and uh_head_at()."""

    def get(self, data: bytes, name: bytes) -> bytes | None:
        buf = chars(data)
        head = ffi.new("uh_http_head_t *")
        assert lib.uh_head_parse(buf, len(data), head) == 0
        value = lib.uh_head_get(buf, head, text(name))
        return None if value == ffi.NULL else ffi.string(value)

    def test_in_any_case(self) -> None:
        assert self.get(request(b"X-Y: z"), b"x-y") == b"z"
        assert self.get(request(b"x-y: z"), b"X-Y") == b"z"

    def test_the_first_of_several(self) -> None:
        assert self.get(request(b"X: 1", b"X: 2"), b"X") == b"1"

    def test_an_empty_value_is_not_a_missing_one(self) -> None:
        assert self.get(request(b"X:"), b"X") == b""
        assert self.get(request(b"X:"), b"Y") is None

    def test_a_value_is_not_taken_for_a_name(self) -> None:
        assert self.get(request(b"X: Y", b"Z: 1"), b"Y") is None

    def test_the_next_one_is_found_without_the_ones_before(self) -> None:
        data = request(b"A: 1", b"B: 2", b"C: 3")
        buf, head = chars(data), ffi.new("uh_http_head_t *")
        assert lib.uh_head_parse(buf, len(data), head) == 0
        last, name, value = (ffi.new(f"{t} *") for t in ("uh_head_place_t", "char *", "char *"))
        assert lib.uh_head_at(buf, head, last, 2, name, value)
        ffi.memmove(buf, b"x" * last.offset, last.offset)  # where it would begin anew
        assert lib.uh_head_at(buf, head, last, 3, name, value)
        assert (ffi.string(name[0]), ffi.string(value[0])) == (b"C", b"3")
        assert not lib.uh_head_at(buf, head, last, 4, name, value)

    @given(st.lists(st.integers(0, 3), max_size=9))
    def test_in_any_order(self, order: list[int]) -> None:
        data = request(b"A: 1", b"B: 2", b"C: 3")
        buf, head = chars(data), ffi.new("uh_http_head_t *")
        assert lib.uh_head_parse(buf, len(data), head) == 0
        last, name, value = (ffi.new(f"{t} *") for t in ("uh_head_place_t", "char *", "char *"))
        for n in order:
            assert lib.uh_head_at(buf, head, last, n, name, value)
            assert ffi.string(name[0]) == (b"Host", b"A", b"B", b"C")[n]

    def test_host_of_an_absolute_target(self) -> None:
        assert self.get(request(line=b"GET http://b/ HTTP/1.1"), b"host") == b"b"


def test_a_head_of_the_greatest_length() -> None:
    data = request(b"X: " + b"y" * 65000)
    data = request(b"X: " + b"y" * (65535 - len(data) + 65000))
    assert len(data) == 65535
    assert len(accept(data).headers[1][1]) > 65000
    line = b"GET /" + b"a" * (65535 - len(request()) - 1) + b"? HTTP/1.1"
    assert accept(request(line=line)).query == b""


token = st.text(alphabet="abcXYZ019-_!~", min_size=1, max_size=8).map(str.encode)
path = st.text(alphabet="abc/.%20?&=+*:@", max_size=12).map(lambda text: b"/" + text.encode())
host = st.sampled_from([b"a", b"esp.local", b"192.168.4.1:8080", b"[::1]:80", b"[fe80::1]"])
value = st.lists(st.sampled_from([b"a", b"\x80", b",", b":", b"close", b"~"]), max_size=4).map(
    b" ".join
)


@given(
    method=st.sampled_from(sorted(METHODS)),
    scheme=st.sampled_from([b"", b"http://", b"https://", b"hTTp://"]),
    authority=host,
    target=path,
    fields=st.lists(st.tuples(token, value), max_size=6),
    padding=st.sampled_from([b"", b" ", b"\t ", b"  "]),
    minor=st.integers(0, 9),
)
def test_heads_of_a_client_are_read(
    method: bytes,
    scheme: bytes,
    authority: bytes,
    target: bytes,
    fields: list[tuple[bytes, bytes]],
    padding: bytes,
    minor: int,
) -> None:
    lines = [name + b":" + padding + value + padding for name, value in fields]
    sent = scheme + authority + target if scheme else target
    line = method + b" " + sent + b" HTTP/1.%d" % minor
    head = accept(request(*lines, line=line, host=b"Host: " + authority))
    assert head.method == METHODS[method]
    assert head.target == target
    before, mark, after = target.partition(b"?")
    assert (head.path, head.query) == (before, after if mark else None)
    assert head.headers == [(b"Host", authority), *fields]
    assert head.minor == minor


def lines(text: bytes) -> st.SearchStrategy[bytes]:
    """One of the lines of a text."""
    return st.sampled_from([line.strip(b"\n") + b"\r\n" for line in text.strip().splitlines()])


GOOD_REQUEST_LINES = b"""
GET / HTTP/1.1
POST /a?b HTTP/1.1
HEAD /a HTTP/1.2
PUT http://b/c?d HTTP/1.1
OPTIONS * HTTP/1.1
GET https://b?c HTTP/1.0
POST / HTTP/1.0
"""
GOOD_FIELDS = b"""
Content-Length: 5
Content-Length: 05
Transfer-Encoding: chunked
Connection: close
Connection: upgrade, x
Upgrade: websocket
Expect: 100-continue
X:\x80
X: \t
X: Y : z
"""
BAD_FIELDS = b"""
Host: b
Host: b c
 folded
X : y
Content-Length: +5
Content-Length: 5, 5
Transfer-Encoding: chunked, chunked
Transfer-Encoding: identity
Expect: something
X: \x01
"""
fields = st.one_of(lines(GOOD_FIELDS), lines(GOOD_FIELDS), lines(GOOD_FIELDS), lines(BAD_FIELDS))
probable = st.builds(
    lambda line, host, rest: line + host + b"".join(rest) + b"\r\n",
    lines(GOOD_REQUEST_LINES),
    st.sampled_from([b"Host: a\r\n", b"Host: a\r\n", b""]),
    st.lists(fields, max_size=3),
)
damage = st.sampled_from(
    [b"", b"a", b"0", b" ", b":", b"\t", b"\r", b"\n", b"\0", b"\xe4", b"\r\n"]
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A plausible head, perhaps with some bytes inserted, replaced or removed."""
    data = draw(probable)
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(damage) + data[at + draw(st.integers(0, 1)) :]
    return data


def as_origin_form(event: h11.Request) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Target and headers of a request. The authority of an absolute target replaces Host."""
    headers = [(bytes(name), bytes(value)) for name, value in event.headers]
    absolute = re.fullmatch(rb"(?i:https?)://([^/?]*)(.*)", event.target)
    if not absolute:
        return event.target, headers
    authority, target = absolute.groups()
    headers = [(name, value) for name, value in headers if name != b"host"]
    headers.insert(0, (b"host", authority))
    return target if target.startswith(b"/") else b"/" + target, headers


@settings(max_examples=4 * settings.default.max_examples)  # most are refused
@given(damaged())
def test_accepted_heads_mean_the_same_to_h11(data: bytes) -> None:
    head = parse(data[: find_end(data)])
    if not isinstance(head, Head) or head.length > 1000:
        return

    while data.startswith(b"\r\n"):  # h11 refuses those
        data = data[2:]
    server = h11.Connection(h11.SERVER)
    server.receive_data(data[: find_end(data)])
    event = server.next_event()
    assert isinstance(event, h11.Request)
    target, headers = as_origin_form(event)
    assert METHODS.get(event.method, lib.UHTTPD_ANY) == head.method
    assert event.method == head.name
    assert event.http_version == b"1.%d" % head.minor
    assert target == head.target
    assert headers == [(name.lower(), value) for name, value in head.headers]
    assert server.they_are_waiting_for_100_continue == head.expect_continue

    # Both must agree where the body ends, or the rest of it would count as a request.
    body = b"3\r\nabc\r\n0\r\n\r\n" if head.chunked else b"x" * head.length
    if body:  # none would mean the end of the connection
        server.receive_data(body)
    while not isinstance(event, h11.EndOfMessage):
        event = server.next_event()
        assert event not in (h11.NEED_DATA, h11.PAUSED)
    assert server.trailing_data == (b"", False)

    server.send(h11.Response(status_code=200, headers=[(b"Content-Length", b"0")]))
    server.send(h11.EndOfMessage())
    if head.minor >= 1:  # h11 never keeps connections of older versions
        assert (server.our_state is h11.DONE) == head.keep_alive


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(data: bytes) -> None:
    find_end(data)
    parse(data)
    parse(data + b"\r\n\r\n")
    parse(request(data))
    parse(request(line=b"GET /" + data + b" HTTP/1.1"))
    parse(request(line=b"GET http://" + data + b" HTTP/1.1"))
    parse(request(host=b"Host: " + data))


@given(damaged())
def test_any_damage_is_survived(data: bytes) -> None:
    status = parse(data)
    assert isinstance(status, Head) or status in (400, 417, 501, 505)
