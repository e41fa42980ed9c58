# SPDX-License-Identifier: MIT
"""WebSockets of a Python server end exactly once each, whatever callbacks and servers do."""

from __future__ import annotations

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.program import Run
from tests.support.terminal import close_code_of
from tests.support.waiting import PATIENCE

from .socket_client import PRELUDE, START, WAIT, Sockets, open_socket


@pytest.mark.parametrize(
    ("statement", "last_line"),
    [
        ("raise ValueError('wrong')", "ValueError: wrong"),
        ("sys.exit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt: "),
        ("bytearray(1 << 40)", "MemoryError: "),
    ],
)
def test_a_callback_that_raises(run: Run, statement: str, last_line: str) -> None:
    board = run(
        PRELUDE
        + f"""
def hear(ws, data):
    if data is None:
        print('OVER %d' % ws.code())
    elif data == 'raise':
        {statement}
    else:
        ws.send(data)
httpd.websocket('/ws', hear)
"""
        + WAIT
    )
    for _ in range(3):  # more than there are workers: none of them has died
        with open_socket(board) as ws:
            ws.send("raise")
            assert close_code_of(ws) == 1011
        shown = board.expect("OVER 1011")
        assert "uhttpd: the callback of /ws raised\nTraceback" in shown
        assert last_line in shown
    with open_socket(board) as ws:
        ws.send("fine")
        assert ws.recv(PATIENCE) == "fine"


def test_a_callback_that_raises_at_the_end(run: Run) -> None:
    board = run(
        PRELUDE
        + """
def hear(ws, data):
    if data is None:
        print('OVER')
        raise ValueError('late')
httpd.websocket('/ws', hear, opened=lambda ws: 1 / 0)
"""
        + WAIT
    )
    with open_socket(board) as ws:
        assert close_code_of(ws) == 1011
    shown = board.expect("ValueError: late")
    assert "ZeroDivisionError" in shown
    assert shown.count("OVER") == 1


def test_stop(run: Run, sockets: Sockets) -> None:
    """stop() returns when each client is over, whether it has sent something or not."""
    board = run(
        PRELUDE
        + """
ends = []
def hear(ws, data):
    if data is None:
        ends.append(ws.code())
httpd.websocket('/ws', hear)
"""
        + WAIT
        + """
httpd.stop()
print('ENDS', ends)
"""
    )
    clients = [sockets(board) for _ in range(3)]
    clients[0].send("x")
    board.type("\n")
    for ws in clients:
        assert close_code_of(ws) == 1012
    assert board.finish().splitlines()[-1] == "ENDS [1012, 1012, 1012]"


def test_stop_by_a_callback(run: Run) -> None:
    board = run(
        PRELUDE
        + """
over = 0
def hear(ws, data):
    global over
    if data is None:
        over += 1
        print('OVER %d' % ws.code())
    else:
        ws.server().stop()
        ws.server().stop()
        print('after stop')
chat = httpd.websocket('/ws', hear)
"""
        + START
        + """
while not over:
    time.sleep(0.01)
httpd.stop()
print(over, len(chat))
try:
    chat.send('x')
except RuntimeError as error:
    print(error)
"""
    )
    with open_socket(board) as ws:
        ws.send("stop")
        assert close_code_of(ws) == 1012
    lines = board.finish().splitlines()
    assert lines[-4:] == ["after stop", "OVER 1012", "1 0", "the server is stopped"]


@pytest.mark.parametrize("hang", ["while True: pass", "time.sleep(1000)"])
def test_a_callback_that_never_returns(run: Run, sockets: Sockets, hang: str) -> None:
    """It occupies a worker and its client, and ends with the server."""
    board = run(
        PRELUDE
        + f"""
def hear(ws, data):
    if data is None:
        print('OVER %d' % ws.code())
    elif data == 'hang':
        print('hangs')
        {hang}
    else:
        ws.send(data)
httpd.websocket('/ws', hear)
"""
        + WAIT
        + "httpd.stop()\nprint('stopped')\n"
    )
    stuck, other = sockets(board), sockets(board)
    stuck.send("hang")
    board.expect("hangs")
    other.send("goes on")
    assert other.recv(PATIENCE) == "goes on"
    board.type("\n")
    output = board.finish()
    assert "SystemExit" in output
    assert output.count("OVER 1012") == 2
    assert output.splitlines()[-1] == "stopped"


def test_the_program_ends(run: Run, sockets: Sockets) -> None:
    board = run(PRELUDE + "httpd.websocket('/ws', echo)\n" + WAIT)
    ws = sockets(board)
    ws.send("x")
    assert ws.recv(PATIENCE) == "x"
    board.type("\n")
    assert close_code_of(ws) == 1012
    board.finish()


