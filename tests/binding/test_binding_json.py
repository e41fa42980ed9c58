# SPDX-License-Identifier: MIT
"""JSON in both directions, cookies, and unknown methods."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.support.program import Program, Run

PROGRAM = """
import json, uhttpd
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
    req.write(WRONG[req.query('value').decode()])
WRONG = {'nan': {'t': float('nan')}, 'inf': [1, -float('inf')], 'set': {'a': {1, 2}},
         'object': [object], 'complex': {'no': 1j}, 'bytes': {'a': b'\\xff'}}
def text(req):
    words = {'joined': '{"t": "a\\ud83d\\ude00"}', 'alone': '{"t": "b\\ud83d"}'}
    value = json.loads(words[req.query('value').decode()])
    how = req.query('how')
    if how == b'chunk':
        req.send_chunk(value['t'])
        req.send_chunk(None)
    else:
        req.write({'list': [value], 'text': value['t'], 'dict': value}[how.decode()])
def strict(req):
    req.write({'value': req.json()})
def cookies(req):
    req.write('', headers={'Set-Cookie': ['a=1', 'b=2'], 'X': 'y'})
httpd = uhttpd.Server(0, routes=20)
httpd.route('/echo', uhttpd.POST, echo)
httpd.route('/cookie', uhttpd.GET, cookie)
httpd.route('/any', uhttpd.ANY, any_method)
httpd.route('/wrong', uhttpd.GET, wrong)
httpd.route('/text', uhttpd.GET, text)
httpd.route('/strict', uhttpd.POST, strict)
httpd.route('/cookies', uhttpd.GET, cookies)
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
    assert response.headers["content-type"] == "text/x-json; charset=utf-8"
    assert response.json() == {"method": number, "name": name}


@pytest.mark.parametrize("value", ["nan", "inf", "set", "object", "complex"])
def test_what_json_cannot_say_is_an_error(board: Program, value: str) -> None:
    """MicroPython's own json writes it as repr() does."""
    assert httpx.get(board.url(f"/wrong?value={value}")).status_code == 500
    board.expect("ValueError: data has a value that JSON does not know")


def test_bytes_leave_as_utf8(board: Program) -> None:
    """MicroPython's own json writes them as they are."""
    response = httpx.get(board.url("/wrong?value=bytes"))
    assert json.loads(response.content.decode()) == {"a": "\ufffd"}


@pytest.mark.parametrize(("value", "text"), [("joined", "a\U0001f600"), ("alone", "b\ufffd")])
@pytest.mark.parametrize("how", ["dict", "list", "text", "chunk"])
def test_halves_of_characters_leave_as_utf8(
    board: Program, value: str, text: str, how: str
) -> None:
    """JSON has two escapes for a character beyond U+FFFF, and MicroPython keeps them apart."""
    response = httpx.get(board.url(f"/text?value={value}&how={how}"))
    expected = {"dict": {"t": text}, "list": [{"t": text}]}
    if how in expected:
        assert response.headers["content-type"] == "application/json"
        assert json.loads(response.content.decode()) == expected[how]
    else:
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.content.decode() == text


def test_a_client_whose_json_is_none_is_told_so(board: Program) -> None:
    response = httpx.post(board.url("/strict"), content=b"{'no'}")
    assert (response.status_code, response.text[:22]) == (400, "the body must be JSON:")
    assert httpx.post(board.url("/strict"), content=b"[1]").json() == {"value": [1]}


def test_a_header_with_several_values(board: Program) -> None:
    response = httpx.get(board.url("/cookies"))
    assert response.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert response.headers["x"] == "y"
