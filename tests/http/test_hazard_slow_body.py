# SPDX-License-Identifier: MIT
"""Bodies that stall or drip end with 408, and hold up nobody else."""

from __future__ import annotations

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
