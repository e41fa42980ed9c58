# SPDX-License-Identifier: MIT
"""WebSockets: RFC 6455 to the letter, old clients if a route tolerates them, back-pressure."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
import websockets

from tests.support.waiting import eventually
from tests.support.websocket import BINARY, CLOSE, PING, PONG, TEXT, frame, handshake

from .http_app import App, Launch, open_websocket, pattern


class TestHandshake:
    def test_accepted(self, app: App) -> None:
        client = app.connect()
        client.send(handshake("/ws"))
        response = client.head()
        assert response.status == "101 Switching Protocols"
        assert dict(response.headers) == {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        }

    def test_names_may_be_lists_in_any_case(self, app: App) -> None:
        client = app.connect()
        client.send(handshake("/ws", connection="keep-alive, UPGRADE", upgrade="WebSocket"))
        assert client.head().code == 101

    def test_on_a_used_connection(self, app: App) -> None:
        client = app.connect()
        assert client.request("/hello").code == 200
        client.send(handshake("/ws"))
        assert client.head().code == 101

    def test_in_single_bytes(self, app: App) -> None:
        client = app.connect()
        for byte in handshake("/ws"):
            client.send(byte)
        assert client.head().code == 101

    def test_frames_in_the_same_packet(self, app: App) -> None:
        ws = open_websocket(app, "/ws", behind=frame(TEXT, b"early") + frame(PING, b"p"))
        assert {ws.read_frame(), ws.read_frame()} == {(TEXT, b"early"), (PONG, b"p")}

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"version": "8"}, 426),
            ({"version": "14"}, 426),
            ({"version": None}, 400),
            ({"key": None}, 400),
            ({"key": "short"}, 400),
            ({"key": "x" * 200}, 400),
            ({"connection": "close"}, 400),
            ({"upgrade": None}, 426),
            ({"upgrade": "h2c"}, 426),
        ],
    )
    def test_refused(self, app: App, changed: dict[str, str | None], code: int) -> None:
        client = app.connect()
        client.send(handshake("/ws", **changed))
        response = client.response()
        assert response.code == code
        if code == 426:
            assert response.header("Sec-WebSocket-Version") == "13"
            assert response.header("Upgrade") == "websocket"
            assert response.header("Connection") == "Upgrade"
        assert app.get("/hello").code == 200

    @pytest.mark.parametrize(
        "origin",
        ["http://evil.example", "null", "http://test:81", "https://test.evil.example", ""],
    )
    @pytest.mark.parametrize("url", ["/ws", "/old"])
    def test_page_of_another_site(self, app: App, url: str, origin: str) -> None:
        client = app.connect()
        client.send(handshake(url, f"Origin: {origin}"))
        assert client.response().code == 403

    @pytest.mark.parametrize("origin", ["http://test", "http://TEST:80"])
    def test_page_of_this_server(self, app: App, origin: str) -> None:
        client = app.connect()
        client.send(handshake("/ws", f"Origin: {origin}"))
        assert client.head().code == 101

    def test_listed_pages_of_other_sites(self, launch: Launch) -> None:
        app = launch(origins="http://friend.example")
        for origin, code in (("http://friend.example", 101), ("http://evil.example", 403)):
            client = app.connect()
            client.send(handshake("/ws", f"Origin: {origin}"))
            assert client.head().code == code

    def test_responses_that_anybody_may_read_open_no_websockets(self, launch: Launch) -> None:
        client = launch(cors=1).connect()
        client.send(handshake("/ws", "Origin: http://evil.example"))
        assert client.response().code == 403

    def test_plain_get(self, app: App) -> None:
        client = app.connect()
        assert client.request("/ws").code == 426
        assert client.request("/hello").code == 200

    def test_plain_get_where_there_is_a_page(self, app: App) -> None:
        assert app.get("/page").text == "a page"

    def test_page_for_clients_that_offer_another_protocol(self, app: App) -> None:
        """As `curl --http2` does. It gets the page from a worker, which may block."""
        headers = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n"
        assert app.get("/page", headers).text == "a page"

    def test_head_is_no_upgrade(self, app: App) -> None:
        client = app.connect()
        client.send(handshake("/ws").replace("GET", "HEAD", 1))
        assert client.head().code == 426

    def test_http_1_0_is_no_upgrade(self, app: App) -> None:
        for url in ("/ws", "/old"):
            client = app.connect()
            client.send(handshake(url).replace("HTTP/1.1", "HTTP/1.0"))
            assert client.head().code == 426

    def test_with_a_body_is_malformed(self, app: App) -> None:
        client = app.connect()
        client.send(handshake("/ws", "Content-Length: 3") + "abc")
        assert client.response().code == 400

    def test_subprotocol(self, app: App) -> None:
        client = app.connect()
        client.send(handshake("/sub", "Sec-WebSocket-Protocol: other, echo.v1"))
        assert client.head().header("Sec-WebSocket-Protocol") == "echo.v1"

    @pytest.mark.parametrize("asked", ["other", "ECHO.V1", "echo.v11"])
    def test_other_subprotocols_are_not_agreed_to(self, app: App, asked: str) -> None:
        client = app.connect()
        client.send(handshake("/sub", f"Sec-WebSocket-Protocol: {asked}"))
        response = client.head()
        assert response.code == 101
        assert response.header("Sec-WebSocket-Protocol") is None

    def test_extensions_are_declined(self, app: App) -> None:
        client = app.connect()
        client.send(handshake("/ws", "Sec-WebSocket-Extensions: permessage-deflate"))
        response = client.head()
        assert response.code == 101
        assert response.header("Sec-WebSocket-Extensions") is None

    def test_too_many(self, launch: Launch) -> None:
        app = launch(sockets=4)
        for _ in range(3):
            open_websocket(app, "/ws")
        client = app.connect()
        client.send(handshake("/ws"))
        assert client.response().code == 503


SIZES = [0, 1, 2, 125, 126, 127, 1023, 1024, 1025, 4095, 65535, 65536, 70_000]


class TestMessages:
    @pytest.mark.parametrize("opcode", [TEXT, BINARY])
    def test_all_sizes(self, app: App, opcode: int) -> None:
        ws = open_websocket(app, "/ws")
        for size in [*SIZES, *range(0, 70_000, 3_333)]:
            assert ws.echo(pattern(size), opcode) == pattern(size)

    def test_fragments(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        ws.send_frame(TEXT, b"one ", fin=False)
        ws.send_frame(0, b"", fin=False)
        ws.send_frame(PING, b"between")
        ws.send_frame(0, b"two ", fin=False)
        ws.send_frame(0, b"three")
        assert ws.read_frame() == (PONG, b"between")
        assert ws.read_frame() == (TEXT, b"one two three")

    def test_character_cut_by_fragments(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        euro = "€".encode()
        ws.send_frame(TEXT, euro[:1], fin=False)
        ws.send_frame(0, euro[1:])
        assert ws.read_frame() == (TEXT, euro)

    def test_many_in_one_packet(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        ws.send(b"".join(frame(BINARY, b"%d" % i) for i in range(500)))
        assert [ws.read_frame()[1] for _ in range(500)] == [b"%d" % i for i in range(500)]

    def test_in_single_bytes(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        for byte in frame(TEXT, b"hello"):
            ws.send(bytes([byte]))
        assert ws.read_frame() == (TEXT, b"hello")

    def test_unsolicited_pong_is_nothing(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        ws.send_frame(PONG, b"?")
        assert ws.echo(b"x") == b"x"

    def test_a_client_of_the_field(self, app: App) -> None:
        async def talk() -> None:
            uri = f"ws://127.0.0.1:{app.port}/ws"
            async with websockets.connect(uri, max_size=None) as ws:
                for size in SIZES[:-3]:
                    await ws.send(pattern(size))
                    assert await ws.recv() == pattern(size)
                await ws.send("grüße")
                assert await ws.recv() == "grüße"
                await (await ws.ping(b"x"))
            assert ws.close_code == 1000

        asyncio.run(talk())
        app.wait_for(closed=1)
        assert app.state()["close_code"] == 1000


class TestPings:
    def test_answer(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        for payload in (b"", b"x", b"x" * 125):
            ws.send_frame(PING, payload)
            assert ws.read_frame() == (PONG, payload)

    def test_each_of_a_burst_is_answered(self, launch: Launch) -> None:
        """More pongs than the send buffer holds: no ping may stay in the receive buffer."""
        app = launch(ws_tx=256)
        ws = open_websocket(app, "/ws")
        payloads = [b"%03d" % i + b"x" * 122 for i in range(200)]
        ws.send(b"".join(frame(PING, payload) for payload in payloads))
        assert [ws.read_frame() for _ in payloads] == [(PONG, payload) for payload in payloads]

    def test_silent_client_is_asked_and_dropped(self, launch: Launch) -> None:
        app = launch(ws_ping=100, ws_dead=300)
        ws = open_websocket(app, "/ws")
        assert ws.read_frame() == (PING, b"")
        assert ws.is_gone()
        app.wait_for(closed=1)
        assert app.state()["close_code"] == 1006

    def test_a_client_that_answers_stays(self, launch: Launch) -> None:
        app = launch(ws_ping=100, ws_dead=2000)
        ws = open_websocket(app, "/ws")
        for _ in range(10):
            assert ws.read_frame() == (PING, b"")
            ws.send_frame(PONG)
        assert ws.echo(b"still here") == b"still here"

    def test_old_clients_need_not_answer(self, launch: Launch) -> None:
        app = launch(ws_ping=100, ws_dead=300)
        ws = open_websocket(app, "/old")
        assert ws.read_frame() == (PING, b"")
        assert ws.is_silent(1)
        assert ws.echo(b"still here") == b"still here"


class TestClosing:
    @pytest.mark.parametrize("code", [1000, 1001, 1003, 3000, 4999])
    def test_by_the_client(self, app: App, code: int) -> None:
        ws = open_websocket(app, "/ws")
        ws.send_frame(CLOSE, code.to_bytes(2, "big") + b"why not")
        assert ws.read_close() == (code, b"")
        assert ws.is_closed()
        app.wait_for(closed=1)
        assert app.state()["close_code"] == code

    def test_by_the_client_without_a_code(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        ws.send_frame(CLOSE)
        assert ws.read_close() == (1005, b"")
        assert ws.is_closed()
        app.wait_for(closed=1, close_code=1005)

    def test_by_the_server(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        ws.send_frame(TEXT, b"close 4001 enough")
        assert ws.read_close() == (4001, b"enough")
        ws.send_frame(CLOSE, (4001).to_bytes(2, "big"))
        assert ws.is_closed()
        app.wait_for(closed=1, close_code=4001)

    def test_by_the_server_while_the_client_goes_on(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        ws.send(frame(TEXT, b"close 4001 enough") + 50 * frame(TEXT, b"more" * 300))
        assert ws.read_close() == (4001, b"enough")
        calls = app.state()["data_calls"]
        ws.send_frame(TEXT, b"and more")
        ws.send_frame(CLOSE, (4001).to_bytes(2, "big"))
        assert ws.is_closed()
        assert app.state()["data_calls"] == calls

    def test_by_the_server_with_data_that_was_not_taken(self, app: App) -> None:
        """The client's close frame comes after that data, and must still be seen."""
        ws = open_websocket(app, "/stall")
        ws.send_frame(TEXT, b"close" + b"x" * 500)
        assert ws.read_close() == (1000, b"with data still held")
        ws.send_frame(CLOSE, (1000).to_bytes(2, "big"))
        assert ws.is_closed()

    def test_by_the_server_to_a_client_that_does_not_answer(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        ws.send_frame(TEXT, b"close 4001")
        assert ws.read_close() == (4001, b"")
        assert ws.is_closed()
        app.wait_for(closed=1)

    def test_without_a_word(self, app: App) -> None:
        ws = open_websocket(app, "/ws")
        app.wait_for(opened=1)
        ws.close()
        app.wait_for(closed=1, close_code=1006)

    def test_descriptors_come_back(self, app: App) -> None:
        before = app.fds()
        for _ in range(30):
            ws = open_websocket(app, "/ws")
            ws.send_frame(CLOSE)
            assert ws.read_close()[0] == 1005
            ws.close()
        eventually(lambda: app.fds() <= before)


class TestWrongFrames:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (frame(TEXT, b"x", masked=False), 1002),
            (frame(3, b"x"), 1002),
            (frame(11, b"x"), 1002),
            (frame(TEXT, b"x", rsv=4), 1002),
            (frame(0, b"x"), 1002),
            (frame(PING, b"x" * 126), 1002),
            (frame(PING, b"x", fin=False), 1002),
            (frame(TEXT, b"x", fin=False) + frame(TEXT, b"y"), 1002),
            (frame(CLOSE, b"x"), 1002),
            (frame(CLOSE, (999).to_bytes(2, "big")), 1002),
            (frame(CLOSE, (1005).to_bytes(2, "big")), 1002),
            (frame(CLOSE, (1000).to_bytes(2, "big") + b"\xff"), 1007),
            (b"\x82\xfe\x00\x01mask?", 1002),
            (b"\x82\xff" + b"\xff" * 8, 1002),
            (frame(TEXT, b"\xc3\x28"), 1007),
            (frame(TEXT, b"\xed\xa0\x80"), 1007),
            (frame(TEXT, b"cut \xe2\x82"), 1007),
            (b"\x82\xff" + (80_001).to_bytes(8, "big") + b"mask", 1009),
            (frame(BINARY, b"x" * 70_000, fin=False) + frame(0, b"x" * 20_000), 1009),
        ],
    )
    def test_closed_with_its_code(self, app: App, data: bytes, code: int) -> None:
        ws = open_websocket(app, "/ws")
        ws.send(data + frame(TEXT, b"what stands behind does not count"))
        assert ws.read_close()[0] == code
        assert ws.is_closed()
        app.wait_for(closed=1)
        assert app.state()["close_code"] == code

    def test_code_reaches_a_client_that_goes_on_sending(self, app: App) -> None:
        """Closing at once would reset the connection, and the code would be lost."""

        async def talk() -> None:
            uri = f"ws://127.0.0.1:{app.port}/ws"
            ws = await websockets.connect(uri, max_size=None, compression=None)
            with pytest.raises(websockets.ConnectionClosed):
                await ws.send(bytes(5_000_000))
                await ws.recv()
            assert ws.close_code == 1009

        asyncio.run(talk())


