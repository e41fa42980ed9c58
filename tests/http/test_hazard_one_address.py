# SPDX-License-Identifier: MIT
"""One address has most of what waits: it makes room, and others do not."""

from __future__ import annotations

from tests.support.http import HttpClient, whole_request

from .half_heads import HEAD, half_heads
from .http_app import Launch

OTHER, THIRD = "127.0.0.2", "127.0.0.3"


def test_its_half_heads_give_way(launch: Launch) -> None:
    app = launch(sockets=12)  # a third of them may be half heads
    oldest = app.connect(source=OTHER)
    oldest.send(HEAD[:10])
    app.get("/hello")
    half_heads(app, 10)
    app.get("/hello")
    oldest.send(HEAD[10:])
    assert oldest.response().text == "Hello World"


def test_its_stalled_downloads_give_way(launch: Launch) -> None:
    app = launch(sockets=6)

    def stalled(source: str) -> HttpClient:
        client = app.connect(receive_buffer=2048, source=source)
        client.send(whole_request("/from?size=100000000"))
        assert client.head().code == 200
        return client

    oldest = stalled(OTHER)
    for _ in range(12):
        stalled("127.0.0.1")
    newcomer = app.connect(source=THIRD)
    assert newcomer.request("/hello").code == 200
    oldest.read_exactly(5_000_000)


def test_its_half_bodies_give_way(launch: Launch) -> None:
    app = launch(body_buffer=1000)
    head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 300\r\n\r\n"
    oldest = app.connect(source=OTHER)
    oldest.send(head + "x")
    app.get("/hello")
    crowd = []
    for _ in range(4):
        crowd.append(app.connect())
        crowd[-1].send(head + "y")
        app.get("/hello")  # it has come before the next
    assert [client.response().code for client in crowd[:2]] == [408, 408]
    oldest.send("x" * 299)
    assert oldest.response().text == "x" * 300
