# SPDX-License-Identifier: MIT
"""Bodies that stall or drip end with 408, and hold up nobody else."""

from __future__ import annotations

import contextlib

import pytest

from .http_app import App, Launch


class TestSilence:
    @pytest.fixture
    def app(self, launch: Launch) -> App:
        return launch(body_timeout=300)

    def test_is_ended_with_408(self, app: App) -> None:
        client = app.connect()
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
        response = client.response()
        assert response.code == 408
        assert not response.keeps_alive
        assert client.is_closed()
        assert app.state()["last_error"] == "ESP_ERR_TIMEOUT"

    def test_is_never_taken_for_the_end(self, app: App) -> None:
        client = app.connect()
        client.send("POST /stubborn HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
        assert client.response().text == "cut off"
        assert client.is_closed()


def test_handler_that_waits_for_a_dripping_body(launch: Launch) -> None:
    app = launch(min_rate=1_000_000, rate_window=300)
    client = app.connect()
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
    while client.is_silent(0.01):
        client.send("x")
    assert client.response().code == 408
    assert app.state()["last_error"] == "ESP_ERR_TIMEOUT"


def test_others_are_answered_beside_them(app: App) -> None:
    (held,) = app.hold(1)  # one of two workers; the body must not occupy the other
    client = app.connect()
    client.send("POST /to HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
    for _ in range(5):
        assert app.get("/hello").text == "Hello World"
    app.command("release 1")
    assert held.response().text == "held"


HALF = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345"
HALF_CHUNKED = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"


@pytest.mark.parametrize(
    ("half", "rest"), [(HALF, "67890"), (HALF_CHUNKED, "5\r\n67890\r\n0\r\n\r\n")]
)
def test_handlers_are_called_when_the_body_is_there(app: App, half: str, rest: str) -> None:
    slow = [app.connect() for _ in range(3)]  # one more than there are workers
    for client in slow:
        client.send(half)
    assert app.get("/hello").text == "Hello World"
    for client in slow:
        client.send(rest)
        assert client.response().body == b"1234567890"


def test_body_that_is_longer_than_the_buffer_is_read_while_it_comes(launch: Launch) -> None:
    app = launch(body_buffer=1000)
    body = bytes(range(256)) * 40
    for framing in ("Content-Length: 10240\r\n", "Transfer-Encoding: chunked\r\n"):
        client = app.connect()
        client.send(f"POST /echo HTTP/1.1\r\nHost: x\r\n{framing}\r\n")
        if "chunked" in framing:
            client.send(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
        else:
            client.send(body)
        assert client.response().body == body
        assert client.request("/hello").code == 200


def test_long_body_that_drips_gets_no_worker(launch: Launch) -> None:
    app = launch(workers=1, body_buffer=8192, min_rate=0)
    body = bytes(range(256)) * 400
    client = app.connect()
    client.send(f"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n")
    client.send(body[:100])
    for _ in range(5):
        assert app.get("/hello").text == "Hello World"
    client.send(body[100:])
    assert client.response().body == body


def test_silent_body_makes_room_for_another(launch: Launch) -> None:
    app = launch(body_buffer=1000)
    head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 600\r\n\r\n"
    silent, other = app.connect(), app.connect()
    silent.send(head + "x")
    other.send(head + "y" * 599)
    assert silent.response().code == 408
    other.send("y")
    assert other.response().text == "y" * 600


def test_two_dripping_bodies_do_not_keep_both_workers(launch: Launch) -> None:
    app = launch(workers=2, body_buffer=0, min_rate=0)
    dripping = [app.connect() for _ in range(2)]
    for client in dripping:
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
    waiting = app.connect()
    waiting.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
    for _ in range(2000):
        if not waiting.is_silent(0.01):
            break
        for client in dripping:
            with contextlib.suppress(OSError):
                client.send("x")
    assert waiting.response().text == "Hello World"
    assert app.state()["last_error"] == "ESP_ERR_TIMEOUT"
