# SPDX-License-Identifier: MIT
"""Responses from sources and bodies into sinks: whole or not at all, and they hold up nobody."""

from __future__ import annotations

import time

import pytest

from tests.support.http import HttpClient, whole_request
from tests.support.waiting import eventually

from .http_app import App, Launch, pattern

HUGE = 50_000_000  # no socket buffer holds it
HELLO = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"


def chunks(data: bytes, size: int) -> bytes:
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def stalled_download(app: App, target: str = "/from") -> HttpClient:
    client = app.connect(receive_buffer=4096)
    client.send(whole_request(f"{target}?size={HUGE}"))
    assert client.head().code == 200
    return client


def stalled_upload(app: App, target: str = "/to", sent: int = 5000) -> HttpClient:
    """So much has come that the handler was called."""
    client = app.connect()
    head = f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: {HUGE}\r\n\r\n"
    client.send(head.encode() + pattern(sent))
    return client


@pytest.mark.parametrize("target", ["/from", "/inline-from"])
class TestSource:
    @pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 65536, 3_000_000])
    @pytest.mark.parametrize("endless", [0, 1])
    def test_everything_comes(self, app: App, target: str, size: int, endless: int) -> None:
        client = app.connect()
        for _ in range(2):
            response = client.request(f"{target}?size={size}&endless={endless}")
            assert response.body == pattern(size)
            framing = response.header("Transfer-Encoding"), response.header("Content-Length")
            assert framing == (("chunked", None) if endless else (None, str(size)))
        assert client.request("/hello").code == 200
        app.wait_for(closes=2, close_result="ESP_OK")

    @pytest.mark.parametrize("buffer", [256, 65535])
    @pytest.mark.parametrize("endless", [0, 1])
    def test_with_any_buffer(self, launch: Launch, target: str, buffer: int, endless: int) -> None:
        app = launch(stream_buffer=buffer)
        response = app.get(f"{target}?size=300000&step=1000&endless={endless}")
        assert response.body == pattern(300_000)

    def test_more_than_the_length_is_not_asked_for(self, app: App, target: str) -> None:
        client = app.connect()
        assert client.request(f"{target}?size=100&length=10").body == pattern(10)
        assert client.request("/hello").code == 200
        app.wait_for(close_result="ESP_OK")

    def test_http_1_0_gets_it_bare(self, app: App, target: str) -> None:
        client = app.connect()
        client.send(f"GET {target}?size=100000&endless=1 HTTP/1.0\r\n\r\n")
        response = client.response()
        assert (response.body, response.keeps_alive) == (pattern(100_000), False)
        assert client.is_closed()

    @pytest.mark.parametrize("query", ["size=1000", "size=1000&endless=1"])
    def test_head_is_get_without_the_body(self, app: App, target: str, query: str) -> None:
        get = app.get(f"{target}?{query}")
        app.wait_for(closes=1)
        reads = app.state()["reads"]
        client = app.connect()
        head = client.request(f"{target}?{query}", "HEAD")
        assert (head.status, head.undated) == (get.status, get.undated)
        assert client.request("/hello").code == 200
        app.wait_for(closes=2, close_result="ESP_OK")
        assert app.state()["reads"] == reads

    @pytest.mark.parametrize("status", ["204%20No", "304%20Not"])
    def test_status_without_a_body(self, app: App, target: str, status: str) -> None:
        client = app.connect()
        client.request(f"{target}?status={status}")
        assert client.request("/hello").code == 200
        app.wait_for(closes=1, close_result="ESP_OK")
        assert app.state()["reads"] == 0

    def test_is_the_only_answer(self, app: App, target: str) -> None:
        assert app.get(f"{target}?size=5").text == "abcde"
        assert app.state()["last_error"] == "ANSWERED"


def test_short_response_leaves_in_one_segment(app: App) -> None:
    client = app.connect()
    for query in ("size=1000", "size=1000&endless=1"):
        before = client.segments_received()
        assert len(client.request(f"/from?{query}").body) == 1000
        assert client.segments_received() == before + 1


