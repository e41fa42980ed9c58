# SPDX-License-Identifier: MIT
"""Slow, silent and greedy clients: each of them may hold up itself, nobody else.

Time-outs never come here unless a test asks for them: who answers, answers beside the others.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from http_app import App, Client, eventually, pattern
from ws_client import open_websocket

HEAD = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"


def half_heads(app: App, count: int) -> list[Client]:
    clients = [app.connect() for _ in range(count)]
    for client in clients:
        client.send(HEAD[:10])
    return clients


class TestHalfHeads:
    def test_others_are_answered_beside_them(self, app: App) -> None:
        half_heads(app, 3)
        client = app.connect()
        for target in ("/hello", "/inline", "/nowhere"):
            assert client.request(target).code in (200, 404)

    def test_each_is_answered_when_it_is_whole(self, app: App) -> None:
        clients = half_heads(app, 3)
        for client in reversed(clients):
            client.send(HEAD[10:])
            assert client.response().text == "Hello World"
            assert client.request("/inline").text == "inline"

    def test_on_a_connection_that_was_used_before(self, app: App) -> None:
        client = app.connect()
        for _ in range(3):
            assert client.request("/hello").code == 200
            client.send(HEAD[:10])
            assert app.get("/hello").code == 200
            client.send(HEAD[10:])
            assert client.response().code == 200

    def test_oldest_makes_room_for_the_newest(self, launch: Callable[..., App]) -> None:
        app = launch(sockets=12)  # a third of them may be half heads
        clients = half_heads(app, 4)
        app.get("/hello")
        clients += half_heads(app, 1)
        assert clients[0].response().code == 408
        assert clients[0].is_closed()
        for client in clients[1:]:
            client.send(HEAD[10:])
            assert client.response().code == 200

    def test_crowd_pushes_out_itself_and_nobody_else(self, launch: Callable[..., App]) -> None:
        app = launch(sockets=12)
        honest = app.connect()
        crowd = []
        for _ in range(30):
            crowd += half_heads(app, 1)
            assert honest.request("/hello").code == 200
            newest = app.connect()
            newest.send(HEAD[:10])
            newest.send(HEAD[10:])
            assert newest.response().code == 200
            newest.close()
        for client in crowd[-3:]:
            client.send(HEAD[10:])
            assert client.response().code == 200

    def test_late_one_is_told_so(self, launch: Callable[..., App]) -> None:
        app = launch(header_timeout=300)
        (client,) = half_heads(app, 1)
        response = client.response()
        assert response.code == 408
        assert not response.keeps_alive
        assert client.is_closed()

    def test_a_byte_now_and_then_buys_no_time(self, launch: Callable[..., App]) -> None:
        app = launch(header_timeout=300, header=65535)
        client = app.connect()
        client.send("GET /hello HTTP/1.1\r\nX: ")
        with pytest.raises(OSError):
            for _ in range(60_000):
                client.send("a")
                time.sleep(0.0005)  # the rate of an attacker, not a wait for anything
        assert app.get("/hello").code == 200

    def test_beside_running_handlers(self, launch: Callable[..., App]) -> None:
        app = launch(workers=2)
        (held,) = app.hold(1)
        half_heads(app, 2)
        client = app.connect()
        for _ in range(10):
            assert client.request("/hello").code == 200
            assert client.request("/inline").code == 200
        assert app.command("release 1") == "ok"
        assert held.response().text == "held"


class TestBusyWorkers:
    def test_inline_routes_answer_while_every_worker_is_busy(self, app: App) -> None:
        held = app.hold(2)
        assert app.get("/inline").text == "inline"
        assert app.get("/nowhere").code == 404
        assert app.connect().request("/hello", "OPTIONS").code == 204
        app.command("release 2")
        assert [client.response().text for client in held] == ["held", "held"]

    def test_requests_wait_their_turn(self, app: App) -> None:
        held = app.hold(2)
        waiting = [app.connect() for _ in range(3)]
        for client in waiting:
            client.send(HEAD)
        assert waiting[0].is_silent()
        app.command("release 2")
        assert [client.response().code for client in waiting + held] == [200] * 5

    def test_client_that_leaves_while_its_handler_runs(self, app: App) -> None:
        for _ in range(3):
            (client,) = app.hold(1)
            client.close()
            before = app.state()["handled"]
            app.command("release 1")
            app.wait_for(handled=before + 1)
        assert app.get("/hello").code == 200


class TestSockets:
    def test_thirty_clients_for_twelve_sockets(self, launch: Callable[..., App]) -> None:
        """Whoever was idle for longest makes room."""
        app = launch(sockets=12)
        for _ in range(30):
            assert app.connect().request("/hello").code == 200
        assert app.clients[0].is_gone()
        for client in app.clients[-11:]:
            assert client.request("/hello").code == 200

    def test_thirty_clients_at_once(self, launch: Callable[..., App]) -> None:
        """Who asks is served or told to come again; nobody is left hanging."""
        app = launch(sockets=12)
        codes: list[int] = []

        def ask() -> None:
            while True:
                client = Client(app.port)
                code = client.request("/hello", headers="Connection: close\r\n").code
                client.close()
                codes.append(code)
                if code == 200:
                    return

        threads = [threading.Thread(target=ask) for _ in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert codes.count(200) == 30
        assert set(codes) <= {200, 503}

    def test_newcomer_is_told_when_all_are_taken(self, launch: Callable[..., App]) -> None:
        app = launch(sockets=4, workers=8)
        held = app.hold(3)
        response = app.get("/hello")
        assert (response.code, response.header("Retry-After")) == (503, "1")
        assert app.get("/inline").code == 200  # what needs no worker still goes
        app.command("release 3")
        assert [client.response().text for client in held] == ["held"] * 3
        assert app.get("/hello").code == 200

    def test_smallest_server_there_is(self, launch: Callable[..., App]) -> None:
        app = launch(sockets=3, workers=1)
        client = app.connect()
        for _ in range(10):
            assert client.request("/hello").code == 200
            assert app.get("/inline").code == 200
        (client,) = half_heads(app, 1)
        assert app.get("/inline").code == 200
        client.send(HEAD[10:])
        assert client.response().code == 200

    def test_idle_ones_are_swept(self, launch: Callable[..., App]) -> None:
        app = launch(idle_timeout=300)
        clients = [app.connect() for _ in range(3)]
        for client in clients[1:]:
            assert client.request("/hello").code == 200
        (held,) = app.hold(1)
        for client in clients:
            assert client.is_closed()
        app.command("release 1")
        assert held.response().text == "held"  # it was not idle

    def test_descriptors_come_back(self, app: App) -> None:
        before = app.fds()
        for _ in range(100):
            client = app.connect()
            assert client.request("/hello").code == 200
            client.close()
        eventually(lambda: app.fds() <= before)


class TestSlowReaders:
    SIZE = 3_000_000

    @pytest.mark.parametrize("target", ["big", "inline-big"])
    def test_others_are_answered_beside_one_that_does_not_read(
        self, app: App, target: str
    ) -> None:
        slow = app.connect(receive_buffer=4096)
        slow.send(f"GET /{target}?size={self.SIZE} HTTP/1.1\r\nHost: x\r\n\r\n")
        assert slow.head().code == 200
        for _ in range(5):
            assert app.get("/hello").code == 200
        assert slow.read_exactly(self.SIZE) == pattern(self.SIZE)
        assert slow.request("/hello").code == 200

    @pytest.mark.parametrize("target", ["big", "inline-big"])
    def test_one_that_stops_reading_is_given_up(
        self, launch: Callable[..., App], target: str
    ) -> None:
        app = launch(send_timeout=300)
        slow = app.connect(receive_buffer=4096)
        assert slow.request("/hello").code == 200
        before = app.fds()
        slow.send(f"GET /{target}?size={self.SIZE} HTTP/1.1\r\nHost: x\r\n\r\n")
        assert slow.head().code == 200
        eventually(lambda: app.fds() < before)
        assert app.state()["last_error"] == ("GONE" if target == "big" else "ESP_OK")
        assert slow.is_gone()

    @pytest.mark.parametrize("target", ["big", "inline-big"])
    def test_one_that_reads_slowly_all_the_time_gets_everything(
        self, launch: Callable[..., App], target: str
    ) -> None:
        app = launch(send_timeout=2000)
        slow = app.connect()
        slow.send(f"GET /{target}?size=4000000 HTTP/1.1\r\nHost: x\r\n\r\n")
        slow.head()
        body = slow.pending
        while len(body) < 400_000:  # four seconds: twice what one may take nothing
            body += slow.receive(5000)
            time.sleep(0.05)
        slow.pending = body
        assert slow.read_exactly(4_000_000) == pattern(4_000_000)

    def test_stream_to_one_that_stops_reading(self, launch: Callable[..., App]) -> None:
        app = launch(send_timeout=300)
        slow = app.connect(receive_buffer=4096)
        slow.send("GET /stream?pieces=1000&size=100000 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert slow.head().code == 200
        app.wait_for(last_error="GONE")

    def test_stream_to_one_that_leaves(self, app: App) -> None:
        client = app.connect()
        client.send("GET /stream?pieces=1000&size=100000 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.head().code == 200
        client.close()
        app.wait_for(last_error="GONE")
        assert app.get("/hello").code == 200


class TestRests:
    """What a client does not take of a response waits in a copy, not in a worker."""

    SIZE = 400_000  # more than the socket takes

    def stalled(self, app: App) -> Client:
        client = app.connect(receive_buffer=4096)
        client.send(f"GET /big?size={self.SIZE} HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.head().code == 200
        return client

    def test_three_readers_that_stall_beside_a_sleeping_callback(
        self, launch: Callable[..., App]
    ) -> None:
        app = launch(workers=2, unsent=3 * self.SIZE)
        (held,) = app.hold(1)
        stalled = [self.stalled(app) for _ in range(3)]
        for _ in range(5):
            assert app.get("/hello").text == "Hello World"
        for client in stalled:
            assert client.read_exactly(self.SIZE) == pattern(self.SIZE)
            assert client.request("/hello").code == 200
        app.command("release 1")
        assert held.response().text == "held"

    def test_what_does_not_fit_is_waited_for(self, launch: Callable[..., App]) -> None:
        app = launch(workers=2, unsent=self.SIZE)
        stalled = [self.stalled(app) for _ in range(2)]
        assert app.get("/hello").code == 200
        stalled += [self.stalled(app)]
        for client in stalled:
            assert client.read_exactly(self.SIZE) == pattern(self.SIZE)
        app.wait_for(last_error="ESP_OK")
        for _ in range(2):  # the copies are gone, and there is room again
            again = [self.stalled(app) for _ in range(1)]
            app.hold(1)
            assert app.get("/hello").code == 200
            app.command("release 1")
            assert again[0].read_exactly(self.SIZE) == pattern(self.SIZE)

    def test_reader_that_takes_too_little(self, launch: Callable[..., App]) -> None:
        app = launch(unsent=3 * self.SIZE, min_rate=1_000_000_000, rate_window=300)
        client = self.stalled(app)
        with pytest.raises((AssertionError, OSError)):
            for _ in range(self.SIZE // 2000):
                client.read_exactly(2000)
                time.sleep(0.01)
        assert client.is_gone()

    def test_handler_that_waits_for_such_a_reader(self, launch: Callable[..., App]) -> None:
        app = launch(unsent=0, min_rate=1_000_000_000, rate_window=300)
        client = self.stalled(app)
        with pytest.raises((AssertionError, OSError)):
            for _ in range(self.SIZE // 2000):
                client.read_exactly(2000)
                time.sleep(0.01)
        assert app.state()["last_error"] == "GONE"

    def test_handler_that_waits_for_a_dripping_body(self, launch: Callable[..., App]) -> None:
        app = launch(min_rate=1_000_000, rate_window=300)
        client = app.connect()
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        while client.is_silent(0.01):
            client.send("x")
        assert client.response().code == 408
        assert app.state()["last_error"] == "ESP_ERR_TIMEOUT"


def test_download_upload_events_and_a_callback_that_stall_at_once(
    launch: Callable[..., App],
) -> None:
    """A stalled download, a stalled event client and a sleeping callback: nobody notices."""
    app = launch(workers=2, body=0)
    (held,) = app.hold(1)
    download = app.connect(receive_buffer=4096)
    download.send("GET /from?size=3000000 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert download.head().code == 200
    upload = app.connect()
    upload.send(b"POST /to HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + pattern(10))
    events = open_websocket(app, "/ws", receive_buffer=4096)
    while events.send_frame(2, bytes(60_000), timeout=0.2):
        pass  # it sends, and reads nothing of what comes back
    for _ in range(10):
        assert app.get("/hello").text == "Hello World"
        assert app.get("/from?size=100000").body == pattern(100_000)
        assert app.connect().request("/to", "POST", body=pattern(5000)).text == "5000 right"
    upload.send(pattern(100)[10:])
    assert upload.response().text == "100 right"
    assert download.read_exactly(3_000_000) == pattern(3_000_000)
    app.command("release 1")
    assert held.response().text == "held"


def test_everything_at_once(launch: Callable[..., App]) -> None:
    """One handler works, one client is stuck in its head, one in its body, one does not read."""
    app = launch(workers=4)
    app.hold(1)
    half_heads(app, 1)
    body = app.connect()
    body.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
    reader = app.connect(receive_buffer=4096)
    reader.send("GET /inline-big?size=3000000 HTTP/1.1\r\nHost: x\r\n\r\n")
    for _ in range(10):
        assert app.get("/hello").text == "Hello World"
    body.send("67890")
    assert body.response().text == "1234567890"
    app.command("release 1")
