# SPDX-License-Identifier: MIT
"""Server.websocket(): messages, groups, limits, and what callbacks may do."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.program import Run
from tests.support.waiting import PATIENCE
from tests.support.websocket import WebSocket, handshake

from .socket_client import PRELUDE, WAIT, Sockets, open_socket


def test_text_and_bytes(run: Run) -> None:
    board = run(PRELUDE + "httpd.websocket('/ws', echo)\n" + WAIT)
    with open_socket(board) as ws:
        for message in ("", "grüße", "x" * 16384, b"", b"\x00\xff", b"y" * 16384):
            ws.send(message)
            assert ws.recv(PATIENCE) == message
    board.expect(r"OVER 1000 ''")


def test_what_the_callback_gets_and_may_send(run: Run) -> None:
    board = run(
        PRELUDE
        + """
def hear(ws, data):
    print('GOT', type(data), ws.server() is httpd, ws.remote(), ws.code(), repr(ws.reason()))
    ws.send(bytearray(b'array'))
    ws.send(memoryview(b'-view-')[1:5])
    ws.send({'a': [1, None]})
    ws.send(data=data, timeout=0)
httpd.websocket('/ws', hear)
"""
        + WAIT
    )
    with open_socket(board) as ws:
        ws.send("text")
        assert [ws.recv(PATIENCE) for _ in range(2)] == [b"array", b"view"]
        assert json.loads(ws.recv(PATIENCE)) == {"a": [1, None]}
        assert ws.recv(PATIENCE) == "text"
        board.expect(r"GOT <class 'str'> True 127.0.0.1 0 ''")
        ws.send(b"bytes")
        board.expect(r"GOT <class 'bytes'>")


def test_opened_is_called_before_the_first_message(run: Run) -> None:
    board = run(
        PRELUDE
        + "httpd.websocket('/ws', echo, opened=lambda ws: ws.send('welcome ' + ws.remote()))\n"
        + WAIT
    )
    with open_socket(board) as ws:
        assert ws.recv(PATIENCE) == "welcome 127.0.0.1"


def test_group(run: Run, sockets: Sockets) -> None:
    board = run(
        PRELUDE
        + """
def hear(ws, data):
    if data is not None:
        print('REACHED', chat.send(data), len(chat), bool(chat))
chat = httpd.websocket('/ws', hear)
print(len(chat), bool(chat), chat.send('nobody'))
"""
        + WAIT
    )
    board.expect("0 False 0")
    clients = [sockets(board) for _ in range(3)]
    clients[0].send("all")
    board.expect("REACHED 3 3 True")
    for ws in clients:
        assert ws.recv(PATIENCE) == "all"
    clients[1].close()
    clients[2].send(b"two")
    for ws in (clients[0], clients[2]):
        assert ws.recv(PATIENCE) == b"two"
        ws.close()


def test_close(run: Run) -> None:
    board = run(
        PRELUDE
        + """
def hear(ws, data):
    if data is None:
        print('OVER %d %r' % (ws.code(), ws.reason()))
    else:
        ws.send('last')
        ws.close(4000, 'genug')
        ws.close(4001)
        try:
            ws.send('late')
        except OSError as error:
            print('ERROR', error)
httpd.websocket('/ws', hear)
"""
        + WAIT
    )
    with open_socket(board) as ws:
        ws.send("x")
        with contextlib.suppress(ConnectionClosed):  # the board may be faster
            ws.send("not heard any more")
        assert ws.recv(PATIENCE) == "last"
        with pytest.raises(ConnectionClosed):
            ws.recv(PATIENCE)
        assert (ws.close_code, ws.close_reason) == (4000, "genug")
    shown = board.expect(r"OVER 4000 'genug'")
    assert "ERROR [Errno 104] ECONNRESET" in shown


def test_an_object_can_be_kept_when_it_is_over(run: Run) -> None:
    board = run(
        PRELUDE
        + """
kept = []
def hear(ws, data):
    if data is None:
        print('OVER')
    else:
        kept.append(ws)
httpd.websocket('/ws', hear)
"""
        + WAIT
        + """
ws = kept[0]
gc.collect()
print(ws.code(), ws.reason(), ws.remote(), ws.subprotocol(), ws.server() is httpd)
ws.close()
for call in (lambda: ws.send('x'), lambda: ws.send(b'x', timeout=0)):
    try:
        call()
    except OSError as error:
        print('ERROR', error)
