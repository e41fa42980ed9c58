# SPDX-License-Identifier: MIT
"""WebSockets for applications: whole messages in workers, queues, groups, and one end each."""

from __future__ import annotations

import asyncio

import pytest
import websockets
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Request, TextMessage

from tests.support.waiting import eventually
from tests.support.websocket import BINARY, CLOSE, PING, PONG, TEXT, frame, handshake

from .http_app import App, Launch, open_websocket, pattern
from .ws_group import all_is_over, asked, join, state, tell, wait_for

BIG = {"group_queue": 200_000, "ws_message": 80_000}


class TestMessages:
    @pytest.mark.parametrize("opcode", [TEXT, BINARY])
    def test_all_sizes(self, launch: Launch, opcode: int) -> None:
        ws = open_websocket(launch(**BIG), "/group")
        for size in [0, 1, 125, 126, 127, 1023, 1024, 1025, 65535, 65536, 80_000]:
            ws.send_frame(opcode, pattern(size))
            assert ws.read_message() == (opcode, pattern(size))

    def test_a_long_one_leaves_through_a_small_buffer(self, launch: Launch) -> None:
        ws = open_websocket(launch(**BIG, ws_tx=256, ws_rx=128), "/group")
        ws.send_frame(BINARY, pattern(80_000))
        assert ws.read_message() == (BINARY, pattern(80_000))

    def test_pings_are_answered_amid_a_long_one(self, launch: Launch) -> None:
        ws = open_websocket(launch(**BIG, ws_tx=256), "/group", receive_buffer=4096)
        ws.send_frame(BINARY, pattern(80_000))
        ws.send_frame(PING, b"amid")
        got, pongs = b"", 0
        while len(got) < 80_000 or not pongs:
            opcode, payload, _ = ws.next_frame()
            pongs += opcode == PONG and payload == b"amid"
            got += payload if opcode in (BINARY, 0) else b""
        assert got == pattern(80_000)

    def test_fragments_are_one(self, app: App) -> None:
        ws = open_websocket(app, "/group")
        for i in range(100):
            ws.send_frame(0 if i else TEXT, b"%02d" % i, fin=False)
        ws.send_frame(0, b"")
        assert ws.read_message() == (TEXT, b"".join(b"%02d" % i for i in range(100)))

    def test_order(self, app: App) -> None:
        ws = open_websocket(app, "/group")
        ws.send(b"".join(frame(BINARY, b"%d" % i) for i in range(500)))
        assert [ws.read_message()[1] for _ in range(500)] == [b"%d" % i for i in range(500)]
        assert asked(ws, "count") == "501"
        assert state(app)["side_by_side"] == 0

    def test_clients_are_served_side_by_side(self, app: App) -> None:
        held = join(app)
        tell(held, "hold")
        app.wait_for(holding=1)
        assert asked(join(app), "others go on") == "others go on"
        app.command("release 1")
        assert held.read_message() == (TEXT, b"released")

    def test_pings_are_answered_while_a_callback_runs(self, app: App) -> None:
        ws = join(app)
        tell(ws, "hold")
        app.wait_for(holding=1)
        ws.send_frame(PING, b"?")
        assert ws.read_frame() == (PONG, b"?")
        app.command("release 1")

    def test_the_address_is_known(self, app: App) -> None:
        join(app)
        assert state(app)["remote"] == "127.0.0.1"

    def test_as_long_as_the_limit_and_no_longer(self, launch: Launch) -> None:
        app = launch(ws_message=1000)
        ws = join(app)
        ws.send_frame(BINARY, bytes(1000))
        assert ws.read_message() == (BINARY, bytes(1000))
        ws.send_frame(BINARY, bytes(1001))
        assert ws.read_close()[0] == 1009
        all_is_over(app, 1)
        assert state(app)["code"] == 1009

    def test_longer_than_a_queue_takes(self, launch: Launch) -> None:
        app = launch(group_queue=1000)
        assert app.command("say " + "x" * 1001) == "ESP_ERR_INVALID_SIZE"
        ws = join(app)
        tell(ws, "burst 1 1001")
        wait_for(app, error="ESP_ERR_INVALID_SIZE")
        assert app.command("say " + "x" * 1000) == "1"
        assert ws.read_message() == (TEXT, b"x" * 1000)


