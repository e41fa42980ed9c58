# SPDX-License-Identifier: MIT
"""Clients that take more than their share: nobody else may notice."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import count

from tests.support.http import HttpClient

from .device import Device, eventually

MORE_THAN_THERE_ARE = 24  # sockets
NOISE = 1024  # bytes by which free memory may vary although nothing is lost


def crowd(device: Device, stack: ExitStack, size: int) -> list[HttpClient]:
    """Opens that many connections; some may be refused or closed at once."""
    clients = []
    for _ in range(size):
        client = device.connect()
        stack.callback(client.close)
        clients.append(client)
    return clients


def is_served(device: Device) -> bool:
    """Whether a new client gets an answer, perhaps at a second attempt, as browsers make one."""
    return device.get("/api/info").code == 200


def test_a_kept_connection_is_answered_again_and_again(device: Device) -> None:
    """Nobody else connects meanwhile, which would wake a server that sleeps too deeply."""
    with ExitStack() as stack:
        (client,) = crowd(device, stack, 1)
        for _ in range(4):
            assert client.request("/api/info").code == 200
            assert client.request("/nowhere").code == 404


def test_half_a_head_holds_up_nobody(device: Device) -> None:
    with ExitStack() as stack:
        for client in crowd(device, stack, 3):
            client.send("GET / HT")
        for _ in range(10):
            assert is_served(device)


def test_idle_connections_make_room(device: Device) -> None:
    with ExitStack() as stack:
        crowd(device, stack, MORE_THAN_THERE_ARE)
        for _ in range(5):
            assert eventually(lambda: is_served(device))


def test_half_heads_make_room(device: Device) -> None:
    with ExitStack() as stack:
        for number, client in zip(count(), crowd(device, stack, MORE_THAN_THERE_ARE)):
            try:
                client.send(f"GET /{number} HTTP/1.1\r\nHost: ")
            except OSError:
                continue  # closed to make room for a newer one
        for _ in range(5):
            assert eventually(lambda: is_served(device))


def test_stalled_readers_hold_up_nobody_for_ever(device: Device) -> None:
    target = {"c": "/ws", "micropython": "/big"}[device.firmware]
    with ExitStack() as stack:
        for _ in range(3):
            client = device.connect(receive_buffer=2048)
            stack.callback(client.close)
            client.send(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n")
        assert eventually(lambda: is_served(device))


def storm(device: Device) -> None:
    """Sends many requests of every kind, and opens a session."""
    for target in ("/", "/api/info", "/nowhere", "/ws"):
        for _ in range(10):
            device.get(target)
    with device.terminal() as terminal:
        terminal.send("\r")
        terminal.expect(">>> ")


def test_all_memory_comes_back(device: Device) -> None:
    storm(device)
    before = device.settled_heap()
    for _ in range(3):
        storm(device)
    assert device.settled_heap() > before - NOISE
