# SPDX-License-Identifier: MIT
"""JSON in both directions, cookies, and unknown methods."""

from __future__ import annotations

import httpx
import pytest

from tests.support.program import Program, Run

PROGRAM = """
import uhttpd
def echo(req):
    try:
        value = req.json()
    except ValueError as error:
        return req.write({'error': str(error)}, status=400)
    req.write({'you said': value})
def cookie(req):
    req.write({'value': req.cookie('session')})
def any_method(req):
    req.write({'method': req.method(), 'name': req.method_name()}, mime='text/x-json')
def wrong(req):
    req.write({'no': 1j})
httpd = uhttpd.Server(0, routes=20)
httpd.route('/echo', uhttpd.POST, echo)
httpd.route('/cookie', uhttpd.GET, cookie)
httpd.route('/any', uhttpd.ANY, any_method)
httpd.route('/wrong', uhttpd.GET, wrong)
print('PORT', httpd.port())
input()
"""


@pytest.fixture
def board(run: Run) -> Program:
    return run(PROGRAM)


@pytest.mark.parametrize("value", [{"a": [1, 2.5, None, True]}, [], "ä", 7])
def test_json_is_read_and_written(board: Program, value: object) -> None:
    response = httpx.post(board.url("/echo"), json=value)
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {"you said": value}


@pytest.mark.parametrize("body", [b"", b"}", b"nothing", b"\xff"])
def test_invalid_json_raises(board: Program, body: bytes) -> None:
    response = httpx.post(board.url("/echo"), content=body)
    assert response.status_code == 400
    assert response.json()["error"]


def test_a_cookie(board: Program) -> None:
    def value(cookie: str) -> str | None:
        return httpx.get(board.url("/cookie"), headers={"Cookie": cookie}).json()["value"]

    assert value("a=1; session=abc; session=def") == "abc"
    assert value("Session=abc") is None
    assert value("session=") == ""


@pytest.mark.parametrize(
    ("name", "number"), [("GET", 1), ("MOVE", 128), ("PROPFIND", 256), ("BREW", 256)]
)
def test_any_method(board: Program, name: str, number: int) -> None:
    response = httpx.request(name, board.url("/any"))
    assert response.headers["content-type"] == "text/x-json"
    assert response.json() == {"method": number, "name": name}


def test_a_dict_that_cannot_be_json(board: Program) -> None:
    """MicroPython writes objects without a form in JSON as repr() does. Nothing crashes."""
    assert httpx.get(board.url("/wrong")).status_code in (200, 500)