class TestClientsOfTheField:
    def test_websockets(self, launch: Launch) -> None:
        app = launch(**BIG)

        async def talk() -> None:
            uri = f"ws://127.0.0.1:{app.port}/group"
            async with websockets.connect(uri, max_size=None) as ws:
                for size in (0, 1, 1000, 80_000):
                    await ws.send(pattern(size))
                    assert await ws.recv() == pattern(size)
                await ws.send("grüße")
                assert await ws.recv() == "grüße"
                await ws.send(["in ", "three ", "pieces"])
                assert await ws.recv() == "in three pieces"
                await (await ws.ping(b"x"))
                await ws.close(4000, "fertig, tschüß")

        asyncio.run(talk())
        all_is_over(app, 1)
        assert (state(app)["code"], state(app)["reason"]) == (4000, "fertig, tschüß")

    def test_wsproto(self, app: App) -> None:
        client = app.connect()
        ws = WSConnection(ConnectionType.CLIENT)
        client.send(ws.send(Request(host="test", target="/group")))
        events: list[object] = []

        def wait(kind: type) -> object:
            while not any(isinstance(event, kind) for event in events):
                ws.receive_data(client.receive())
                events.extend(ws.events())
            return next(event for event in events if isinstance(event, kind))

        wait(AcceptConnection)
        client.send(ws.send(TextMessage(data="grüße")))
        assert wait(TextMessage).data == "grüße"
        client.send(ws.send(BytesMessage(data=b"\xff\x00")))
        assert wait(BytesMessage).data == b"\xff\x00"
        client.send(ws.send(TextMessage(data="close 3001 that is it")))
        closed = wait(CloseConnection)
        assert (closed.code, closed.reason) == (3001, "that is it")


