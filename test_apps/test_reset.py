# SPDX-License-Identifier: MIT
"""Resets: clients get a reason, the port becomes free, and no memory is lost."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.support.terminal import close_code_of

from .device import Device, eventually

RESTARTS = 100
NOISE = 2048  # bytes by which free memory may vary although nothing is lost


def reset(device: Device, command: str | None = None) -> int:
    """Resets it. Returns the code that the session was closed with."""
    with eventually(device.login) as terminal:
        terminal.send(command or device.words.reset)
        return close_code_of(terminal.socket)


@contextlib.contextmanager
def load(device: Device) -> Iterator[None]:
    """Clients send requests all the time, whether they get answers or not."""
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError, AssertionError, ValueError):
                device.get("/api/info")
            stop.wait(0.01)

    clients = [threading.Thread(target=ask) for _ in range(3)]
    for client in clients:
        client.start()
    try:
        yield
    finally:
        stop.set()
        for client in clients:
            client.join()


def test_clients_get_the_reason_and_reconnect(device: Device) -> None:
    if device.firmware == "c" and device.target == "linux":
        pytest.skip("a process of ESP-IDF's linux target ends instead")
    for _ in range(3):
        assert reset(device) == 1012
        eventually(lambda: device.get("/api/info").code == 200)


def told_when(device: Device, command: str) -> None:
    """A user of a WebSocket gets the code, and can reconnect."""
    url = f"ws://{device.host}:{device.port}/api/messages"
    for _ in range(3):
        with eventually(lambda: connect(url)) as person:
            assert reset(device, command) == 1012
            with pytest.raises(ConnectionClosed):
                person.recv(timeout=60)
            assert person.close_code == 1012


def test_users_of_a_websocket_get_the_code(device: Device) -> None:
    if device.firmware == "c" and device.target == "linux":
        pytest.skip("a process of ESP-IDF's linux target ends instead")
    told_when(device, device.words.reset)


def test_everybody_gets_the_reason_when_python_resets_the_chip(device: Device) -> None:
    if device.firmware != "micropython" or device.target == "desktop":
        pytest.skip("there is no machine.reset()")
    told_when(device, "import machine; machine.reset()\r")


def test_a_hundred_soft_resets_under_load(device: Device) -> None:
    if device.firmware != "micropython":
        pytest.skip("soft resets are Python's")
    reset(device)
    device.wait_until_up()
    before = device.settled_heap()
    with load(device):
        for _ in range(RESTARTS):
            assert reset(device) == 1012
    device.wait_until_up()
    assert device.settled_heap() > before - NOISE


def test_a_reset_ends_callbacks_that_run(device: Device) -> None:
    if device.firmware != "micropython":
        pytest.skip("this firmware has no callback that sleeps")
    sleeper = device.connect()
    sleeper.send("GET /sleep?s=1000 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert reset(device) == 1012
    assert sleeper.is_gone()
    device.wait_until_up()