"""
    )
    with open_socket(board) as ws:
        ws.send("keep me")
        ws.close(4003, "tschüß")
    board.expect("OVER")
    board.type("\n")
    lines = board.finish().splitlines()
    assert lines[-3:] == ["4003 tschüß 127.0.0.1 None True"] + 2 * ["ERROR [Errno 104] ECONNRESET"]


def test_from_any_thread(run: Run) -> None:
    board = run(
        PRELUDE
        + """
def talk(ws, n):
    for i in range(100):
        ws.send('%d %d' % (n, i))
def hear(ws, data):
    if data:
        for n in range(3):
            _thread.start_new_thread(talk, (ws, n))
httpd.websocket('/ws', hear)
"""
        + WAIT
    )
    with open_socket(board) as ws:
        ws.send("go")
        heard: dict[str, list[int]] = {}
        for _ in range(300):
            thread, number = ws.recv(PATIENCE).split()
            heard.setdefault(thread, []).append(int(number))
    assert heard == {str(n): list(range(100)) for n in range(3)}


def test_subprotocol(run: Run) -> None:
    board = run(
        PRELUDE
        + "httpd.websocket('/ws', lambda ws, data: data and ws.send(str(ws.subprotocol())), "
        + "subprotocol='chat.v1')\n"
        + WAIT
    )
    with open_socket(board, subprotocols=["other", "chat.v1"]) as ws:
        assert ws.subprotocol == "chat.v1"
        ws.send("?")
        assert ws.recv(PATIENCE) == "chat.v1"
    with open_socket(board) as ws:
        ws.send("?")
        assert ws.recv(PATIENCE) == "None"


def test_a_message_that_is_too_long(run: Run) -> None:
    board = run(PRELUDE + "httpd.websocket('/ws', echo, max_message=100)\n" + WAIT)
    with open_socket(board) as ws:
        ws.send("x" * 100)
        assert ws.recv(PATIENCE) == "x" * 100
        ws.send("x" * 101)
        with pytest.raises(ConnectionClosed):
            ws.recv(PATIENCE)
        assert ws.close_code == 1009
    board.expect("OVER 1009 ''")


def test_no_more_clients_than_that(run: Run) -> None:
    board = run(PRELUDE + "httpd.websocket('/ws', echo, clients=2)\n" + WAIT)
    with open_socket(board), open_socket(board):
        with pytest.raises(InvalidStatus) as refused:
            open_socket(board)
        assert refused.value.response.status_code == 503
        assert refused.value.response.headers["Retry-After"]


def test_a_client_that_answers_no_ping_is_disconnected(run: Run) -> None:
    board = run(PRELUDE + "httpd.websocket('/ws', echo, ping=0.1, timeout=0.3)\n" + WAIT)
    client = WebSocket(board.port)
    client.shake_hands(handshake("/ws"))
    board.expect("OVER 1006 ''")


def test_access_is_the_server_s(run: Run) -> None:
    board = run(
        """
import uhttpd
def decide(req):
    return req.header('X-Key') == 'open'
httpd = uhttpd.Server(0, acl=uhttpd.AUTH_CUSTOM, auth=decide)
httpd.websocket('/ws', lambda ws, data: data and ws.send(data))
"""
        + WAIT
    )
    with pytest.raises(InvalidStatus) as refused:
        open_socket(board)
    assert refused.value.response.status_code == 401
    with open_socket(board, additional_headers={"X-Key": "open"}) as ws:
        ws.send("in")
        assert ws.recv(PATIENCE) == "in"


def test_pages_of_other_sites_are_refused(run: Run) -> None:
    board = run(PRELUDE + "httpd.websocket('/ws', echo)\n" + WAIT)
    with pytest.raises(InvalidStatus) as refused:
        open_socket(board, origin="http://evil.example")
    assert refused.value.response.status_code == 403
    with open_socket(board, origin=f"http://127.0.0.1:{board.port}") as ws:
        ws.send("in")
        assert ws.recv(PATIENCE) == "in"


def test_order_and_one_at_a_time(run: Run) -> None:
    board = run(
        PRELUDE
        + """
inside = 0
def hear(ws, data):
    global inside
    inside += 1
    assert inside == 1, 'two at a time'
    time.sleep_ms(1)
    inside -= 1
    if data is not None:
        ws.send(data)
