# SPDX-License-Identifier: MIT
"""A message in countless fragments: memory is bounded by the limit of a message."""

from __future__ import annotations

from tests.support.lwip import not_on_lwip
from tests.support.websocket import BINARY, PING, PONG, TEXT, frame

from .http_app import App, Launch
from .ws_group import all_is_over, asked, join, state

CONTINUATION = 0


def test_empty_fragments_without_end(app: App) -> None:
    ws = join(app)
    ws.send_frame(BINARY, fin=False)
    ws.send(frame(CONTINUATION, fin=False) * 20_000)
    assert asked(join(app), "others") == "others"
    ws.send_frame(PING, b"?")
    assert ws.read_frame() == (PONG, b"?")
    ws.send_frame(CONTINUATION, b"after all")
    assert ws.read_message() == (BINARY, b"after all")


def test_fragments_of_one_byte(app: App) -> None:
    ws = join(app)
    text = bytes(97 + i % 26 for i in range(8000))
    for i in range(len(text)):
        ws.send_frame(CONTINUATION if i else TEXT, text[i : i + 1], fin=i == len(text) - 1)
    assert ws.read_message() == (TEXT, text)


def test_more_than_a_message_may_have(launch: Launch) -> None:
    app = launch(ws_message=1000)
    ws = join(app)
    ws.send_frame(BINARY, b"", fin=False)
    for _ in range(1000):
        ws.send_frame(CONTINUATION, b"x", fin=False)
    ws.send_frame(PING)
    assert ws.read_frame() == (PONG, b"")
    ws.send_frame(CONTINUATION, b"x", fin=False)
    assert ws.read_close()[0] == 1009
    all_is_over(app, 1)
    assert state(app)["messages"] == 0


@not_on_lwip("there are fewer connections than this takes")
def test_a_length_that_is_only_announced_takes_no_memory(launch: Launch) -> None:
    """The limit is 1 GB: a length that a client announces must allocate nothing."""
    app = launch(ws_message=1 << 30)
    clients = [join(app) for _ in range(8)]
    for ws in clients:
        ws.send(b"\x82\xff" + (1 << 29).to_bytes(8, "big") + b"mask" + b"x" * 100)
    assert app.most_memory() < 300_000_000