class TestTheEnd:
    """Each client that the application knows ends exactly once."""

    @pytest.mark.parametrize(
        ("payload", "code", "reason"),
        [
            (b"", 1005, ""),
            ((1000).to_bytes(2, "big"), 1000, ""),
            ((4321).to_bytes(2, "big") + "grüße".encode(), 4321, "grüße"),
            ((1001).to_bytes(2, "big") + b"r" * 123, 1001, "r" * 123),
            (b"x", 1002, ""),
        ],
    )
    def test_by_the_client(self, app: App, payload: bytes, code: int, reason: str) -> None:
        ws = join(app)
        ws.send_frame(CLOSE, payload)
        assert ws.read_close()[0] == code
        all_is_over(app, 1)
        assert (state(app)["code"], state(app)["reason"]) == (code, reason)

    def test_after_its_last_message(self, app: App) -> None:
        """All messages before the close frame are handled, however long that takes."""
        ws = join(app)
        tell(ws, "hold")
        tell(ws, "another")
        ws.send_frame(CLOSE, (1000).to_bytes(2, "big"))
        app.wait_for(holding=1)
        assert state(app)["closed"] == 0
        app.command("release 1")
        all_is_over(app, 1)
        assert state(app)["messages"] == 2

    def test_without_a_word(self, app: App) -> None:
        ws = join(app)
        ws.close()
        all_is_over(app, 1)
        assert state(app)["code"] == 1006

    def test_by_a_reset(self, app: App) -> None:
        ws = join(app)
        ws.reset()
        all_is_over(app, 1)
        assert state(app)["code"] == 1006

    def test_by_the_server(self, app: App) -> None:
        ws = join(app)
        tell(ws, "close 4001 enough")
        tell(ws, "this is not delivered any more")
        assert ws.read_close() == (4001, b"enough")
        ws.send_frame(CLOSE, (4001).to_bytes(2, "big"))
        assert ws.is_closed()
        all_is_over(app, 1)
        seen = state(app)
        assert (seen["code"], seen["reason"], seen["messages"]) == (4001, "enough", 1)

    def test_queued_messages_go_first(self, launch: Launch) -> None:
        app = launch(**BIG, ws_tx=256)
        ws = join(app)
        tell(ws, "burst 50 3000")
        tell(ws, "close 1000")
        for i in range(50):
            assert ws.read_message()[1][:8] == b"%08d" % i
        assert ws.read_close() == (1000, b"")

    @pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 2999, 5000])
    def test_codes_that_may_not_be_sent(self, app: App, code: int) -> None:
        ws = join(app)
        tell(ws, f"close {code}")
        wait_for(app, error="ESP_ERR_INVALID_ARG")
        assert asked(ws, "still open") == "still open"

    def test_a_reason_that_is_too_long(self, app: App) -> None:
        ws = join(app)
        tell(ws, "close 1000 " + "r" * 124)
        wait_for(app, error="ESP_ERR_INVALID_SIZE")
        tell(ws, "close 1000 " + "r" * 123)
        assert ws.read_close() == (1000, b"r" * 123)

    @pytest.mark.parametrize(
        ("data", "code"), [(frame(TEXT, b"\xff"), 1007), (frame(3), 1002), (frame(0), 1002)]
    )
    def test_wrong_frames(self, app: App, data: bytes, code: int) -> None:
        ws = join(app)
        ws.send(data)
        assert ws.read_close()[0] == code
        all_is_over(app, 1)
        assert state(app)["code"] == code

    def test_dead_client(self, launch: Launch) -> None:
        app = launch(ws_ping=50, ws_dead=200)
        ws = join(app)
        all_is_over(app, 1)
        assert state(app)["code"] == 1006
        assert ws.is_gone()

    def test_dead_reader(self, launch: Launch) -> None:
        app = launch(ws_dead=200)
        ws = join(app, receive_buffer=2048)
        tell(ws, "burst 100000 5000")
        all_is_over(app, 1)
        assert (state(app)["code"], state(app)["error"]) == (1006, "GONE")

    def test_a_client_that_answers_late_because_of_the_server_is_alive(
        self, launch: Launch
    ) -> None:
        """The pong comes after a message that the server cannot read while the callback runs."""
        app = launch(ws_ping=50, ws_dead=300)
        ws = join(app)
        tell(ws, "sleep 1000")
        tell(ws, "held")
        tell(ws, "back")
        assert ws.read_frame() == (PING, b"")
        ws.send_frame(PONG)
        assert [ws.read_message() for _ in range(3)] == [
            (TEXT, b"slept"),
            (TEXT, b"held"),
            (TEXT, b"back"),
        ]

    def test_stop(self, app: App) -> None:
        clients = [join(app) for _ in range(3)]
        app.command("stop")
        for ws in clients:
            assert ws.read_close()[0] == 1012
        all_is_over(app, 3)
        assert state(app)["code"] == 1012

    def test_stop_while_callbacks_run_and_messages_wait(self, app: App) -> None:
        clients = [join(app) for _ in range(6)]
        for ws in clients:
            tell(ws, "hold")
            tell(ws, "waits")
        app.wait_for(holding=2)  # the workers
        app.command("begin_stop")
        for ws in clients:
            assert ws.is_gone()
        app.command("release 6")
        app.command("end_stop")
        opened = int(state(app)["opened"])
        all_is_over(app, opened)
        assert state(app)["code"] == 1012

    def test_stop_by_a_callback(self, app: App) -> None:
        ws = join(app)
        tell(ws, "stop the server")
        assert ws.read_close()[0] == 1012
        app.command("wait_stopped")
        all_is_over(app, 1)

    def test_stop_ends_waiting_for_room(self, app: App) -> None:
        ws = join(app, receive_buffer=2048)
        tell(ws, "burst 100000 5000")
        wait_for(app, messages=0)
        app.command("stop")
        all_is_over(app, 1)
        assert state(app)["error"] == "GONE"


