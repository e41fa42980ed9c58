# SPDX-License-Identifier: MIT
"""Request heads: long, malformed and ambiguous ones are refused, and the connection ends."""

from __future__ import annotations

import pytest

from .http_app import App, Launch, refused

END = "\r\n\r\n"


class TestLimits:
    LIMIT = 1000

    @pytest.fixture
    def app(self, launch: Launch) -> App:
        return launch(header=self.LIMIT)

    def head(self, size: int) -> str:
        start = "GET /hello HTTP/1.1\r\nHost: x\r\nX: "
        return start + "a" * (size - len(start + END)) + END

    def test_longest_head(self, app: App) -> None:
        client = app.connect()
        for _ in range(3):
            client.send(self.head(self.LIMIT))
            assert client.response().code == 200

    def test_one_byte_more(self, app: App) -> None:
        refused(app, self.head(self.LIMIT + 1), 431)

    def test_head_that_never_ends(self, app: App) -> None:
        refused(app, self.head(100_000), 431)

    def test_longest_head_in_small_pieces(self, app: App) -> None:
        client = app.connect()
        head = self.head(self.LIMIT)
        for i in range(0, len(head), 7):
            client.send(head[i : i + 7])
        assert client.response().code == 200

    def test_request_line_that_never_ends(self, app: App) -> None:
        refused(app, "GET /" + "a" * self.LIMIT, 414)

    def test_largest_header_there_is(self, launch: Launch) -> None:
        app = launch(header=65535)
        client = app.connect()
        client.send(self.head(65535))
        assert client.response().code == 200
        refused(app, self.head(65536), 431)

    def test_many_headers(self, launch: Launch) -> None:
        app = launch(header=65535)
        headers = "".join(f"X-{i}: {i}\r\n" for i in range(4000))
        response = app.get("/describe", headers)
        assert "header X-300=300" in response.text.splitlines()


@pytest.mark.parametrize(
    "head",
    [
        "HELLO",
        "GET /hello",
        "GET  /hello HTTP/1.1\r\nHost: x",
        "GET /hello HTTP/1.1 \r\nHost: x",
        "GET hello HTTP/1.1\r\nHost: x",
        "GET /he llo HTTP/1.1\r\nHost: x",
        "GET /he\0llo HTTP/1.1\r\nHost: x",
        "GET * HTTP/1.1\r\nHost: x",
        "G(T /hello HTTP/1.1\r\nHost: x",
        "GET /hello HTTP/1.1\r\nHost: x\r\nno colon",
        "GET /hello HTTP/1.1\r\nHost: x\r\nSpace : before",
        "GET /hello HTTP/1.1\r\nHost: x\r\n: no name",
        "GET /hello HTTP/1.1\r\nHost: x\r\nX: a\r\n folded",
        "GET /hello HTTP/1.1\r\nHost: x\r\nX: a\0b",
        "GET /hello HTTP/1.1\r\nHost: x\r\nX: a\rb",
        "GET /hello HTTP/1.1\r\nHost: x\r\nX: \x7f",
    ],
)
def test_malformed(app: App, head: str) -> None:
    refused(app, head + END, 400)


def test_line_ends_without_cr(app: App) -> None:
    refused(app, "GET /hello HTTP/1.1\nHost: x\n\n", 400)
    refused(app, "GET /hello HTTP/1.1\r\nHost: x\n\r\n", 400)


@pytest.mark.parametrize(
    "headers", ["", "Host: x\r\nHost: x\r\n", "Host: a b\r\n", "Host: user@x\r\n", "Host:\r\n"]
)
def test_host_is_there_once_and_well(app: App, headers: str) -> None:
    refused(app, f"GET /hello HTTP/1.1\r\n{headers}\r\n", 400)


def test_http_1_0_needs_no_host(app: App) -> None:
    client = app.connect()
    client.send("GET /hello HTTP/1.0\r\n\r\n")
    assert client.response().code == 200


class TestNoMemory:
    def test_for_a_new_head(self, app: App) -> None:
        client = app.connect()
        assert app.get("/hello").code == 200  # it was accepted later, so the other one is accepted
        app.command("memory large 512")  # smaller ones are the I/O task's list of sockets
        client.send(f"GET /hello HTTP/1.1\r\nHost: x{END}")
        response = client.response()
        app.command("memory enough")
        assert (response.code, response.header("Retry-After")) == (503, "1")
        assert client.is_closed()
        assert app.get("/hello").code == 200

    def test_for_the_rest_of_one(self, app: App) -> None:
        client = app.connect()
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\nX: ")
        assert app.get("/hello").code == 200
        app.command("memory large 512")
        client.send("a" * 2000 + END)
        assert client.response().code == 503
        app.command("memory enough")
        assert client.is_closed()


