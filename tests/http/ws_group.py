# SPDX-License-Identifier: MIT
"""Helpers for tests of /group of http_app."""

from __future__ import annotations

import json

from tests.support.waiting import eventually
from tests.support.websocket import TEXT, WebSocket

from .http_app import App, open_websocket


def state(app: App) -> dict[str, int | str]:
    """What has happened to the clients of /group so far."""
    return json.loads(app.command("group"))


def wait_for(app: App, **wanted: int | str) -> None:
    """Waits until this has happened."""
    eventually(lambda: all(state(app)[name] == value for name, value in wanted.items()))


def join(app: App, receive_buffer: int = 0) -> WebSocket:
    """Connects a client, and waits until the application knows it."""
    before = int(state(app)["opened"])
    ws = open_websocket(app, "/group", receive_buffer)
    wait_for(app, opened=before + 1)
    return ws


def tell(ws: WebSocket, text: str) -> None:
    """Sends a command, see groups.c. Anything else comes back."""
    ws.send_frame(TEXT, text.encode())


def asked(ws: WebSocket, text: str) -> str:
    """Sends a text. Returns the answer."""
    tell(ws, text)
    opcode, payload = ws.read_message()
    assert opcode == TEXT, opcode
    return payload.decode()


def all_is_over(app: App, clients: int) -> None:
    """Waits until that many clients have come and gone: each once, one callback at a time."""
    wait_for(app, opened=clients, closed=clients)
    assert state(app)["side_by_side"] == 0
