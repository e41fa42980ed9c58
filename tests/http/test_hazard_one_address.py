# SPDX-License-Identifier: MIT
"""One address has most of what waits: it makes room, and others do not."""

from __future__ import annotations

from tests.support.http import HttpClient, whole_request
from tests.support.waiting import eventually

from .half_heads import HEAD, half_heads
from .http_app import App, Launch

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
        assert client.head().code in (200, 503)  # the second is for those that are too many
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


STALLED = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + "x" * 5000


def stalled_bodies(app: App, count: int) -> list[HttpClient]:
    """Clients of one address whose handlers wait for the rest of a body, or wait for a worker."""
    crowd = [app.connect() for _ in range(count)]
    for client in crowd:
        client.send(STALLED)
    return crowd


def test_its_stalled_bodies_do_not_keep_workers_from_others(launch: Launch) -> None:
    app = launch(sockets=20, min_rate=0)
    crowd = stalled_bodies(app, 12)
    assert all(client.is_silent(0) for client in crowd)
    assert app.connect(source=OTHER).request("/hello").code == 200
    waiting = [client for client in crowd if client.is_silent(0)]
    assert len(waiting) >= 8  # they were before the other in the queue


def test_its_requests_that_wait_make_room(launch: Launch) -> None:
    app = launch(sockets=8, min_rate=0)
    crowd = stalled_bodies(app, 20)
    assert app.connect(source=OTHER).request("/hello").code == 200
    refused = [client.response().code for client in crowd if not client.is_silent(0)]
    assert refused.count(408) <= 4
    assert set(refused) <= {408, 503}


def test_its_connections_that_say_nothing_give_way(launch: Launch) -> None:
    """Those beyond half go at once, because more may stand in the queue before others."""
    app = launch(sockets=8)
    silent = [app.connect() for _ in range(8)]
    eventually(lambda: sum(not client.is_silent(0) for client in silent) >= 4)
    assert app.connect(source=OTHER).request("/hello").code == 200
