# SPDX-License-Identifier: MIT
"""Responses: framing, one segment, no header injection, and handlers that misbehave."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.lwip import not_on_lwip

from .http_app import App, Launch, pattern


class TestOneWrite:
    """Head and body leave together: each further segment costs a round trip."""

    @pytest.mark.parametrize(
        "target",
        [
            *("/hello", "/inline", "/nowhere"),
            pytest.param("/big?size=8000", marks=not_on_lwip("a segment has 1440 bytes at most")),
        ],
    )
    def test_response_is_one_segment(self, app: App, target: str) -> None:
        client = app.connect()
        for count in range(1, 4):
            client.request(target)
            assert client.segments_received() == count

    def test_chunk_is_one_segment(self, app: App) -> None:
        client = app.connect()
        assert client.request("/stream?pieces=3&size=1000").body == 3 * pattern(1000)
        # the kernel may join segments, but never splits a single write
        assert client.segments_received() <= 4


def test_default_head(app: App) -> None:
    response = app.get("/big?size=3")
    assert response.headers == [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", "3"),
        ("Date", response.header("Date")),
    ]


def test_the_date(app: App) -> None:
    before = int(time.time())
    for target in ("/hello", "/nowhere", "/from?size=10", "/stream?pieces=1"):
        date = parsedate_to_datetime(app.get(target).header("Date") or "")
        assert before <= date.timestamp() <= time.time()


@pytest.mark.parametrize("size", [0, 1, 100, 65536, 5_000_000])
@pytest.mark.parametrize("target", ["/big", "/inline-big"])
def test_all_sizes_arrive_whole(app: App, target: str, size: int) -> None:
    client = app.connect()
    for _ in range(2):
        assert client.request(f"{target}?size={size}").body == pattern(size)


class TestChunks:
    def test_pieces(self, app: App) -> None:
        client = app.connect()
        response = client.request("/stream?pieces=50&size=997")
        assert response.header("Transfer-Encoding") == "chunked"
        assert response.body == 50 * pattern(997)
        assert client.request("/hello").code == 200

    def test_none(self, app: App) -> None:
        client = app.connect()
        assert client.request("/stream?pieces=0").body == b""
        assert client.request("/hello").code == 200

    def test_empty_ones_are_no_end(self, app: App) -> None:
        client = app.connect()
        assert client.request("/stream?pieces=3&size=0").body == b""
        assert client.request("/hello").code == 200

    def test_large_ones(self, app: App) -> None:
        response = app.get("/stream?pieces=4&size=1000000")
        assert response.body == 4 * pattern(1_000_000)

    def test_head_request(self, app: App) -> None:
        client = app.connect()
        response = client.request("/stream", "HEAD")
        assert response.header("Transfer-Encoding") == "chunked"
        assert client.request("/hello").code == 200

    def test_to_http_1_0_without_coding(self, app: App) -> None:
        client = app.connect()
        client.send("GET /stream?pieces=3&size=10 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        response = client.response()
        assert response.header("Transfer-Encoding") is None
        assert not response.keeps_alive
        assert response.body == 3 * pattern(10)

    def test_abandoned(self, app: App) -> None:
        """The client must see that something is missing."""
        client = app.connect()
        client.send("GET /half-chunks HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.head().code == 200
        assert client.read_to_end() == b"4\r\nhalf\r\n"

    def test_workers_only(self, app: App) -> None:
        assert app.get("/inline-stream").code == 500
        assert app.state()["last_error"] == "ESP_ERR_INVALID_STATE"


class TestConnection:
    def test_client_asks_to_close(self, app: App) -> None:
        client = app.connect()
        response = client.request("/hello", headers="Connection: close\r\n")
        assert not response.keeps_alive
        assert client.is_closed()

    def test_handler_asks_to_close(self, app: App) -> None:
        client = app.connect()
        assert not client.request("/close").keeps_alive
        assert client.is_closed()

    def test_http_1_0(self, app: App) -> None:
        client = app.connect()
        client.send("GET /hello HTTP/1.0\r\n\r\n")
        response = client.response()
        assert (response.text, response.header("Connection")) == ("Hello World", "close")
        assert client.is_closed()

    def test_http_1_0_keeps_alive_when_asked(self, app: App) -> None:
        client = app.connect()
        for _ in range(3):
            client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert client.response().header("Connection") == "keep-alive"

    def test_http_1_1_keeps_alive_without_a_word(self, app: App) -> None:
        client = app.connect()
        for _ in range(100):
            assert client.request("/hello").header("Connection") is None


class TestStatus:
    @pytest.mark.parametrize("line", ["201 Created", "404 Nothing", "599 x", "200 ", "299"])
    def test_own(self, app: App, line: str) -> None:
        client = app.connect()
        response = client.request(f"/status?line={quote(line)}")
        assert (response.code, response.body) == (int(line[:3]), b"body")
        assert client.request("/hello").code == 200

    @pytest.mark.parametrize("line", ["204 No Content", "304 Not Modified"])
    def test_without_body(self, app: App, line: str) -> None:
        client = app.connect()
        response = client.request(f"/status?line={quote(line)}")
        assert response.status == line
        if response.code == 204:
            assert response.header("Content-Length") is None
        assert client.request("/hello").text == "Hello World"

    def test_reset_content_has_no_body(self, app: App) -> None:
        client = app.connect()
        response = client.request("/status?line=205")
        assert (response.header("Content-Length"), response.body) == ("0", b"")
        assert client.request("/hello").text == "Hello World"

    @pytest.mark.parametrize("line", ["100 Continue", "101 Switching Protocols"])
    def test_an_interim_response_ends_the_connection(self, app: App, line: str) -> None:
        client = app.connect()
        assert client.request(f"/status?line={quote(line)}").status == line
        assert client.is_closed()

    @pytest.mark.parametrize("line", ["", "OK", "20 OK", "2000 OK", "20x OK", " 200 OK", "-200"])
    def test_without_a_number_is_refused(self, app: App, line: str) -> None:
        assert app.get(f"/status?line={quote(line)}").text == "ESP_ERR_INVALID_ARG"


class TestOwnHeaders:
    def test_any_text(self, app: App) -> None:
        value = "é a\tb ~"
        client = app.connect()
        client.send(f"GET /header?name=X-Own&value={quote(value)} HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.response().header("X-Own") == value

    def test_long_one(self, app: App) -> None:
        response = app.get("/header?name=X-Own&value=" + "v" * 500)
        assert response.header("X-Own") == "v" * 500
        assert response.text == "with"

    def test_one_without_a_value_is_left_out(self, app: App) -> None:
        response = app.get("/header?name=X-Own&value=1")
        assert response.header("X-Own") == "1"
        assert response.header("X-Left-Out") is None
        assert response.header("Content-Type") == "text/html; charset=utf-8"

    def test_type_is_said_once(self, app: App) -> None:
        response = app.get("/header?name=content-type&value=text/css")
        assert response.header("Content-Type") == "text/css; charset=utf-8"
        response = app.get("/header?name=content-type&value=text/css&mime=text/plain")
        assert response.header("Content-Type") == "text/plain; charset=utf-8"


class TestWrongHandlers:
    @pytest.mark.parametrize("target", ["/nothing", "/inline-nothing", "/fail"])
    def test_no_answer_is_500(self, app: App, target: str) -> None:
        client = app.connect()
        response = client.request(target)
        assert response.code == 500
        assert not response.keeps_alive
        assert client.is_closed()

    def test_second_answer_is_refused(self, app: App) -> None:
        client = app.connect()
        assert client.request("/twice").text == "first"
        # The connection serves another request only when the handler has returned.
        assert client.request("/hello").text == "Hello World"
        assert app.state()["last_error"] == "ANSWERED"

    def test_failure_after_the_answer_ends_the_connection(self, app: App) -> None:
        client = app.connect()
        assert client.request("/then-fail").text == "done"
        assert client.is_closed()


def test_raw_answer_ends_the_connection(app: App) -> None:
    client = app.connect()
    response = client.request("/raw")
    assert (response.status, response.text) == ("299 Own Words", "raw")
    assert client.is_closed()


class TestHeadersOfEveryResponse:
    """What the setting `headers` says, and what errors say by themselves."""

    @pytest.fixture
    def board(self, launch: Launch, tmp_path: Path) -> App:
        (tmp_path / "f.txt").write_text("file")
        headers = (
            "X-Frame-Options,DENY,x-own,every,X-Left-Out,out,Content-Security-Policy,default-src *"
        )
        return launch(headers=headers, base=tmp_path, prefix="/fs")

    @pytest.mark.parametrize(
        "target",
        [
            "/hello",
            "/big?size=100000",
            "/stream",
            "/fs/f.txt",
            "/fs/",
            "/nowhere",
            "/fail",
            "/a b",
        ],
    )
    def test_are_in_it_once(self, board: App, target: str) -> None:
        response = board.get(target)
        assert response.header("X-Frame-Options") == "DENY"
        assert response.header("X-Own") == "every"

    def test_come_before_those_of_errors(self, board: App) -> None:
        assert board.get("/nowhere").header("Content-Security-Policy") == "default-src *"

    @pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PROPFIND"])
    def test_are_in_what_the_server_says_by_itself(self, board: App, method: str) -> None:
        assert board.request("/hello", method).header("X-Own") == "every"

    def test_give_way_to_those_of_the_response(self, board: App) -> None:
        response = board.get("/header?name=X-OWN&value=mine")
        assert response.header("x-own") == "mine"
        assert response.header("X-Left-Out") is None

    @pytest.mark.parametrize("target", ["/nowhere", "/fail", "/a b", "/fs/nothing"])
    def test_errors_have_their_own(self, app: App, target: str) -> None:
        response = app.get(target)
        assert response.code >= 400
        assert response.header("X-Content-Type-Options") == "nosniff"
        assert response.header("Content-Security-Policy") == "frame-ancestors 'none'"

    def test_pages_of_handlers_have_none_by_themselves(self, app: App) -> None:
        assert app.get("/hello").header("X-Content-Type-Options") is None

    @pytest.mark.parametrize("headers", ["X-Good,1,Content-Length,0", "X-Good"])
    def test_that_cannot_be_in_every_response(self, launch: Launch, headers: str) -> None:
        with pytest.raises(AssertionError, match="INVALID_ARG"):
            launch(headers=headers)
