# SPDX-License-Identifier: MIT
"""Starting, stopping and restarting a server, whatever happens meanwhile."""

from __future__ import annotations

import os
import socket
import threading

import pytest

from tests.support.http import HttpClient, whole_request
from tests.support.lwip import not_on_lwip
from tests.support.ports import unused_port
from tests.support.waiting import eventually
from tests.support.websocket import handshake
from tools import esp_engine

from .http_app import App, Launch, open_websocket

needs_esp_idf = pytest.mark.skipif(not esp_engine.suffix(), reason="ESP-IDF's engine alone")
STOPS = int(os.environ.get("STOPS", "20"))  # where the engine is ESP-IDF's, 200 were tried
HEAD = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"


def port_is_free(port: int) -> bool:
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class TestStart:
    def test_on_a_free_port(self, app: App) -> None:
        assert app.port > 0

    def test_on_a_taken_port(self, app: App) -> None:
        before = app.fds(), app.threads()
        assert app.command(f"second {app.port}") == "PORT_TAKEN"
        assert (app.fds(), app.threads()) == before
        assert app.get("/hello").code == 200

    @not_on_lwip("the port is one of this computer")
    def test_nobody_comes_before_it_is_prepared(self, launch: Launch, free_port: int) -> None:
        """Whoever reconnects while a firmware starts is not told that there is nothing."""
        app = launch(port=free_port)
        assert app.command("stop") == "stopped"
        assert app.command("prepare") == "ok"
        assert app.command("start") == "preparing"
        assert port_is_free(free_port)
        app.take_port(app.command("go"))
        assert app.get("/hello").code == 200

    def test_beside_another(self, app: App) -> None:
        assert app.command("second 0") == "ESP_OK"
        assert app.get("/hello").code == 200

    @needs_esp_idf
    def test_beside_a_bare_engine(self, launch: Launch) -> None:
        """A firmware may have a server of ESP-IDF's already, with ESP-IDF's defaults."""
        app = launch(sockets=3)
        for _ in range(3):
            port = unused_port()
            assert app.command(f"bare {port}") == "ESP_OK"
            client = HttpClient(port)
            assert client.request("/bare").text == "bare"
            assert app.get("/hello").code == 200
            client.close()
            assert app.command("bare") == "ESP_OK"

    def test_without_memory_for_its_task(self, launch: Launch) -> None:
        app = launch(sockets=4)
        before = app.fds(), app.threads()
        app.command("memory large 4096")
        for _ in range(3):  # threads of the imitation take no such memory
            assert app.command("second 0") in ("ESP_ERR_NO_MEM", "ESP_OK")
        app.command("memory enough")
        assert (app.fds(), app.threads()) == before
        assert app.get("/hello").code == 200

    def test_a_larger_stack_of_the_shared_task_is_too_late(self, app: App) -> None:
        assert app.command("second 0 65000") == "ESP_OK"
        assert "the I/O task has the io_stack of the first server" in app.errors
        assert app.errors.endswith(" and not 65000\n")


