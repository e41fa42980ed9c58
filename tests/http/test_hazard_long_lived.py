# SPDX-License-Identifier: MIT
"""Long-lived connections, with more clients than there are sockets."""

from __future__ import annotations

from tests.support.http import whole_request

from .http_app import Launch, open_websocket


def test_a_crowd_does_not_push_them_out(launch: Launch) -> None:
    app = launch(events=1, event_clients=1, sockets=8)
    listener = app.connect()
    listener.send(whole_request("/events"))
    assert listener.head().code == 200
    websocket = open_websocket(app, "/ws")
    for _ in range(30):
        assert app.connect().request("/hello").code == 200  # idle connections may stay
    app.command("flood 3")
    for number in range(3):
        assert f"data: {number}\n".encode() in listener.read_until(b"\n\n")
    websocket.send_frame(1, b"still here")
    assert websocket.read_frame()[1] == b"still here"
