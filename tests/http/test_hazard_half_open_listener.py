# SPDX-License-Identifier: MIT
"""A client that listens to events has vanished, or seems so: its place becomes free."""

from __future__ import annotations

from tests.support.http import HttpClient, whole_request
from tests.support.waiting import eventually

from .http_app import App, Launch

OPTIONS = {"events": 1, "event_clients": 1, "event_buffer": 1 << 20, "event_heartbeat": 100}


def listen(app: App, receive_buffer: int = 0) -> HttpClient:
    """Opens a client and reads the head of its stream."""
    client = app.connect(receive_buffer)
    client.send(whole_request("/events"))
    assert client.head().code == 200
    return client


def place_comes_free(app: App) -> None:
    """There is only one place, so the next client shows that it is free."""

    def is_free() -> bool:
        client = app.connect()
        client.send(whole_request("/events"))
        return client.head().code == 200

    eventually(is_free)
    assert app.get("/hello").code == 200


def test_one_that_takes_nothing_any_more(launch: Launch) -> None:
    app = launch(**OPTIONS, send_timeout=300)
    client = listen(app, receive_buffer=2048)
    app.command("flood 100000")  # more than the sockets buffer
    assert client.is_gone()
    place_comes_free(app)


def test_one_that_was_cut_off(launch: Launch) -> None:
    app = launch(**OPTIONS)
    client = listen(app)
    client.reset()
    place_comes_free(app)


def test_one_that_says_it_is_done(launch: Launch) -> None:
    app = launch(**OPTIONS)
    listen(app).finish_sending()
    place_comes_free(app)


def test_one_that_leaves_before_it_has_the_head(launch: Launch) -> None:
    app = launch(**OPTIONS)
    client = app.connect()
    client.send(whole_request("/events"))
    client.close()
    place_comes_free(app)


def test_heartbeats_continue_for_live_listeners(launch: Launch) -> None:
    app = launch(**OPTIONS, send_timeout=300)
    client = listen(app)
    for _ in range(10):
        assert client.read_until(b"\n\n") == b":\n\n"
