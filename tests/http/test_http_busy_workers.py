# SPDX-License-Identifier: MIT
"""Requests next to slow handlers."""

from __future__ import annotations

from .half_heads import HEAD
from .http_app import App, Launch


def test_inline_routes_answer_while_every_worker_is_busy(app: App) -> None:
    held = app.hold(2)
    assert app.get("/inline").text == "inline"
    assert app.get("/nowhere").code == 404
    assert app.connect().request("/hello", "OPTIONS").code == 204
    app.command("release 2")
    assert [client.response().text for client in held] == ["held", "held"]


def test_requests_wait_their_turn(app: App) -> None:
    held = app.hold(2)
    waiting = [app.connect() for _ in range(3)]
    for client in waiting:
        client.send(HEAD)
    assert waiting[0].is_silent()
    app.command("release 2")
    assert [client.response().code for client in waiting + held] == [200] * 5


def test_spare_workers_come_when_all_are_held(launch: Launch) -> None:
    app = launch(workers=1, spare_workers=2)
    held = app.hold(2)
    for _ in range(5):
        assert app.get("/hello").code == 200
    held += app.hold(1)
    waiting = app.connect()
    waiting.send(HEAD)
    assert waiting.is_silent(0.3)  # there are no more
    app.command("release 3")
    assert [client.response().text for client in held] == ["held"] * 3
    assert waiting.response().code == 200


def test_server_stops_with_spare_workers(launch: Launch) -> None:
    app = launch(workers=1, spare_workers=2)
    held = app.hold(3)
    app.command("release 3")
    assert [client.response().text for client in held] == ["held"] * 3
    app.command("stop")


def test_client_that_leaves_while_its_handler_runs(app: App) -> None:
    for _ in range(3):
        (client,) = app.hold(1)
        client.close()
        before = app.state()["handled"]
        app.command("release 1")
        app.wait_for(handled=before + 1)
    assert app.get("/hello").code == 200
