# SPDX-License-Identifier: MIT
"""Clients that have sent half of a request's head."""

from __future__ import annotations

from tests.support.http import HttpClient

from .http_app import App

HEAD = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"


def half_heads(app: App, count: int) -> list[HttpClient]:
    """Opens that many of them."""
    clients = [app.connect() for _ in range(count)]
    for client in clients:
        client.send(HEAD[:10])
    return clients
