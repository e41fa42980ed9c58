# SPDX-License-Identifier: MIT
"""Half heads hold up nobody else, however slowly they continue."""

from __future__ import annotations

import time

import pytest

from .half_heads import HEAD, half_heads
from .http_app import App, Launch


def test_others_are_answered_beside_them(app: App) -> None:
    half_heads(app, 3)
    client = app.connect()
    for target in ("/hello", "/inline", "/nowhere"):
        assert client.request(target).code in (200, 404)


def test_each_is_answered_when_it_is_whole(app: App) -> None:
    clients = half_heads(app, 3)
    for client in reversed(clients):
        client.send(HEAD[10:])
        assert client.response().text == "Hello World"
        assert client.request("/inline").text == "inline"


def test_on_a_connection_that_was_used_before(app: App) -> None:
    client = app.connect()
    for _ in range(3):
        assert client.request("/hello").code == 200
        client.send(HEAD[:10])
        assert app.get("/hello").code == 200
        client.send(HEAD[10:])
        assert client.response().code == 200


def test_oldest_makes_room_for_the_newest(launch: Launch) -> None:
    app = launch(sockets=12)  # a third of them may be half heads
    clients = half_heads(app, 4)
    app.get("/hello")
    clients += half_heads(app, 1)
    assert clients[0].response().code == 408
    assert clients[0].is_closed()
    for client in clients[1:]:
        client.send(HEAD[10:])
        assert client.response().code == 200


def test_crowd_pushes_out_itself_and_nobody_else(launch: Launch) -> None:
    app = launch(sockets=12)
    honest = app.connect()
    crowd = []
    for _ in range(30):
        crowd += half_heads(app, 1)
        assert honest.request("/hello").code == 200
        newest = app.connect()
        newest.send(HEAD[:10])
        newest.send(HEAD[10:])
        assert newest.response().code == 200
        newest.close()
    for client in crowd[-3:]:
        client.send(HEAD[10:])
        assert client.response().code == 200


def test_late_head_gets_408(launch: Launch) -> None:
    app = launch(header_timeout=300)
    (client,) = half_heads(app, 1)
    response = client.response()
    assert response.code == 408
    assert not response.keeps_alive
    assert client.is_closed()


def test_a_byte_now_and_then_buys_no_time(launch: Launch) -> None:
    app = launch(header_timeout=300, header=65535)
    client = app.connect()
    client.send("GET /hello HTTP/1.1\r\nX: ")
    with pytest.raises(OSError):
        for _ in range(60_000):
            client.send("a")
            time.sleep(0.0005)  # the rate of an attacker; the test waits for nothing here
    assert app.get("/hello").code == 200


def test_beside_running_handlers(launch: Launch) -> None:
    app = launch(workers=2)
    (held,) = app.hold(1)
    half_heads(app, 2)
    client = app.connect()
    for _ in range(10):
        assert client.request("/hello").code == 200
        assert client.request("/inline").code == 200
    assert app.command("release 1") == "ok"
    assert held.response().text == "held"
