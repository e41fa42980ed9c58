# SPDX-License-Identifier: MIT
"""Request bodies: framing, limits, clients that break off, and bodies that nobody reads."""

from __future__ import annotations

import contextlib

import pytest

from tests.support.http import whole_request
from tests.support.waiting import eventually

from .http_app import App, Launch, pattern

CHUNKED = "POST {} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
HELLO = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"


def chunks(data: bytes, size: int) -> bytes:
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


class TestContentLength:
    @pytest.mark.parametrize("size", [0, 1, 511, 512, 4096, 65536, 1_000_000])
    def test_echo(self, app: App, size: int) -> None:
        client = app.connect()
        body = pattern(size)
        assert client.request("/echo", "POST", body=body).body == body
        assert client.request("/hello").code == 200

    def test_read_byte_by_byte(self, app: App) -> None:
        body = pattern(500)
        assert app.connect().request("/echo?step=1", "POST", body=body).body == body

    def test_body_in_pieces(self, app: App) -> None:
        client = app.connect()
        client.send("PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        for i in range(5):
            assert client.is_silent(0.02)
            client.send(f"{i}{i}")
        assert client.response().text == "0011223344"

    def test_next_request_in_the_same_packet(self, app: App) -> None:
        client = app.connect()
        client.send(whole_request("/echo", "POST", body=b"body") + HELLO.encode())
        assert client.response().text == "body"
        assert client.response().text == "Hello World"


class TestChunked:
    @pytest.mark.parametrize("size", [0, 1, 2, 3, 1000, 100_000])
    @pytest.mark.parametrize("piece", [1, 16, 4095, 65536])
    def test_echo(self, app: App, size: int, piece: int) -> None:
        if size // piece > 5000:
            pytest.skip("that many chunks prove nothing more")
        client = app.connect()
        client.send(CHUNKED.format("/echo").encode() + chunks(pattern(size), piece))
        assert client.response().body == pattern(size)
        assert client.request("/hello").code == 200

    def test_length_is_unknown(self, app: App) -> None:
        client = app.connect()
        client.send(CHUNKED.format("/describe") + "3\r\nabc\r\n0\r\n\r\n")
        assert "length -1" in client.response().text.splitlines()
        assert client.request("/hello").code == 200

    def test_extensions_and_trailers_are_passed_over(self, app: App) -> None:
        client = app.connect()
        client.send(CHUNKED.format("/echo") + "3;a=b\r\nabc\r\n0;c\r\nX: y\r\n\r\n" + HELLO)
        assert client.response().text == "abc"
        assert client.response().text == "Hello World"

    def test_in_single_bytes(self, app: App) -> None:
        client = app.connect()
        client.send(CHUNKED.format("/echo"))
        for byte in b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n":
            client.send(bytes([byte]))
        assert client.response().text == "hello world"
        assert client.request("/hello").code == 200

    def test_next_request_in_the_same_packet(self, app: App) -> None:
        client = app.connect()
        client.send(2 * (CHUNKED.format("/echo") + "4\r\nbody\r\n0\r\n\r\n") + HELLO)
        assert [client.response().text for _ in range(3)] == ["body", "body", "Hello World"]


class TestLimit:
    @pytest.fixture
    def app(self, launch: Launch) -> App:
        return launch(body=1000)

    def test_longest(self, app: App) -> None:
        client = app.connect()
        assert client.request("/echo", "POST", body=pattern(1000)).code == 200
        client.send(CHUNKED.format("/echo").encode() + chunks(pattern(1000), 100))
        assert client.response().code == 200

    def test_announced(self, app: App) -> None:
        client = app.connect()
        response = client.request("/echo", "POST", body=pattern(1001))
        assert response.code == 413
        assert client.is_closed()

    def test_announced_and_never_sent(self, app: App) -> None:
        client = app.connect()
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9" + 18 * "0" + "\r\n\r\n")
        assert client.response().code == 413

    def test_found_out(self, app: App) -> None:
        client = app.connect()
        client.send(CHUNKED.format("/echo").encode() + chunks(pattern(1001), 100))
        response = client.response()
        assert response.code == 413
        assert not response.keeps_alive
        assert client.is_closed()
        assert app.state()["last_error"] == "TOO_BIG"

    def test_answer_reaches_a_client_that_goes_on_sending(self, app: App) -> None:
        """Closing at once would reset the connection, and the answer would be lost."""
        client = app.connect()
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n")
        for _ in range(30):
            client.send(b"x" * 100_000)
        assert client.response().code == 413

    def test_a_client_that_never_stops_sending_is_cut_off(self, app: App) -> None:
        client = app.connect()
        assert client.request("/hello").code == 200
        before = app.fds()
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000000000\r\n\r\n")
        client.sock.settimeout(0.05)

        def is_cut_off() -> bool:
            with contextlib.suppress(OSError):
                client.send(b"x" * 65536)
            return app.fds() < before

        eventually(is_cut_off)
        assert app.get("/hello").code == 200

    def test_no_limit(self, launch: Launch) -> None:
        app = launch(body=0)
        client = app.connect()
        assert client.request("/echo", "POST", body=pattern(3_000_000)).body == pattern(3_000_000)


class TestCutOff:
    @pytest.mark.parametrize("sent", [0, 1, 9])
    def test_content_length(self, app: App, sent: int) -> None:
        client = app.connect()
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n" + "x" * sent)
        client.finish_sending()
        assert client.response().code == 400
        assert client.is_closed()
        assert app.state()["last_error"] == "BODY"

    @pytest.mark.parametrize("coded", ["", "3", "3\r\n", "3\r\nab", "3\r\nabc\r\n", "0\r\n"])
    def test_chunked(self, app: App, coded: str) -> None:
        client = app.connect()
        client.send(CHUNKED.format("/echo") + coded)
        client.finish_sending()
        assert client.response().code == 400
        assert client.is_closed()

    def test_is_never_taken_for_the_end(self, app: App) -> None:
        """A handler that reads on after an error must not store half a file as a whole one."""
        client = app.connect()
        client.send("POST /stubborn HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
        client.finish_sending()
        assert client.response().text == "cut off"
        assert client.is_closed()
        assert app.state()["last_error"] == "BODY"

    def test_by_a_reset(self, app: App) -> None:
        client = app.connect()
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
        client.close()
        app.wait_for(last_error="BODY")
        assert app.get("/hello").code == 200


class TestExpectContinue:
    HEAD = "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"

    def test_is_invited_by_the_first_read(self, app: App) -> None:
        client = app.connect()
        client.send(self.HEAD.format("/echo"))
        assert client.response().code == 100
        client.send("body")
        assert client.response().text == "body"
        assert client.request("/hello").code == 200

    def test_is_not_invited_by_a_handler_that_does_not_read(self, app: App) -> None:
        client = app.connect()
        client.send(self.HEAD.format("/unread"))
        response = client.response()
        assert response.text == "not interested"
        assert not response.keeps_alive  # what comes next may be the body
        assert client.is_closed()

    @pytest.mark.parametrize(("target", "code"), [("/nowhere", 404), ("/hello", 405)])
    def test_is_refused_without_the_body(self, app: App, target: str, code: int) -> None:
        client = app.connect()
        client.send(self.HEAD.format(target))
        assert client.response().code == code

    def test_client_that_does_not_wait(self, app: App) -> None:
        client = app.connect()
        client.send(self.HEAD.format("/echo") + "body" + HELLO)
        responses = [client.response() for _ in range(3)]
        assert [r.code for r in responses] == [100, 200, 200]

    def test_without_a_body_it_means_nothing(self, app: App) -> None:
        response = app.get("/hello", "Expect: 100-continue\r\n")
        assert response.code == 200
        assert response.keeps_alive

    def test_http_1_0_knows_it_not(self, app: App) -> None:
        client = app.connect()
        client.send("POST /echo HTTP/1.0\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody")
        assert client.response().text == "body"


class TestUnread:
    @pytest.mark.parametrize("size", [1, 1000, 10_000])
    def test_a_body_that_has_come_is_discarded(self, app: App, size: int) -> None:
        client = app.connect()
        for _ in range(3):
            response = client.request("/unread", "POST", body=pattern(size))
            assert response.text == "not interested"
            if not response.keeps_alive:  # it had not come yet
                client = app.connect()
        assert client.request("/hello").code == 200

    @pytest.mark.parametrize("limits", [{"body_buffer": 0}, {"body_timeout": 300}])
    def test_a_body_that_has_not_come_ends_the_connection(
        self, launch: Launch, limits: dict[str, int]
    ) -> None:
        """The handler answers at once, or when the server has waited for the body in vain."""
        client = launch(**limits).connect()
        client.send("POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n12345")
        response = client.response()
        assert response.text == "not interested"
        assert not response.keeps_alive
        client.send("x" * 95 + HELLO)
        assert client.is_closed()

    def test_chunked(self, app: App) -> None:
        client = app.connect()
        client.send(CHUNKED.format("/unread") + "3\r\nabc\r\n0\r\n\r\n" + HELLO)
        assert client.response().text == "not interested"
        assert client.response().text == "Hello World"


def test_inline_handlers_cannot_read(app: App) -> None:
    client = app.connect()
    response = client.request("/inline-read", "POST", body=b"x")
    assert response.text == "ESP_ERR_INVALID_STATE"


class TestPipelining:
    def test_fifty_requests_in_one_write(self, app: App) -> None:
        client = app.connect()
        requests = [
            whole_request("/echo", "POST", body=b"body %d" % i)
            if i % 3
            else whole_request("/inline" if i % 2 else "/hello")
            for i in range(50)
        ]
        client.send(b"".join(requests))
        for i in range(50):
            expected = f"body {i}" if i % 3 else "inline" if i % 2 else "Hello World"
            assert client.response().text == expected

    def test_last_one_is_half(self, app: App) -> None:
        client = app.connect()
        client.send(5 * HELLO + HELLO[:20])
        assert [client.response().code for _ in range(5)] == [200] * 5
        client.send(HELLO[20:])
        assert client.response().code == 200

    def test_answers_before_a_fault_are_not_lost(self, app: App) -> None:
        client = app.connect()
        client.send(5 * HELLO + "GET /fail HTTP/1.1\r\nHost: x\r\n\r\n" + 20 * HELLO)
        assert [client.response().code for _ in range(6)] == [200] * 5 + [500]
        assert client.is_closed()

    def test_answers_before_nonsense_are_not_lost(self, app: App) -> None:
        client = app.connect()
        client.send(5 * HELLO + "NONSENSE\r\n\r\n" + 20 * HELLO)
        assert [client.response().code for _ in range(6)] == [200] * 5 + [400]
        assert client.is_closed()

    def test_answer_that_ends_the_connection_leaves_the_rest_unanswered(self, app: App) -> None:
        client = app.connect()
        client.send(HELLO + "GET /close HTTP/1.1\r\nHost: x\r\n\r\n" + 20 * HELLO)
        assert client.response().text == "Hello World"
        assert client.response().text == "bye"
        assert client.is_closed()

    def test_client_that_says_it_is_done(self, app: App) -> None:
        client = app.connect()
        client.send(10 * HELLO)
        client.finish_sending()
        assert [client.response().code for _ in range(10)] == [200] * 10
        assert client.is_closed()
