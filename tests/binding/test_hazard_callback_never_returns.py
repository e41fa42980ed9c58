# SPDX-License-Identifier: MIT
"""A callback that never returns."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError

from tests.support.program import Run
from tests.support.scripts import UNTIL_ENTER, with_callback
from tests.support.waiting import PATIENCE

from .socket_client import Sockets

HANGS = {
    "sleeps": "time.sleep(1000000)",
    "computes": "while True: pass",
    "swallows": "while True:\n  try:\n   time.sleep(1)\n  except Exception: pass",
    "waits for a lock": "lock = _thread.allocate_lock(); lock.acquire(); lock.acquire()",
}


@pytest.mark.parametrize("hang", HANGS)
def test_others_are_answered(run: Run, hang: str) -> None:
    """Of two workers, one is left."""
    program = run(with_callback(f"def callback(req):\n print('HANGS')\n {HANGS[hang]}"))
    stuck = program.connect(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
    program.expect("HANGS")
    assert [program.get("/b").text for _ in range(10)] == ["fine"] * 10
    stuck.close()
    assert program.get("/b").text == "fine"


def everything(root: Path) -> str:
    """Callbacks that do not return, and all that is to go on beside them."""
    return f"""
import time, uhttpd
def slow(req):
    print('HELD')
    time.sleep(1000000)
def endless(req):
    print('HELD')
    while True: pass
httpd = uhttpd.Server(0, workers=2, events=1, callback_timeout=0, body_timeout=600)
httpd.route('/slow', uhttpd.GET, slow)
httpd.route('/endless', uhttpd.GET, endless)
httpd.route('/read', uhttpd.POST, lambda req: req.write(req.read()))
httpd.route('/page', uhttpd.GET, lambda req: req.write('fine'))
httpd.event('/events')
httpd.ws('/ws', 'secret')
httpd.serve('/fs', {str(root)!r})
print('PORT', httpd.port())
while True:
    httpd.dispatch('tick')
    time.sleep(0.01)
"""


def test_two_slow_two_dripping_and_two_endless_ones(
    run: Run, sockets: Sockets, tmp_path: Path
) -> None:
    """Files, events, the terminal and other callbacks go on."""
    (tmp_path / "file").write_text("a file")
    program = run(everything(tmp_path))
    with ExitStack() as held:
        for path in ("/slow", "/slow", "/endless", "/endless"):
            request = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"
            held.enter_context(program.connect(request.encode()))
        dripping = [held.enter_context(program.connect(DRIPS)) for _ in range(2)]
        for _ in range(4):
            program.expect("HELD")
        with program.listen("/events") as events:
            assert next(events).data == "tick"
        for _ in range(5):
            assert program.get("/page").text == "fine"
            assert program.get("/fs/file").text == "a file"
        assert sockets(program, "/ws").recv(PATIENCE) == "Password: "
        for client in dripping:
            client.send("x" * 99_999)
            assert client.response().text == "x" * 100_000


DRIPS = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nx"

LATE = {
    "sleeps": "time.sleep(1000)",
    "computes": "while True: pass",
    "survives errors": "while True:\n  try: time.sleep(1000)\n  except Exception: pass",
    "survives the first": "try: time.sleep(1000)\n except BaseException: time.sleep(1000)",
}


@pytest.mark.parametrize("late", LATE)
def test_is_interrupted_at_its_deadline(run: Run, late: str) -> None:
    """The only worker lives on."""
    callback = f"def callback(req):\n {LATE[late]}"
    program = run(with_callback(callback, "workers=1, spare_workers=0, callback_timeout=0.1"))
    for _ in range(2):
        response = program.get("/a")
        assert response.status_code == 503
        assert response.text == "503 Service Unavailable: the callback took too long\n"
        assert [program.get("/b").text for _ in range(5)] == ["fine"] * 5
    program.type("\n")
    assert program.finish().count("CallbackTimeout") >= 2


def test_may_answer_when_it_is_interrupted(run: Run) -> None:
    callback = """
def callback(req):
    try:
        time.sleep(1000)
    except uhttpd.CallbackTimeout as error:
        req.write(type(error).__name__)
"""
    program = run(with_callback(callback, "callback_timeout=0.1"))
    assert program.get("/a").text == "CallbackTimeout"


def test_may_wait_and_stream_for_longer(run: Run) -> None:
    """What it waits for is the client's time, and each piece is progress."""
    callback = """
def callback(req):
    print('READS')
    piece = req.read()
    for _ in range(5):
        time.sleep(0.4)
        req.send_chunk(piece)
    req.send_chunk(None)
"""
    program = run(with_callback(callback, "body_buffer=0, callback_timeout=1.5"))
    client = program.connect(b"GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n")
    program.expect("READS")
    time.sleep(2)
    client.send("x")
    assert client.response().text == "xxxxx"


DECIDES = """
import time, uhttpd
def decide(*args):
    time.sleep(1000)
httpd = uhttpd.Server(0, callback_timeout=0.1{auth})
httpd.file_acl(decide)
httpd.serve(base='/tmp')
"""


@pytest.mark.parametrize("auth", ["", ", acl=uhttpd.AUTH_CUSTOM, auth=decide"])
def test_decides_too_late(run: Run, auth: str) -> None:
    program = run(DECIDES.format(auth=auth) + UNTIL_ENTER)
    assert program.get("/file").status_code == 503


HEARS = """
import time, uhttpd
httpd = uhttpd.Server(0, callback_timeout=0.1)
httpd.websocket('/s', lambda ws, data: time.sleep(1000))
"""


def test_its_websocket_is_closed(run: Run, sockets: Sockets) -> None:
    program = run(HEARS + UNTIL_ENTER)
    client = sockets(program, "/s")
    client.send("x")
    with pytest.raises(ConnectionClosedError):
        client.recv(PATIENCE)
    assert client.close_code == 1011
