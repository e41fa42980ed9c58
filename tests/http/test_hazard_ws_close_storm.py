# SPDX-License-Identifier: MIT
"""Clients come and go at once, in every way: each ends exactly once, and nothing is left."""

from __future__ import annotations

import random
import struct
import threading

from tests.support.lwip import not_on_lwip
from tests.support.waiting import eventually
from tests.support.websocket import CLOSE, PING, TEXT, WebSocket, frame

from .http_app import App, open_websocket
from .ws_group import all_is_over, state, tell


def politely(ws: WebSocket) -> None:
    ws.send_frame(CLOSE, (1000).to_bytes(2, "big"))
    ws.read_close()


def without_a_word(ws: WebSocket) -> None:
    tell(ws, "and gone")


def by_a_reset(ws: WebSocket) -> None:
    tell(ws, "burst 3 1000")
    ws.sock.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER: close() resets


def in_the_middle_of_a_frame(ws: WebSocket) -> None:
    ws.send(frame(TEXT, b"x" * 500)[:100])


def by_nonsense(ws: WebSocket) -> None:
    ws.send(b"\xff" * 100)


def by_the_server(ws: WebSocket) -> None:
    tell(ws, "close 4000 go")
    ws.read_close()


def both_at_once(ws: WebSocket) -> None:
    ws.send(frame(TEXT, b"close 4000 go") + frame(CLOSE, b"\x03\xe8"))


def twice(ws: WebSocket) -> None:
    ws.send(frame(CLOSE) + frame(PING) + frame(CLOSE))
    ws.is_gone()


WAYS = [
    *(politely, without_a_word, by_a_reset, in_the_middle_of_a_frame),
    *(by_nonsense, by_the_server, both_at_once, twice),
]
THREADS, ROUNDS = 3, 40


def test_every_end_is_reported_once(app: App) -> None:
    fds = app.fds()

    def storm(seed: int) -> None:
        order = random.Random(seed)
        for _ in range(ROUNDS):
            ws = open_websocket(app, "/group")
            order.choice(WAYS)(ws)
            ws.close()

    threads = [threading.Thread(target=storm, args=[seed]) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    all_is_over(app, THREADS * ROUNDS)
    assert app.command("members") == "0"
    eventually(lambda: app.fds() <= fds)


@not_on_lwip("there are fewer connections than this takes")
def test_stop_in_a_storm(app: App) -> None:
    clients = [open_websocket(app, "/group") for _ in range(10)]
    for n, ws in enumerate(clients):
        WAYS[n % 4 + 2](ws) if n % 2 else tell(ws, "sleep 50")
    app.command("stop")
    for ws in clients:
        ws.close()
    seen = state(app)
    assert (seen["opened"], seen["side_by_side"]) == (seen["closed"], 0)
