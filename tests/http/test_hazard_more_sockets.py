# SPDX-License-Identifier: MIT
"""More connections than there are sockets: each request gets an answer, or 503."""

from __future__ import annotations

import threading
import time

from tests.support.http import HttpClient, whole_request
from tests.support.waiting import eventually
from tests.support.websocket import handshake

from .half_heads import HEAD, half_heads
from .http_app import App, Launch


def test_the_connection_that_was_idle_for_longest_makes_room(launch: Launch) -> None:
    app = launch(sockets=4)
    for _ in range(3):
        assert app.connect().request("/inline").keeps_alive
    app.connect()  # and sends nothing
    assert app.get("/hello").code == 200
    assert app.clients[0].is_gone()


def test_a_socket_that_has_just_become_free_is_for_others(launch: Launch) -> None:
    """If its client kept it, the keeper would close it, perhaps with a request on its way."""
    app = launch(sockets=3)

    def keeps_after_a_crowd() -> bool:
        first, second = app.connect(), app.connect()
        assert first.request("/inline").code == second.request("/inline").code == 200
        two = app.fds()
        third = app.connect()
        assert not third.request("/inline").keeps_alive
        third.close()
        eventually(lambda: app.fds() <= two)
        keeps = first.request("/inline").keeps_alive
        first.close()
        second.close()
        eventually(lambda: app.fds() < two - 1)
        return keeps

    assert not all(keeps_after_a_crowd() for _ in range(10))  # on a busy machine some come late


def test_where_others_are_idle_connections_are_kept(launch: Launch) -> None:
    app = launch(sockets=8)
    for _ in range(7):
        assert app.connect().request("/inline").keeps_alive
    time.sleep(0.6)  # longer than the next request of a busy client may take
    assert app.connect().request("/inline").keeps_alive


def test_a_request_that_has_come_in_time_is_answered(launch: Launch) -> None:
    """The HTTP task is busy, and has not seen it when the client has been idle for too long."""
    app = launch(idle_timeout=1500)
    late = True
    while late:
        client, busy = app.connect(), app.connect()
        assert client.request("/inline").code == 200
        since = time.monotonic()
        busy.send(whole_request("/inline-hold"))
        app.wait_for(holding=1)
        client.send(whole_request("/inline"))
        late = time.monotonic() - since > 1  # on a busy machine
        answered_before = not client.is_silent(0 if late else 2.5)
        app.command("release 1")
        assert busy.response().text == "held"
    assert not answered_before
    assert client.response().text == "inline"


def test_thirty_clients_for_twelve_sockets(launch: Launch) -> None:
    """Each client passes its socket on to the next after its answer. No request is lost."""
    app = launch(sockets=12)
    codes: list[int] = []

    def ask() -> None:
        client = HttpClient(app.port)
        for _ in range(40):
            response = client.request("/hello")
            codes.append(response.code)
            if not response.keeps_alive:
                assert client.is_closed()
                client.close()
                client = HttpClient(app.port)
        client.close()

    threads = [threading.Thread(target=ask) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert codes == [200] * 30 * 40


def test_those_that_stay_leave_one(launch: Launch) -> None:
    """Requests get answers, however many WebSockets there are."""
    app = launch(sockets=4)
    sockets = [app.connect() for _ in range(3)]
    for client in sockets:
        client.send(handshake("/ws"))
        assert client.head().code == 101
    for _ in range(5):
        assert app.get("/hello").code == 200
    late = app.connect()
    late.send(handshake("/ws"))
    assert late.head().code == 503


def test_newcomer_gets_503_when_all_are_taken(launch: Launch) -> None:
    app = launch(sockets=4, workers=3)
    held = app.hold(3)
    response = app.get("/hello")
    assert (response.code, response.header("Retry-After")) == (503, "1")
    assert app.get("/inline").code == 200  # requests that need no worker still work
    app.command("release 3")
    assert [client.response().text for client in held] == ["held"] * 3
    assert app.get("/hello").code == 200


def test_newcomer_waits_a_moment_for_a_worker(launch: Launch) -> None:
    app = launch(sockets=4, workers=3)
    held = app.hold(3)
    late = app.connect()
    late.send(whole_request("/hello"))
    assert late.is_silent()
    app.command("release 3")
    assert late.response().code == 200
    assert [client.response().text for client in held] == ["held"] * 3


def test_smallest_server_there_is(launch: Launch) -> None:
    app = launch(sockets=3, workers=1)
    client = app.connect()
    for _ in range(10):
        assert client.request("/hello").code == 200
        assert app.get("/inline").code == 200
    (client,) = half_heads(app, 1)
    assert app.get("/inline").code == 200
    client.send(HEAD[10:])
    assert client.response().code == 200


def test_idle_ones_are_swept(launch: Launch) -> None:
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
