# SPDX-License-Identifier: MIT
"""Where lwIP differs from a computer's sockets."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tests.support.http import HttpClient
from tests.support.lwip import only_on_lwip
from tests.support.waiting import eventually

from .http_app import App, Launch, open_websocket

pytestmark = only_on_lwip

SPINS = 1000  # waits; a task that waits for what is there makes millions


def waits(app: App) -> int:
    """How often a task has waited for sockets."""
    return int(app.command("stack waits"))


class TestEnd:
    """lwIP tells the end of a connection once, and from then on says that it is not connected."""

    def test_of_a_websocket_without_a_word(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        app.wait_for(opened=1)
        before = waits(app)
        ws.reset()
        app.wait_for(closed=1)
        assert app.get("/hello").code == 200
        time.sleep(2.5)  # as long as a closed connection may linger
        assert waits(app) - before < SPINS

    def test_while_lingering(self, app: App) -> None:
        client = app.connect()
        client.send("GET / HTTP/1.1\r\n\r\n")
        assert client.response().code == 400  # more may come, and is thrown away
        before = waits(app)
        client.reset()
        time.sleep(2.5)
        assert waits(app) - before < SPINS
        assert app.get("/hello").code == 200


def test_without_memory_to_wait_nothing_spins(app: App) -> None:
    ws = open_websocket(app, "/ws")
    app.command("stack starve 1")
    before = waits(app)
    ws.send_frame(1, b"hello")  # ends the wait that goes on
    eventually(lambda: waits(app) > before + 1)
    time.sleep(1)
    assert waits(app) - before < SPINS
    app.command("stack starve 0")
    ws.send_frame(1, b"there again")
    assert ws.next_frame().payload == b"hello"
    assert ws.next_frame().payload == b"there again"
    assert app.get("/hello").code == 200


def test_connection_to_another_address_is_closed_and_nothing_else(launch: Launch) -> None:
    app = launch(bind="127.0.0.9")
    for _ in range(20):
        client = app.connect()
        with suppress(ConnectionError):
            client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.is_gone()
    eventually(lambda: int(app.command("stack sockets")) == 3)  # the engine's


def test_newcomers_wait_and_none_is_reset(launch: Launch) -> None:
    """More of them than there are sockets and places in lwIP's mailbox, all at once."""
    app = launch(sockets=7)
    clients = [HttpClient(app.port) for _ in range(24)]
    for client in clients:
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert [client.response().code for client in clients] == [200] * 24
    for client in clients:
        client.close()


def test_two_sockets_are_left_to_the_firmware(launch: Launch) -> None:
    app = launch(workers=16, sockets=0)  # as many as a server takes by itself
    spare = int(app.command("stack spare"))
    held = app.hold(spare - 2)
    late = app.connect()
    late.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
    assert late.is_silent()
    assert app.command("stack spare") == "2"
    app.command(f"release {len(held)}")
    assert late.response().code == 200


def ask_again_and_again(port: int) -> set[str]:
    """Sends requests, on as few connections as the server allows; returns what came."""
    answers = set()
    client = HttpClient(port)
    for _ in range(60):
        response = client.request("/hello")
        answers.add(response.text)
        if not response.keeps_alive:
            client.close()
            client = HttpClient(port)
    client.close()
    return answers


def test_clients_that_share_few_sockets_are_all_answered(launch: Launch) -> None:
    """The keeper looks for idle connections while the HTTP task reads from them.

    A program in which two tasks read from one socket at a time ends, and reading takes long here.
    """
    app = launch(sockets=4, workers=1)
    app.command("stack slow 3000")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask_again_and_again, [app.port] * 8))
    assert set().union(*answers) == {"Hello World"}


def test_what_waits_for_late_packets_is_bounded(app: App) -> None:
    """The server closes first. lwIP keeps such a connection for two minutes by default."""
    for _ in range(100):
        assert app.get("/hello", "Connection: close\r\n").code == 200
    eventually(lambda: int(app.command("stack waiting")) <= 30)
    assert app.get("/hello").code == 200
