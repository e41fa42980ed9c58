# SPDX-License-Identifier: MIT
"""Server-Sent Events: the figures of the firmware in C, and a counter of the one in Python."""

from __future__ import annotations

import json

from tests.support.http import HttpClient, whole_request

from .device import Device

URL = "/api/events"


def listen(device: Device, headers: str = "") -> HttpClient:
    """Opens a client and reads the head of the stream."""
    client = device.connect()
    client.send(whole_request(URL, headers=headers))
    response = client.head()
    assert response.code == 200, response.status
    assert response.header("Content-Type") == "text/event-stream; charset=utf-8"
    return client


def next_event(client: HttpClient) -> dict[str, str]:
    """Returns the fields of the next event."""
    while True:
        lines = client.read_until(b"\n\n").decode().splitlines()
        fields = dict(line.split(": ", 1) for line in lines if line and not line.startswith(":"))
        if "data" in fields:
            return fields


def test_everybody_gets_the_same(device: Device) -> None:
    clients = [listen(device) for _ in range(2)]
    first, second = (next_event(client) for client in clients)
    assert first == second
    assert "heap" in json.loads(first["data"])
    for client in clients:
        client.close()


def test_a_client_that_reconnects_gets_what_it_missed(device: Device) -> None:
    client = listen(device)
    seen = next_event(client)
    client.close()
    watcher = listen(device)
    missed = next_event(watcher)
    again = listen(device, f"Last-Event-ID: {seen['id']}\r\n")
    assert next_event(again) == missed
    again.close()
    watcher.close()


def test_stalled_listeners_hold_up_nobody(device: Device) -> None:
    stalled = [listen(device) for _ in range(2)]
    for _ in range(10):
        assert device.get("/api/info").code == 200
    for client in stalled:
        client.close()
