# SPDX-License-Identifier: MIT
"""event() and dispatch()."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from tests.support.program import Program, Run
from tests.support.waiting import PATIENCE

SETUP = """
import uhttpd
httpd = uhttpd.Server(0, events=2)
httpd.event('/events')
def dispatch(req):
    req.write(repr(httpd.dispatch(**eval(req.read()))))
httpd.route('/dispatch', uhttpd.POST, dispatch)
print('PORT', httpd.port())
"""
# A program that floods is faster than every listener, and slow listeners are disconnected.
PAUSE = "    for _ in range(2000): pass\n"


def dispatch(board: Program, arguments: str) -> str:
    """Makes the board dispatch an event. Returns the result."""
    return httpx.post(board.url("/dispatch"), content=f"dict({arguments})").text


@pytest.fixture
def board(run: Run) -> Program:
    """A board that serves events."""
    return run(SETUP + "input()\n")


def test_dispatch_tells_whether_anybody_listens(board: Program) -> None:
    assert dispatch(board, "data='x'") == "False"
    with board.listen("/events"):
        assert dispatch(board, "data='x'") == "True"


def test_an_event(board: Program) -> None:
    with board.listen("/events") as events:
        dispatch(board, "data='one\\ntwo', event='tick', id='7', retry=1.5")
        event = next(events)
    assert (event.event, event.data, event.id, event.retry) == ("tick", "one\ntwo", "7", 1500)


@pytest.mark.parametrize(
    ("data", "text"),
    [("'äöü'", "äöü"), ("b'bytes'", "bytes"), ("bytearray(b'array')", "array"), ("''", "")],
)
def test_text(board: Program, data: str, text: str) -> None:
    with board.listen("/events") as events:
        dispatch(board, f"data={data}")
        event = next(events)
    assert (event.event, event.data) == ("message", text)
    assert event.id


@pytest.mark.parametrize("data", [{"a": [1, 2]}, [1, "zwei"], 7, None, True])
def test_anything_else_is_json(board: Program, data: object) -> None:
    with board.listen("/events") as events:
        dispatch(board, f"data={data!r}")
        assert json.loads(next(events).data) == data


def test_no_more_clients_than_events(board: Program) -> None:
    with board.listen("/events"), board.listen("/events"):
        response = httpx.get(board.url("/events"))
    assert response.status_code == 503
    assert response.headers["retry-after"]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("uhttpd.Server(0, events=-1)", "ValueError: events must be 0 to 60"),
        ("uhttpd.Server(0).event('/e')", "RuntimeError: nobody could listen"),
        ("uhttpd.Server(0).dispatch('x')", "RuntimeError: event() was not called"),
        ("uhttpd.Server(0, events=1).event('e')", "ValueError: url must start"),
        ("uhttpd.Server(0, events=1).event('/e*')", "ValueError: url must start"),
        ("uhttpd.Server(0, events=1).event(1)", "TypeError: url: str expected"),
        ("uhttpd.Server(0, events=1).event('/e', 256)", "TypeError: event() takes 1 argument by"),
        (
            "uhttpd.Server(0, events=1).event('/e', buffer=255)",
            "ValueError: buffer must be 256 to 1048576",
        ),
        (
            "uhttpd.Server(0, events=1).event('/e', heartbeat=0)",
            "ValueError: heartbeat must be 0.1 to 3600 seconds",
        ),
        (
            "uhttpd.Server(0, events=1).event('/e', retry=-1)",
            "ValueError: retry must be 0 to 86400 seconds",
        ),
        ("uhttpd.Server(0, events=1).event('/e', retry='1')", "TypeError: retry: number expected"),
        ("httpd.event('/again')", "RuntimeError: event() was called before"),
        ("httpd.dispatch('x', 'a\\nb')", "ValueError: event"),
        ("httpd.dispatch('x', id='a\\nb')", "ValueError: id"),
        ("httpd.dispatch('x', event=1)", "TypeError: event"),
        ("httpd.dispatch('x' * 100000)", "ValueError: data is longer"),
        ("httpd.stop(); httpd.dispatch('x')", "RuntimeError: the server is stopped"),
        ("httpd.stop(); httpd.event('/e')", "RuntimeError: the server is stopped"),
    ],
)
def test_wrong_arguments(run: Run, statement: str, message: str) -> None:
    run(SETUP + statement + "\n").expect(re.escape(message))


def test_how_events_are_kept_and_sent(run: Run) -> None:
    board = run(
        """
import uhttpd
httpd = uhttpd.Server(0, events=1)
httpd.event('/events', buffer=300, heartbeat=0.1, retry=2.5)
for n in range(100):
    httpd.dispatch('%02d' % n)
try:
    httpd.dispatch('x' * 300)
except ValueError as error:
    print(error)
print('PORT', httpd.port())
input()
"""
    )
    board.expect("data is longer")
    headers = {"Last-Event-ID": "unknown"}
    with httpx.stream("GET", board.url("/events"), headers=headers, timeout=PATIENCE) as response:
        lines = response.iter_lines()
        shown = [next(lines) for _ in range(30)]
    assert shown[0] == "retry: 2500"
    data = [line[6:] for line in shown if line.startswith("data: ")]
    assert 0 < len(data) < 10 and data[-1] == "99", "300 bytes of them are kept"
    assert ":" in shown, "a heartbeat"


def test_events_while_the_program_computes(run: Run) -> None:
    board = run(SETUP + "n = 0\nwhile True:\n    n += 1\n    httpd.dispatch(n)\n" + PAUSE)
    with board.listen("/events") as events:
        numbers = [int(next(events).data) for _ in range(100)]
    assert numbers == list(range(numbers[0], numbers[0] + 100))
