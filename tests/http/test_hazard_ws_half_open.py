# SPDX-License-Identifier: MIT
"""A client has vanished silently: the server notices, and its place becomes free."""

from __future__ import annotations

from tests.support.websocket import PING, PONG

from .http_app import Launch
from .ws_group import all_is_over, join, state, tell, wait_for


def test_a_silent_one_is_over(launch: Launch) -> None:
    app = launch(ws_ping=50, ws_dead=200, group_clients=1)
    join(app)  # its kernel takes everything, but nobody reads
    wait_for(app, closed=1)
    assert state(app)["code"] == 1006
    join(app)


def test_a_client_that_only_receives_is_disconnected_too(launch: Launch) -> None:
    app = launch(ws_ping=50, ws_dead=300)
    ws = join(app)
    for _ in range(5):
        app.command("say still there?")
    assert ws.is_gone()
    all_is_over(app, 1)


def test_one_that_answers_stays(launch: Launch) -> None:
    app = launch(ws_ping=50, ws_dead=2000)
    ws = join(app)
    for _ in range(10):
        assert ws.read_frame() == (PING, b"")
        ws.send_frame(PONG)
    assert state(app)["closed"] == 0


def test_one_in_the_middle_of_a_message(launch: Launch) -> None:
    app = launch(ws_ping=50, ws_dead=200)
    ws = join(app)
    ws.send_frame(1, b"half of ", fin=False)
    all_is_over(app, 1)
    assert state(app)["messages"] == 0


def test_one_whose_callback_still_runs(launch: Launch) -> None:
    """The end is reported after the callback has returned."""
    app = launch(ws_ping=50, ws_dead=200)
    ws = join(app)
    tell(ws, "hold")
    app.wait_for(holding=1)
    assert ws.is_gone()
    assert state(app)["closed"] == 0
    app.command("release 1")
    all_is_over(app, 1)
