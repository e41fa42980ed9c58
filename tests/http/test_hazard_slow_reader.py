# SPDX-License-Identifier: MIT
"""Clients that take their response slowly, or not at all."""

from __future__ import annotations

import time

import pytest

from tests.support.http import HttpClient
from tests.support.waiting import eventually

from .http_app import App, Launch, pattern


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
    def test_one_that_stops_reading_is_given_up(self, launch: Launch, target: str) -> None:
        app = launch(send_timeout=300, unsent=0)
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
        self, launch: Launch, target: str
    ) -> None:
        app = launch(send_timeout=2000)
        slow = app.connect(receive_buffer=16384)  # a larger one tells of its room too seldom
        slow.send(f"GET /{target}?size=4000000 HTTP/1.1\r\nHost: x\r\n\r\n")
        slow.head()
        body = slow.pending
        while len(body) < 400_000:  # four seconds: twice the time that a client may take nothing
            piece = slow.receive(5000)
            assert piece, "the server has given it up"
            body += piece
            time.sleep(0.05)
        slow.pending = body
        assert slow.read_exactly(4_000_000) == pattern(4_000_000)

    def test_stream_to_one_that_stops_reading(self, launch: Launch) -> None:
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
    """The rest of a response that a client does not take waits in a copy, not in a worker."""

    SIZE = 400_000  # more than the socket takes

    def stalled(self, app: App) -> HttpClient:
        client = app.connect(receive_buffer=4096)
        client.send(f"GET /big?size={self.SIZE} HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.head().code == 200
        return client

    def test_a_worker_waits_for_a_rest_that_does_not_fit(self, launch: Launch) -> None:
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

    def test_reader_that_takes_too_little(self, launch: Launch) -> None:
        app = launch(unsent=3 * self.SIZE, min_rate=1_000_000_000, rate_window=300)
        client = self.stalled(app)
        with pytest.raises((AssertionError, OSError)):
            for _ in range(self.SIZE // 2000):
                client.read_exactly(2000)
                time.sleep(0.01)
        assert client.is_gone()

    def test_handler_that_waits_for_such_a_reader(self, launch: Launch) -> None:
        app = launch(unsent=0, min_rate=1_000_000_000, rate_window=300)
        client = self.stalled(app)
        with pytest.raises((AssertionError, OSError)):
            for _ in range(self.SIZE // 2000):
                client.read_exactly(2000)
                time.sleep(0.01)
        assert app.state()["last_error"] == "GONE"