@pytest.mark.parametrize("method", ["BREW", "CONNECT", "TRACE", "get"])
def test_unknown_method(app: App, method: str) -> None:
    refused(app, f"{method} /hello HTTP/1.1\r\nHost: x{END}", 501)


@pytest.mark.parametrize("version", ["HTTP/2.0", "HTTP/0.9", "HTTP/3"])
def test_other_versions(app: App, version: str) -> None:
    refused(app, f"GET /hello {version}\r\nHost: x{END}", 505)


def test_preface_of_http_2(app: App) -> None:
    refused(app, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505)


def test_tls_to_this_port_holds_up_nobody(app: App) -> None:
    client = app.connect()
    client.send(bytes.fromhex("16030102000100") + bytes(range(1, 250)) + b"\n\n")
    assert client.response().code == 400
    assert client.is_closed()


def test_unknown_expectation(app: App) -> None:
    refused(app, f"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: tea{END}", 417)


def test_empty_lines_before_a_request(app: App) -> None:
    client = app.connect()
    for _ in range(2):
        client.send("\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.response().code == 200


def test_absolute_target(app: App) -> None:
    client = app.connect()
    client.send("GET http://other:81/describe?q HTTP/1.1\r\nHost: ignored\r\n\r\n")
    lines = client.response().text.splitlines()
    assert "uri /describe?q" in lines
    assert [line for line in lines if "Host" in line] == ["header Host=other:81"]


def test_head_in_single_bytes(app: App) -> None:
    client = app.connect()
    for _ in range(2):
        for byte in "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n":
            client.send(byte)
        assert client.response().text == "Hello World"


def test_client_that_leaves_in_the_middle_of_a_head(app: App) -> None:
    for cut in range(1, 30, 4):
        client = app.connect()
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"[:cut])
        client.finish_sending()
        assert client.is_closed()
    assert app.get("/hello").code == 200


OLD = "GET /hello HTTP/1.1\r\n"
WEBSOCKET = "Connection: Upgrade\r\nUpgrade: websocket\r\n"


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("GET /hello?q=ü HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request: a character of the URL"),
        ("GET hello HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request: the URL does not begin"),
        ("GET /hello\r\n\r\n", "400 Bad Request: the first line"),
        ("GET /hello HTTP/1.1 x\r\n\r\n", "400 Bad Request: the first line"),
        (f"{OLD}\r\n", "400 Bad Request: Host is missing"),
        (f"{OLD}Host: x\r\nHost: x\r\n\r\n", "400 Bad Request: the host is"),
        (f"{OLD}Host: x\r\n folded\r\n\r\n", "400 Bad Request: a header"),
        (f"{OLD}Host: x\nA: b\r\n\r\n", "400 Bad Request: a line does not end"),
        (f"{OLD}Host: x\r\nContent-Length: -1\r\n\r\n", "400 Bad Request: Content-Length"),
        (
            f"{OLD}Host: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "400 Bad Request: Transfer-Encoding",
        ),
        (f"{OLD}Host: x\r\nExpect: all\r\n\r\n", "417 Expectation Failed: of Expect"),
        (f"GET /{'x' * 9000} HTTP/1.1\r\n", "414 URI Too Long: the URL"),
        (f"{OLD}Host: x\r\nA: {'x' * 9000}", "431 Request Header Fields Too Large: the headers"),
        ("PUT /hello HTTP/1.1\r\nHost: x\r\n\r\n", "405 Method Not Allowed: this URL"),
        (
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n",
            "413 Content Too Large: the body",
        ),
        (
            "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            "400 Bad Request: the body",
        ),
        (f"GET /ws HTTP/1.1\r\nHost: x\r\n{WEBSOCKET}\r\n", "400 Bad Request: the handshake"),
        ("GET /ws HTTP/1.1\r\nHost: x\r\n\r\n", "426 Upgrade Required: a WebSocket"),
    ],
)
def test_a_refusal_says_what_was_wrong(app: App, head: str, text: str) -> None:
    client = app.connect()
    client.send(head)
    assert client.response().text.startswith(text)