def test_a_server_without_references(run: Run, sockets: Sockets) -> None:
    """It stops although clients are connected, and its callbacks are freed too."""
    board = run(
        PRELUDE
        + """
def nested(n):
    local = [None] * 50
    return nested(n - 1) if n else len(local)
def serve():
    servers = [uhttpd.Server(0) for _ in range(4)]
    for server in servers:
        server.websocket('/ws', lambda ws, data: ws.server())
    return [server.port() for server in servers]
ports = serve()
print('PORTS', ports)
input()
for _ in range(100):
    nested(20)
    gc.collect()
    time.sleep(0.02)
print('done')
"""
    )
    ports = eval(board.expect(r"PORTS \[.*\]").partition("PORTS ")[2])
    clients = []
    for port in ports:
        board._port = port
        clients.append(sockets(board))
        clients[-1].send("x")
    board.type("\n")
    ended = 0
    for ws in clients:
        with pytest.raises((ConnectionClosed, TimeoutError)) as end:
            ws.recv(5)
        ended += end.type is not TimeoutError
    assert ended >= 3, "the stack is read conservatively: one may have been found there"
    board.finish()


def test_objects_of_clients_that_have_left_are_collected(run: Run) -> None:
    board = run(
        PRELUDE
        + """
count = 0
def hear(ws, data):
    global count
    if data is None:
        count += 1
httpd.websocket('/ws', hear)
"""
        + START
        + """
def free():
    gc.collect()
    return gc.mem_free()
while count < 20:
    time.sleep(0.01)
before = free()
while count < 220:
    time.sleep(0.01)
print('LEAKED', before - free())
"""
    )
    for _ in range(220):
        with open_socket(board) as ws:
            ws.send("x" * 500)
    # The smallest object takes 32 bytes; and a thread's stack may keep a few of the last ones.
    assert int(board.finish().split()[-1]) < 200 * 30


def test_send_waits_with_the_gil_released(run: Run, sockets: Sockets) -> None:
    """A client that does not read: send() gives up in time, and others go on meanwhile."""
    board = run(
        PRELUDE
        + """
def hear(ws, data):
    if data is None:
        print('OVER %d' % ws.code())
    elif data == 'flood':
        try:
            while True:
                ws.send('x' * 10000, timeout=0.3)
        except OSError as error:
            print('ERROR', error)
    else:
        ws.send(data)
httpd.websocket('/ws', hear)
"""
        + WAIT
    )
    # The client library buffers that many messages, and then reads no more.
    stalled, other = sockets(board, max_queue=1), sockets(board)
    stalled.send("flood")
    for i in range(50):
        other.send(str(i))
        assert other.recv(PATIENCE) == str(i)
    board.expect(r"ERROR \[Errno 110\] ETIMEDOUT")


def test_ctrl_c_ends_waiting(run: Run, sockets: Sockets) -> None:
    board = run(
        PRELUDE
        + """
clients = []
httpd.websocket('/ws', lambda ws, data: None, opened=clients.append)
"""
        + START
        + """
while not clients:
    time.sleep(0.01)
try:
    while True:
        clients[0].send('x' * 10000, timeout=3600)
        if len(clients) == 1:
            clients.append(0)
            print('sending')
except KeyboardInterrupt:
    print('interrupted')
"""
    )
    ws = sockets(board, max_queue=1)
    board.expect("sending")
    import time

    time.sleep(1)  # until it waits; it is interrupted even if it does not wait yet
    board.interrupt()
    assert board.finish().splitlines()[-1] == "interrupted"
    assert ws


def test_a_group_disconnects_clients_that_do_not_read(run: Run, sockets: Sockets) -> None:
    board = run(
        PRELUDE
        + """
chat = httpd.websocket('/ws', lambda ws, data: None)
"""
        + WAIT
        + """
n = 0
while len(chat) == 3:
    chat.send('%08d' % n + 'x' * 8000, timeout=0.3)
    n += 1
chat.send('end')
print('SENT', n)
input()
"""
    )
    import threading

    readers = [sockets(board) for _ in range(2)]
    stalled = sockets(board, max_queue=1)
    heard: list[list[str]] = [[], []]

    def read(number: int) -> None:
        while (message := readers[number].recv(PATIENCE)) != "end":
            heard[number].append(message[:8])

    threads = [threading.Thread(target=read, args=[n]) for n in range(2)]
    for thread in threads:
        thread.start()
    board.type("\n")
    for thread in threads:
        thread.join()
    sent = int(board.expect(r"SENT \d+").split()[-1])
    assert heard == 2 * [[f"{n:08d}" for n in range(sent)]]
    assert stalled
    board.type("\n")


def test_callbacks_and_collections(run: Run) -> None:
    """Messages arrive while the program collects garbage all the time."""
    board = run(
        PRELUDE
        + "httpd.websocket('/ws', echo)\n"
        + START
        + "while True:\n    garbage = [bytearray(100) for _ in range(100)]\n    gc.collect()\n"
    )
    with open_socket(board) as ws:
        for i in range(100):
            ws.send("x" * i)
            assert ws.recv(PATIENCE) == "x" * i