httpd.websocket('/ws', hear)
"""
        + WAIT
    )
    with open_socket(board) as ws:
        for i in range(200):
            ws.send(str(i))
        assert [ws.recv(PATIENCE) for _ in range(200)] == [str(i) for i in range(200)]


def test_many_clients_at_a_time(run: Run) -> None:
    import websockets

    board = run(PRELUDE + "httpd.websocket('/ws', echo, clients=20)\n" + WAIT)
    uri = f"ws://127.0.0.1:{board.port}/ws"

    async def talk(n: int) -> None:
        async with websockets.connect(uri, open_timeout=PATIENCE) as ws:
            for i in range(20):
                await ws.send(f"{n} {i}")
                assert await ws.recv() == f"{n} {i}"

    async def talk_all() -> None:
        await asyncio.gather(*(talk(n) for n in range(20)))

    asyncio.run(talk_all())
    for _ in range(20):
        board.expect("OVER 1000")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "TypeError: websocket() needs 'url'"),
        ("1, echo", "TypeError: url: str expected"),
        ("'/w'", "TypeError: websocket() needs 'callback'"),
        ("'/w', 1", "TypeError: callback must be callable"),
        ("'/w', echo, echo", "TypeError: websocket() takes 2 arguments by position"),
        ("'/w', echo, opened=1", "TypeError: opened: callable or None expected"),
        ("'w', echo", "ValueError: url must start with '/'"),
        ("'/*w', echo", "ValueError: url may have a '*' only at its end"),
        ("'/w', echo, clients=0", "ValueError: clients must be 1 to 60"),
        ("'/w', echo, clients=61", "ValueError: clients must be 1 to 60"),
        ("'/w', echo, clients='1'", "TypeError: clients: int expected"),
        ("'/w', echo, max_message=0", "ValueError: max_message must be 1 to 16777216"),
        ("'/w', echo, queue=255", "ValueError: queue must be 256 to 16777216"),
        ("'/w', echo, ping=-1", "ValueError: ping must be 0 to 3600 seconds"),
        ("'/w', echo, timeout=0", "ValueError: timeout must be 0.001 to 3600 seconds"),
        ("'/w', echo, subprotocol=1", "TypeError: subprotocol: str or None expected"),
        ("'/w', echo, subprotocol='a b'", "ValueError: subprotocol must be 1 to 64"),
        ("'/w', echo, subprotocol=''", "ValueError: subprotocol must be 1 to 64"),
        ("'/w', echo, subprotocol='x' * 65", "ValueError: subprotocol must be 1 to 64"),
    ],
)
def test_wrong_arguments(run: Run, arguments: str, message: str) -> None:
    run(PRELUDE + f"httpd.websocket({arguments})\n").expect(re.escape(message))


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("ws.send(1)", "TypeError: data: str, bytes-like, dict or list expected"),
        ("ws.send(None)", "TypeError: data: str, bytes-like, dict or list expected"),
        ("ws.send()", "TypeError: send() needs 'data'"),
        ("ws.send('x' * 16385)", "ValueError: data is longer than the queue"),
        ("ws.send('x', timeout='1')", "TypeError: timeout: number expected"),
        ("ws.send('x', timeout=-1)", "ValueError: timeout must be 0 to 3600 seconds"),
        ("ws.close('1000')", "TypeError: code: int expected"),
        ("ws.close(999)", "ValueError: code must be 1000 to 4999"),
        ("ws.close(1006)", "ValueError: code must be one that may be sent"),
        ("ws.close(1000, 1)", "TypeError: reason: str expected"),
        ("ws.close(1000, 'x' * 124)", "ValueError: reason must have at most 123 bytes"),
        ("group.send(1)", "TypeError: data: str, bytes-like, dict or list expected"),
        ("group.send('x' * 16385)", "ValueError: data is longer than the queue"),
        ("uhttpd.WebSocket()", "TypeError: can't create 'WebSocket' instances"),
    ],
)
def test_wrong_use(run: Run, statement: str, message: str) -> None:
    board = run(
        PRELUDE
        + f"""
def hear(ws, data):
    if data is not None:
        {statement}
group = httpd.websocket('/ws', hear)
"""
        + WAIT
    )
    with open_socket(board) as ws:
        ws.send("now")
        with pytest.raises(ConnectionClosed):
            ws.recv(PATIENCE)
        assert ws.close_code == 1011
    board.expect(re.escape(message))


def test_it_takes_one_slot(run: Run) -> None:
    output = run(
        """
import uhttpd
httpd = uhttpd.Server(0, routes=2)
httpd.websocket('/a', print)
try:
    httpd.websocket('/b', print)
except RuntimeError as error:
    print(error)
given = uhttpd.Server(0, routes=[('/a', uhttpd.GET, print)])
given.websocket('/b', print)
given.websocket('/c', print)
given.stop()
try:
    given.websocket('/d', print)
except RuntimeError as error:
    print(error)
"""
    ).finish()
    assert output.splitlines() == [
        "no slot is left: give Server() more routes",
        "the server is stopped",
    ]