def test_unread_body_does_not_pass_for_a_request(app: App) -> None:
    client = app.connect()
    client.send(whole_request("/from?size=3", "POST", body=HELLO.encode()) + HELLO.encode())
    assert client.response().text == "abc"
    assert client.response().text == "Hello World"


class TestBrokenSource:
    """Half a response never looks whole."""

    @pytest.mark.parametrize(
        ("query", "result"),
        [
            ("size=1000&length=1001", "ESP_ERR_INVALID_SIZE"),
            ("size=100000&length=200000", "ESP_ERR_INVALID_SIZE"),
            ("size=100000&fail_at=50000", "ESP_ERR_NOT_FINISHED"),
            ("size=100000&fail_at=50000&error=263", "ESP_ERR_TIMEOUT"),
            ("size=100000&fail_at=0", "ESP_ERR_NOT_FINISHED"),
            ("size=1000&result=257", "ESP_ERR_NO_MEM"),
        ],
    )
    def test_breaks_the_connection(self, app: App, query: str, result: str) -> None:
        client = app.connect()
        client.send(whole_request(f"/from?{query}&step=1000"))
        data = client.read_to_end()
        assert len(data) < 100_000
        app.wait_for(closes=1, close_result=result)

    def test_without_a_length(self, app: App) -> None:
        client = app.connect()
        client.send(whole_request("/from?size=9000&fail_at=8000&step=100&endless=1"))
        assert not client.read_to_end().endswith(b"0\r\n\r\n")
        app.wait_for(closes=1, close_result="ESP_ERR_NOT_FINISHED")

    def test_without_a_length_and_http_1_0(self, app: App) -> None:
        """The end of the connection ends the response, so only a reset shows the failure."""
        client = app.connect()
        client.send("GET /from?size=9000&fail_at=8000&step=100&endless=1 HTTP/1.0\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            client.read_to_end()


class TestClientOfASource:
    def test_that_leaves(self, app: App) -> None:
        client = stalled_download(app)
        client.close()
        app.wait_for(closes=1, close_result="GONE")
        assert app.get("/hello").code == 200

    def test_that_stalls_and_goes_on(self, app: App) -> None:
        client = app.connect(receive_buffer=4096)
        client.send(whole_request("/from?size=3000000"))
        assert client.head().code == 200
        assert app.get("/hello").code == 200
        assert client.read_exactly(3_000_000) == pattern(3_000_000)
        assert client.request("/hello").code == 200

    def test_that_stalls_for_too_long(self, launch: Launch) -> None:
        app = launch(send_timeout=300)
        client = stalled_download(app)
        app.wait_for(closes=1, close_result="GONE")
        assert client.is_gone()

    def test_that_takes_too_little(self, launch: Launch) -> None:
        app = launch(min_rate=1_000_000_000, rate_window=300)
        client = stalled_download(app)
        with pytest.raises((AssertionError, OSError)):
            while True:  # always something, never enough
                client.read_exactly(100_000)
                time.sleep(0.01)
        app.wait_for(closes=1, close_result="GONE")

    def test_others_are_served_beside_a_fast_one(self, launch: Launch) -> None:
        """There is one worker, and a client that always keeps up: jobs take turns."""
        app = launch(workers=1)
        client = app.connect()
        client.send(whole_request(f"/from?size={HUGE * 4}"))
        assert client.head().code == 200
        for _ in range(3):
            client.read_exactly(1_000_000)
            assert app.get("/hello").code == 200


@pytest.mark.parametrize("target", ["/to", "/inline-to"])
class TestSink:
    @pytest.mark.parametrize("size", [0, 1, 4096, 4097, 900_000])
    def test_everything_comes(self, app: App, target: str, size: int) -> None:
        client = app.connect()
        for _ in range(2):
            response = client.request(target, "POST", body=pattern(size))
            assert response.text == f"{size} right"
        assert client.request("/hello").code == 200
        app.wait_for(dones=2, done_result="ESP_OK")

    @pytest.mark.parametrize("size", [0, 1, 900_000])
    @pytest.mark.parametrize("piece", [300, 65536])
    def test_chunked(self, app: App, target: str, size: int, piece: int) -> None:
        client = app.connect()
        head = whole_request(target, "POST", "Transfer-Encoding: chunked\r\n")
        client.send(head + chunks(pattern(size), piece) + HELLO.encode())
        assert client.response().text == f"{size} right"
        assert client.response().text == "Hello World"

    def test_with_a_small_buffer(self, launch: Launch, target: str) -> None:
        app = launch(stream_buffer=256)
        response = app.connect().request(target, "POST", body=pattern(200_000))
        assert response.text == "200000 right"

    def test_in_single_bytes(self, app: App, target: str) -> None:
        client = app.connect()
        for byte in whole_request(target, "POST", body=pattern(20)):
            client.send(bytes([byte]))
        assert client.response().text == "20 right"

    def test_answer_that_is_a_stream(self, app: App, target: str) -> None:
        client = app.connect()
        for _ in range(2):
            response = client.request(f"{target}?echo=1", "POST", body=pattern(300_000))
            assert response.body == pattern(300_000)
        app.wait_for(closes=2, close_result="ESP_OK")

    def test_continue(self, app: App, target: str) -> None:
        client = app.connect()
        client.send(whole_request(target, "POST", "Expect: 100-continue\r\nContent-Length: 4\r\n"))
        assert client.response().code == 100
        client.send(pattern(4))
        assert client.response().text == "4 right"
        assert client.request("/hello").code == 200

    def test_too_long(self, launch: Launch, target: str) -> None:
        app = launch(body=1000)
        client = app.connect()
        head = whole_request(target, "POST", "Transfer-Encoding: chunked\r\n")
        client.send(head + chunks(pattern(2000), 100))
        assert client.response().code == 413
        assert client.is_closed()
        app.wait_for(dones=1, done_result="TOO_BIG")

    def test_write_that_fails(self, app: App, target: str) -> None:
        client = app.connect()
        client.send(whole_request(f"{target}?fail_at=5000", "POST", body=pattern(900_000)))
        assert client.response().code == 507
        app.wait_for(dones=1, done_result="ESP_ERR_NO_MEM")

    def test_handler_that_fails(self, app: App, target: str) -> None:
        response = app.connect().request(f"{target}?result=263", "POST", body=b"abc")
        assert response.code == 500
        app.wait_for(dones=1, done_result="ESP_ERR_TIMEOUT")

    def test_no_answer(self, app: App, target: str) -> None:
        assert app.connect().request(f"{target}?mute=1", "POST", body=b"abc").code == 500

    @pytest.mark.parametrize("framing", ["Content-Length: 100", "Transfer-Encoding: chunked"])
    def test_body_that_is_cut_off(self, app: App, target: str, framing: str) -> None:
        client = app.connect()
        client.send(whole_request(target, "POST", framing + "\r\n") + b"6\r\nabc")
        client.finish_sending()
        assert client.response().code == 400
        assert client.is_closed()
        app.wait_for(dones=1, done_result="BODY")

    def test_body_that_is_malformed(self, app: App, target: str) -> None:
        client = app.connect()
        client.send(whole_request(target, "POST", "Transfer-Encoding: chunked\r\n") + b"zz\r\n")
        assert client.response().code == 400
        app.wait_for(dones=1, done_result="BODY")

    def test_client_that_falls_silent(self, launch: Launch, target: str) -> None:
        app = launch(body_timeout=300, body=0)
        client = stalled_upload(app, target)
        assert client.response().code == 408
        assert client.is_closed()
        app.wait_for(dones=1, done_result="ESP_ERR_TIMEOUT")

    def test_client_that_drips(self, launch: Launch, target: str) -> None:
        app = launch(min_rate=1_000_000, rate_window=300, body=0)
        client = stalled_upload(app, target)
        while client.is_silent(0.01):
            client.send(b"x")
        assert client.response().code == 408
        app.wait_for(dones=1, done_result="ESP_ERR_TIMEOUT")

    def test_client_that_leaves(self, launch: Launch, target: str) -> None:
        app = launch(body=0)
        stalled_upload(app, target).close()
        app.wait_for(dones=1, done_result="BODY")


def test_sink_goes_on_where_the_handler_stopped_reading(app: App) -> None:
    client = app.connect()
    assert client.request("/to?first=10", "POST", body=pattern(5000)).text == "5000 right"


class TestManyAtOnce:
    def test_stalled_streams_hold_no_worker(self, launch: Launch) -> None:
        app = launch(workers=1, body=0)
        for _ in range(4):
            stalled_download(app)
            stalled_upload(app)
        for _ in range(5):
            assert app.get("/hello").code == 200
        app.command("stop")
        state = app.state()
        assert (state["closes"], state["dones"]) == (4, 4)

    def test_newcomers_get_in_beside_stalled_ones(self, launch: Launch) -> None:
        """If no socket is left, the client that has stalled for longest is disconnected."""
        app = launch(sockets=6, workers=2)
        for _ in range(5):
            stalled_download(app)
        assert app.get("/hello").code == 200
        assert app.state()["closes"] == 0
        stalled_download(app)
        assert app.get("/hello").code == 200
        state = app.state()
        assert 1 <= state["closes"] <= 3  # of one address, those beyond half may go at once
        assert state["close_result"] == "GONE"

    def test_half_heads_push_out_no_stream(self, launch: Launch) -> None:
        app = launch(sockets=12, workers=2)
        clients = [app.connect(receive_buffer=4096) for _ in range(5)]
        for client in clients:
            client.send(whole_request("/from?size=3000000"))
            assert client.head().code == 200
        for _ in range(20):
            app.connect().send(HELLO[:10])
        eventually(lambda: app.get("/hello").code == 200)
        for client in clients:
            assert client.read_exactly(3_000_000) == pattern(3_000_000)


class TestStop:
    def test_tells_the_owner_of_every_stream(self, launch: Launch) -> None:
        app = launch(body=0)
        downloads = [stalled_download(app) for _ in range(3)]
        uploads = [stalled_upload(app) for _ in range(3)]
        app.wait_for(taken=15000)
        app.command("stop")
        state = app.state()
        assert (state["closes"], state["close_result"]) == (3, "STOPPING")
        assert (state["dones"], state["done_result"]) == (3, "STOPPING")
        assert all(client.is_gone() for client in downloads + uploads)

    def test_of_one_that_runs_all_the_time(self, app: App) -> None:
        client = app.connect()
        client.send(whole_request(f"/from?size={HUGE * 100}"))
        client.read_exactly(1_000_000)
        client.sock.settimeout(0.01)
        app.command("begin_stop")

        def is_over() -> bool:
            try:
                client.pending.clear()
                return not client.receive(1_000_000)
            except TimeoutError:
                return False
            except OSError:
                return True

        eventually(is_over)
        assert app.command("end_stop") == "stopped"
        assert app.state()["close_result"] == "STOPPING"

    def test_while_workers_are_busy(self, launch: Launch) -> None:
        """A stream that waits for a worker when the server stops still ends in a worker."""
        app = launch(workers=2, body=0)
        clients = [stalled_upload(app, "/inline-to"), stalled_download(app, "/inline-from")]
        app.wait_for(taken=5000)
        app.hold(2)
        clients[0].send(b"more")  # now it waits for a worker
        app.command("begin_stop")
        assert app.state()["dones"] == 0
        app.command("release 2")
        app.command("end_stop")
        state = app.state()
        assert (state["dones"], state["done_result"]) == (1, "STOPPING")
        assert (state["closes"], state["close_result"]) == (1, "STOPPING")

    def test_while_a_source_reads(self, app: App) -> None:
        client = app.connect()
        client.send(whole_request("/from?size=1000&holds=1"))
        app.wait_for(reads=1)
        app.command("begin_stop")
        app.command("release 1")
        app.command("end_stop")
        assert app.state()["closes"] == 1

    def test_and_restart_under_streams(self, launch: Launch) -> None:
        app = launch(body=0)
        for round_ in range(1, 11):
            stalled_download(app)
            stalled_upload(app)
            stalled_download(app, "/inline-from")
            app.wait_for(taken=5000 * round_)
            app.command("stop")
            state = app.state()
            assert (state["closes"], state["dones"]) == (2 * round_, round_)
            app.start()
        assert app.get("/hello").code == 200