class TestQueue:
    def test_sending_waits_for_a_client_that_does_not_read(self, app: App) -> None:
        """More messages than queue and socket take: the callback waits, and nothing is lost."""
        ws = join(app, receive_buffer=2048)
        tell(ws, "burst 2000 5000")
        tell(ws, "done")
        for i in range(2000):
            assert ws.read_message()[1][:8] == b"%08d" % i
        assert ws.read_message() == (TEXT, b"done")

    def test_it_is_full(self, launch: Launch) -> None:
        app = launch(group_timeout=100)
        ws = join(app, receive_buffer=2048)
        tell(ws, "burst 100000 5000")
        wait_for(app, error="ESP_ERR_TIMEOUT")
        tell(ws, "after that")
        i = 0
        while (message := ws.read_message()) != (TEXT, b"after that"):
            assert message[1][:8] == b"%08d" % i
            i += 1
        assert i > 0

    def test_empty_messages_are_bounded_too(self, launch: Launch) -> None:
        app = launch(group_timeout=0)
        ws = join(app, receive_buffer=2048)
        tell(ws, "burst 10000000 0")
        wait_for(app, error="ESP_ERR_TIMEOUT")


class TestGroup:
    def test_everybody_gets_it(self, app: App) -> None:
        clients = [join(app) for _ in range(5)]
        assert app.command("say hello") == "5"
        assert app.command("members") == "5"
        for ws in clients:
            assert ws.read_message() == (TEXT, b"hello")

    def test_nobody_is_there(self, app: App) -> None:
        assert app.command("say hello") == "0"

    def test_a_client_speaks_to_all(self, app: App) -> None:
        clients = [join(app) for _ in range(3)]
        tell(clients[0], "all hello")
        for ws in clients:
            assert ws.read_message() == (TEXT, b"hello")

    def test_a_client_that_has_left_is_no_member(self, app: App) -> None:
        join(app)
        ws = join(app)
        ws.close()
        wait_for(app, closed=1)
        assert app.command("members") == "1"
        assert app.command("say hello") == "1"

    def test_groups_are_apart(self, app: App) -> None:
        other = open_websocket(app, "/sub-group")
        assert app.command("say hello") == "0"
        assert other.is_silent()

    def test_subprotocol(self, app: App) -> None:
        client = app.connect()
        client.send(handshake("/sub-group", "Sec-WebSocket-Protocol: other, chat.v1"))
        assert client.head().header("Sec-WebSocket-Protocol") == "chat.v1"


class TestWhoMayComeIn:
    def test_no_more_than_the_cap(self, launch: Launch) -> None:
        app = launch(group_clients=3)
        clients = [join(app) for _ in range(3)]
        refused = app.connect()
        refused.send(handshake("/group"))
        response = refused.response()
        assert response.code == 503
        assert response.header("Retry-After") == "1"
        clients[0].close()
        wait_for(app, closed=1)

        def gets_in() -> bool:
            client = app.connect()
            client.send(handshake("/group"))
            return client.head().code == 101

        eventually(gets_in)

    def test_a_page_of_another_site_does_not(self, app: App) -> None:
        client = app.connect()
        client.send(handshake("/group", "Origin: http://evil.example"))
        assert client.response().code == 403

    def test_a_client_without_the_password_does_not(self, launch: Launch) -> None:
        app = launch(basic="Basic YW5zd2VyOjQy")
        client = app.connect()
        client.send(handshake("/group"))
        assert client.response().code == 401
        client = app.connect()
        client.send(handshake("/group", "Authorization: Basic YW5zd2VyOjQy"))
        assert client.head().code == 101

    def test_old_clients_do_not(self, app: App) -> None:
        client = app.connect()
        client.send(handshake("/group", version=None))
        assert client.response().code == 400


def test_wrong_configurations(app: App) -> None:
    assert set(app.command("wrong_groups").split()) == {"ESP_ERR_INVALID_ARG"}
