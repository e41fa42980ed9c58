# SPDX-License-Identifier: MIT
"""Forms and JSON that handlers in C read."""

from __future__ import annotations

import pytest

from tests.support.http import whole_request
from tests.support.waiting import eventually

from .http_app import App

URLENCODED = "Content-Type: application/x-www-form-urlencoded\r\n"
MULTIPART = "Content-Type: multipart/form-data; boundary=XX\r\n"
END = b"--XX--\r\n"


def part(head: str, data: bytes = b"") -> bytes:
    return b"--XX\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n" % (head.encode(), data)


FILE = part('name="f"; filename="/x/y.txt"\r\nContent-Type: text/x', b"1\r\n\r\n2")


class TestWhole:
    def test_urlencoded(self, app: App) -> None:
        answer = app.request("/form", "POST", URLENCODED, b"a=1+%C3%BC&b&a=%zz&=x&&c=%00.")
        assert answer.body.decode().split("\n") == [
            *("a|-|-|1 ü", "b|-|-|", "a|-|-|%zz", "|-|-|x", "c|-|-|\0.", "%zz")
        ]

    def test_multipart(self, app: App) -> None:
        body = part('name="a"', b"1") + FILE + part('name="a"') + END
        answer = app.request("/form", "POST", MULTIPART, body)
        assert answer.text == "a|-|-|1\nf|y.txt|text/x|1\r\n\r\n2\na|-|-|\n"

    def test_an_empty_one(self, app: App) -> None:
        assert app.request("/form", "POST", URLENCODED).text == "none"
        assert app.request("/form", "POST", MULTIPART, END).text == "none"

    def test_which_of_them_is_too_long(self, app: App) -> None:
        head = len('a\0"\0\0')
        for length, code in ((1000 - head - 2, 200), (1001, 413), (100_000, 413)):
            body = part('name="a"', length * b"x") + END
            assert app.request("/form", "POST", MULTIPART, body).code == code
            body = b"a=" + length * b"x"
            assert app.request("/form", "POST", URLENCODED, body).code == code
        assert app.request("/form", "POST", URLENCODED, b"a=" + 998 * b"x").code == 200
        assert app.request("/form", "POST", URLENCODED, b"a=" + 999 * b"x").code == 413


class TestParts:
    @pytest.mark.parametrize("url", ["/parts", "/inline-parts"])
    def test_are_delivered(self, app: App, url: str) -> None:
        body = part('name="a"', b"1") + FILE + END
        answer = app.request(url, "POST", MULTIPART, body)
        assert answer.text.startswith("a|-|-|1\nf|y.txt|text/x|1")
        assert answer.text.endswith("\n")

    def test_in_constant_memory(self, app: App) -> None:
        body = part('name="f"', 900_000 * b"x") + END
        assert app.request("/parts", "POST", MULTIPART, body).code == 200

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (part('name="a"', b"1"), "400 Bad Request: the form ends early"),
            (part("") + END, "400 Bad Request: the form is malformed: a part has no name"),
            (
                part('name="' + 1000 * "n" + '"') + END,
                "413 Content Too Large: the form has a part whose headers are longer than "
                "1024 bytes",
            ),
            (part('name="a"', b"!") + END, "500 Internal Server Error"),
        ],
    )
    def test_the_client_is_told_what_is_wrong(self, app: App, body: bytes, status: str) -> None:
        assert app.request("/parts", "POST", MULTIPART, body).text == status + "\n"
        if status[0] == "4":
            assert app.request("/form", "POST", MULTIPART, body).text == status + "\n"

    def test_other_types_are_refused(self, app: App) -> None:
        for headers in ("", URLENCODED, "Content-Type: multipart/mixed; boundary=x\r\n"):
            answer = app.request("/parts", "POST", headers, b"a=1")
            reason = "the Content-Type must be multipart/form-data"
            assert answer.text == f"415 Unsupported Media Type: {reason}\n"

    def test_of_a_client_that_leaves_are_done_once(self, app: App) -> None:
        client = app.connect()
        head = whole_request("/parts", "POST", MULTIPART, 100 * b"x")
        client.send(head.removesuffix(100 * b"x") + part('name="a"', b"1")[:60])
        client.close()
        eventually(lambda: app.state()["dones"] == 1)


class TestJson:
    @pytest.mark.parametrize("body", [b"[1]", b' {"a": "\xc3\xa4"} ', b"0"])
    def test_is_read(self, app: App, body: bytes) -> None:
        assert app.request("/json", "POST", body=body).body == body

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b'{"a":1', "400 Bad Request: the body must be JSON: it ends early"),
            (b"[" * 1001, "413 Content Too Large: the body is longer than is allowed here"),
        ],
    )
    def test_what_is_none_is_refused(self, app: App, body: bytes, status: str) -> None:
        assert app.request("/json", "POST", body=body).text == status + "\n"
