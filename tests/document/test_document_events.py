# SPDX-License-Identifier: MIT
"""event() and dispatch()."""

from __future__ import annotations

import httpx
import pytest

from tests.support.program import Program
from tests.support.waiting import PATIENCE

from .sentences import checks

PROGRAM = """
import uhttpd
httpd = uhttpd.Server(0, events=2)
httpd.event('/events')
def dispatch(req):
    req.write(repr(httpd.dispatch(*eval(req.read()))))
def error_of(req):
    try:
        eval(req.read())
        req.write('nothing')
    except Exception as error:
        req.write(repr(error))
httpd.route('/dispatch', uhttpd.POST, dispatch)
httpd.route('/error', uhttpd.POST, error_of)
"""


def post(board: Program, path: str, content: str) -> str:
    return httpx.post(board.url(path), content=content, timeout=PATIENCE).text


@checks("event.stream")
def test_the_stream(board: Program) -> None:
    with httpx.stream("GET", board.url("/events"), timeout=PATIENCE) as reply:
        assert reply.status_code == 200
        assert reply.headers["Content-Type"].startswith("text/event-stream")
    assert httpx.post(board.url("/events"), timeout=PATIENCE).status_code == 405


@checks("event.no_wildcard")
@pytest.mark.parametrize("url", ["/e*", "/*"])
def test_a_wildcard(board: Program, url: str) -> None:
    call = f"uhttpd.Server(0, events=1).event({url!r})"
    assert "ValueError" in post(board, "/error", call)


@checks("event.one")
def test_a_second_url(board: Program) -> None:
    assert "event() was called before" in post(board, "/error", "httpd.event('/other')")


@checks("event.clients", "dispatch.all", "dispatch.event")
def test_all_clients_of_the_url_get_events(board: Program) -> None:
    with board.listen("/events") as one, board.listen("/events") as two:
        assert post(board, "/dispatch", "('data', 'name')") == "True"
        assert post(board, "/dispatch", "('data', )") == "True"
        for events in (one, two):
            first, second = next(events), next(events)
            assert (first.event, first.data) == ("name", "data")
            assert (second.event, second.data) == ("message", "data")


@checks("dispatch.nobody")
def test_nobody_listens(board: Program) -> None:
    assert post(board, "/dispatch", "('data', 'name')") == "False"