class TestOldClients:
    def test_without_version_and_with_any_key(self, app: App) -> None:
        client = app.connect()
        client.send(handshake("/old", version=None, key="foo"))
        assert client.head().code == 101

    def test_unmasked_frames(self, app: App) -> None:
        ws = open_websocket(app, "/old")
        ws.send_frame(TEXT, b"bare", masked=False)
        assert ws.read_frame() == (TEXT, b"bare")

    def test_invalid_text(self, app: App) -> None:
        ws = open_websocket(app, "/old")
        assert ws.echo(b"\xff\xfe", TEXT) == b"\xff\xfe"

    def test_all_else_is_as_strict(self, app: App) -> None:
        ws = open_websocket(app, "/old")
        ws.send_frame(3, b"x")
        assert ws.read_close()[0] == 1002


class TestBackPressure:
    def test_client_that_does_not_read_its_echoes(self, app: App) -> None:
        """The server takes no more than it can buffer, and loses nothing."""
        ws = open_websocket(app, "/ws", receive_buffer=4096)
        sent = 0
        data = b""
        while sent < 1000:
            data = frame(BINARY, b"%04d" % sent + pattern(20_000))
            ws.sock.settimeout(0.5)
            try:
                while data:
                    data = data[ws.sock.send(data) :]
            except TimeoutError:
                break
            sent += 1
        assert sent < 1000, "it took 20 MB"
        assert open_websocket(app, "/ws").echo(b"others go on") == b"others go on"
        ws.sock.settimeout(30)
        for i in range(sent):
            assert ws.read_frame() == (BINARY, b"%04d" % i + pattern(20_000))
        ws.send(data)
        assert ws.read_frame() == (BINARY, b"%04d" % sent + pattern(20_000))

    def test_owner_that_takes_nothing_for_a_while(self, app: App) -> None:
        ws = open_websocket(app, "/stall")
        ws.send_frame(BINARY, pattern(50_000))
        eventually(lambda: app.state()["data_calls"] > 0)
        assert app.get("/hello").code == 200
        assert ws.is_silent()
        app.command("resume")
        assert int.from_bytes(ws.read_frame()[1], "little") == 50_000

    def test_owner_that_takes_nothing_is_not_asked_again(self, app: App) -> None:
        ws = open_websocket(app, "/stall")
        ws.send_frame(BINARY, b"x")
        eventually(lambda: app.state()["data_calls"] > 0)
        ws.send(50 * frame(BINARY, b"y"))
        assert ws.is_silent()
        assert app.state()["data_calls"] == 1

    def test_even_the_end_of_a_message_can_wait(self, app: App) -> None:
        ws = open_websocket(app, "/stall")
        ws.send(frame(BINARY, b"") + frame(BINARY, b"abc"))
        eventually(lambda: app.state()["data_calls"] > 0)
        assert ws.is_silent()
        assert app.state()["data_calls"] == 1
        app.command("resume")
        totals = [int.from_bytes(ws.read_frame()[1], "little") for _ in range(2)]
        assert totals == [0, 3]

    def test_dead_reader_is_dropped(self, launch: Launch) -> None:
        app = launch(ws_dead=300)
        ws = open_websocket(app, "/ws", receive_buffer=4096)
        with contextlib.suppress(ConnectionError):
            while ws.send_frame(BINARY, pattern(60_000), timeout=0.2):
                pass
        app.wait_for(closed=1, close_code=1006)

    def test_waiting_costs_nothing(self, launch: Launch) -> None:
        """A reader stalls in the middle of its pongs: the I/O task must sleep, not spin."""
        app = launch(ws_tx=256, ws_ping=50)
        ws = open_websocket(app, "/ws", receive_buffer=4096)
        while ws.send_frame(PING, b"x" * 125, timeout=0.3):
            pass
        before = app.state()["turns"]
        assert app.get("/hello").code == 200
        ws.is_silent(0.3)
        assert app.state()["turns"] - before < 200


class TestTakenConnections:
    @pytest.mark.parametrize("target", ["/take", "/take-inline"])
    def test_belong_to_their_owner(self, app: App, target: str) -> None:
        client = app.connect()
        client.send(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\nbehind")
        assert client.read_exactly(6) == b"behind"
        client.send("more")
        assert client.read_exactly(4) == b"more"
        assert app.state()["last_error"] == "ANSWERED"
        client.finish_sending()
        assert client.is_closed()
        app.wait_for(closed=1)
