# SPDX-License-Identifier: MIT
"""A client floods a callback that does not keep up: the server takes no more than it can."""

from __future__ import annotations

from tests.support.lwip import not_on_lwip
from tests.support.websocket import TEXT, frame

from .http_app import App, open_websocket
from .ws_group import all_is_over, asked, join, tell


def test_it_is_held_back_and_others_go_on(app: App) -> None:
    flooder = join(app)
    tell(flooder, "hold")
    app.wait_for(holding=1)
    data = frame(TEXT, b"x" * 1000) * 100
    sent = 0
    flooder.sock.settimeout(0.3)
    try:
        while sent < 200:
            flooder.send(data)
            sent += 1
    except TimeoutError:
        pass
    assert sent < 200, "it took 20 MB"
    other = join(app)
    assert asked(other, "hello") == "hello"
    assert app.get("/hello").code == 200
    app.command("release 1")


@not_on_lwip("there are fewer connections than this takes")
def test_small_messages_of_many_clients_are_all_handled(app: App) -> None:
    clients = [open_websocket(app, "/group") for _ in range(8)]
    for client in clients:
        client.send(frame(TEXT, b"x") * 1000)
    for client in clients:
        for _ in range(1000):
            assert client.read_message() == (TEXT, b"x")
        client.close()
    all_is_over(app, 8)
