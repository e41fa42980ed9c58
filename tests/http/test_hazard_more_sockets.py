# SPDX-License-Identifier: MIT
"""More connections than there are sockets: who asks is served, or told to come again."""

from __future__ import annotations

import threading
from collections.abc import Callable

from half_heads import HEAD, half_heads
from http_app import App, Client, eventually


def test_thirty_clients_for_twelve_sockets(launch: Callable[..., App]) -> None:
    """Whoever was idle for longest makes room."""
    app = launch(sockets=12)
    for _ in range(30):
        assert app.connect().request("/hello").code == 200
    assert app.clients[0].is_gone()
    for client in app.clients[-11:]:
        assert client.request("/hello").code == 200


def test_thirty_clients_at_once(launch: Callable[..., App]) -> None:
    """Who asks is served or told to come again; nobody is left hanging."""
    app = launch(sockets=12)
    codes: list[int] = []

    def ask() -> None:
        while True:
            client = Client(app.port)
            code = client.request("/hello", headers="Connection: close\r\n").code
            client.close()
            codes.append(code)
            if code == 200:
                return

    threads = [threading.Thread(target=ask) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert codes.count(200) == 30
    assert set(codes) <= {200, 503}


def test_newcomer_is_told_when_all_are_taken(launch: Callable[..., App]) -> None:
    app = launch(sockets=4, workers=8)
    held = app.hold(3)
    response = app.get("/hello")
    assert (response.code, response.header("Retry-After")) == (503, "1")
    assert app.get("/inline").code == 200  # what needs no worker still goes
    app.command("release 3")
    assert [client.response().text for client in held] == ["held"] * 3
    assert app.get("/hello").code == 200


def test_smallest_server_there_is(launch: Callable[..., App]) -> None:
    app = launch(sockets=3, workers=1)
    client = app.connect()
    for _ in range(10):
        assert client.request("/hello").code == 200
        assert app.get("/inline").code == 200
    (client,) = half_heads(app, 1)
    assert app.get("/inline").code == 200
    client.send(HEAD[10:])
    assert client.response().code == 200


def test_idle_ones_are_swept(launch: Callable[..., App]) -> None:
    app = launch(idle_timeout=300)
    clients = [app.connect() for _ in range(3)]
    for client in clients[1:]:
        assert client.request("/hello").code == 200
    (held,) = app.hold(1)
    for client in clients:
        assert client.is_closed()
    app.command("release 1")
    assert held.response().text == "held"  # it was not idle


def test_descriptors_come_back(app: App) -> None:
    before = app.fds()
    for _ in range(100):
        client = app.connect()
        assert client.request("/hello").code == 200
        client.close()
    eventually(lambda: app.fds() <= before)