class TestStop:
    def test_frees_the_port(self, app: App) -> None:
        assert app.get("/hello").code == 200
        assert app.command("stop") == "stopped"
        assert port_is_free(app.port)

    def test_before_anybody_came(self, app: App) -> None:
        assert app.command("stop") == "stopped"

    def test_closes_idle_connections(self, app: App) -> None:
        clients = [app.connect() for _ in range(5)]
        for client in clients:
            assert client.request("/hello").code == 200
        app.command("stop")
        assert all(client.is_closed() for client in clients)

    def test_closes_half_heads(self, app: App) -> None:
        clients = [app.connect() for _ in range(3)]
        for client in clients:
            client.send(HEAD[:9])
        app.get("/hello")
        app.command("stop")
        assert all(client.is_gone() for client in clients)

    def test_waits_for_handlers(self, app: App) -> None:
        held = app.hold(2)
        app.command("begin_stop")
        app.command("release 2")
        assert app.command("end_stop") == "stopped"
        assert app.state()["handled"] == 2
        assert [client.is_gone() for client in held] == [True, True]

    def test_refuses_requests_that_wait(self, app: App) -> None:
        app.hold(2)
        waiting = [app.connect() for _ in range(3)]
        for client in waiting:
            client.send(HEAD)
        assert waiting[-1].is_silent()
        app.command("begin_stop")
        for client in waiting:
            response = client.response()
            assert (response.code, response.header("Retry-After")) == (503, "1")
        app.command("release 2")
        app.command("end_stop")

    def test_ends_bodies_that_are_collected(self, app: App) -> None:
        client = app.connect()
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
        assert client.is_silent()
        app.command("stop")
        assert client.response().code == 503

    def test_ends_handlers_that_wait_for_a_body(self, launch: Launch) -> None:
        app = launch(body_buffer=0)
        client = app.connect()
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
        assert client.is_silent()
        app.command("stop")
        assert app.state()["last_error"] == "STOPPING"

    def test_ends_handlers_that_wait_for_a_reader(self, app: App) -> None:
        client = app.connect(receive_buffer=4096)
        client.send("GET /big?size=5000000 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.head().code == 200
        app.command("stop")
        assert app.state()["last_error"] == "GONE"

    def test_with_an_unfinished_inline_answer(self, app: App) -> None:
        client = app.connect(receive_buffer=4096)
        client.send("GET /inline-big?size=5000000 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.head().code == 200
        app.command("stop")
        assert client.is_gone()

    def test_closes_websockets_with_service_restart(self, app: App) -> None:
        sockets = [open_websocket(app, url) for url in ("/ws", "/old", "/page")]
        app.wait_for(opened=3)
        app.command("stop")
        for ws in sockets:
            assert ws.read_close() == (1012, b"")
            assert ws.is_gone()
        assert (app.state()["closed"], app.state()["close_code"]) == (3, 1012)

    def test_with_a_websocket_that_does_not_read(self, app: App) -> None:
        ws = open_websocket(app, "/ws", receive_buffer=4096)
        for _ in range(100):
            ws.send_frame(2, bytes(60_000), timeout=0.2)
        app.command("stop")
        assert app.state()["closed"] == 1

    def test_with_taken_connections(self, app: App) -> None:
        clients = [app.connect() for _ in range(2)]
        for client, target in zip(clients, ("/take", "/take-inline")):
            client.send(whole_request(target))
            client.send("echo")
            assert client.read_exactly(4) == b"echo"
        app.command("stop")
        for client in clients:
            assert client.read_to_end() == b"stopping"
        assert app.state()["closed"] == 2

    def test_cancels_jobs_that_wait(self, app: App) -> None:
        app.hold(2)
        for _ in range(5):
            assert app.command("submit") == "ESP_OK"
        app.command("begin_stop")
        app.wait_for(jobs_cancelled=5)
        app.command("release 2")
        app.command("end_stop")
        assert app.state()["jobs_run"] == 0

    def test_from_a_handler(self, app: App) -> None:
        client = app.connect()
        assert client.request("/stop-later", "POST").text in (
            "stopping",
            "503 Service Unavailable\n",
        )
        assert app.command("wait_stopped") == "stopped"
        assert port_is_free(app.port)
        app.start()
        assert app.get("/hello").code == 200

    def test_under_fire(self, launch: Launch) -> None:
        """Clients send requests all the time: each answer is whole, or there is none."""
        app = launch(workers=4)
        ended = threading.Event()
        wrong: list[str] = []

        def ask(target: str) -> None:
            while not ended.is_set():
                try:
                    client = HttpClient(app.port)
                    for _ in range(5):
                        response = client.request(target)
                        if response.code not in (200, 404, 503):
                            wrong.append(response.status)
                    client.close()
                except (OSError, AssertionError, ValueError):
                    continue

        targets = ["/hello", "/inline", "/big?size=200000", "/stream?pieces=20", "/nowhere"]
        threads = [threading.Thread(target=ask, args=(target,)) for target in targets]
        for thread in threads:
            thread.start()
        try:
            for _ in range(10):
                app.get("/hello")
                assert app.command("stop") == "stopped"
                app.start()
        finally:
            ended.set()
            for thread in threads:
                thread.join(60)
        assert not wrong


class TestRestart:
    def test_thirty_times_without_leaving_anything(self, app: App) -> None:
        app.get("/hello")
        app.command("stop")
        before = app.fds(), app.threads()
        for _ in range(30):
            app.start()
            client = app.connect()
            assert client.request("/hello").code == 200
            app.connect().send(HEAD[:9])
            open_websocket(app, "/ws")
            app.command("stop")
        assert (app.fds(), app.threads()) == before

    def test_on_the_same_port_with_old_clients_around(self, launch: Launch) -> None:
        port = unused_port()
        app = launch(port=port)
        for _ in range(5):
            clients = [app.connect() for _ in range(3)]
            assert [client.request("/hello").code for client in clients] == [200] * 3
            app.command("stop")
            app.start()
            assert app.port == port
        assert app.get("/hello").code == 200

    def test_with_half_heads_around(self, launch: Launch) -> None:
        """All of them go back to the engine at once, through a mailbox that holds six messages."""
        app = launch(sockets=60)
        for _ in range(STOPS):
            clients = [app.connect() for _ in range(20)]
            for client in clients:
                client.send(HEAD[:9])
            assert app.get("/inline").code == 200
            assert app.command("stop") == "stopped"
            for client in clients:
                client.close()
            app.start()

    @pytest.mark.parametrize("target", ["/hello", "/ws"])
    def test_routes_are_there_again(self, app: App, target: str) -> None:
        app.command("stop")
        app.start()
        client = app.connect()
        client.send(handshake(target))
        assert client.head().code == (101 if target == "/ws" else 200)


def test_jobs_run_in_workers(app: App) -> None:
    for _ in range(20):
        assert app.command("submit") == "ESP_OK"
    app.wait_for(jobs_run=20)


def test_threads_are_those_of_the_configuration(launch: Launch) -> None:
    app = launch(workers=5)
    eventually(lambda: app.threads() >= 1 + 1 + 1 + 5)  # main, HTTP task, I/O task, workers


def test_a_core_that_no_chip_has_is_refused(launch: Launch) -> None:
    assert launch(core=-1).get("/hello").code == 200
    with pytest.raises(AssertionError, match="INVALID_ARG"):
        launch(core=-2)
