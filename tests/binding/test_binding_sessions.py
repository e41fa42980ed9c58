# SPDX-License-Identifier: MIT
"""Sessions in signed cookies, and the client for tests that comes with the firmware."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import httpx
import pytest

from tests.support.program import Program, Run
from tests.support.scripts import UNTIL_ENTER
from tests.support.waiting import PATIENCE

KEY = b"0123456789abcdef"


def seal(session: object, age: int = 0, key: bytes = KEY, cookie: str = "session") -> str:
    """A cookie as the board makes it."""
    text = session if isinstance(session, bytes) else json.dumps(session).encode()
    signed = f"{int(time.time()) - age}.{base64.urlsafe_b64encode(text).decode().rstrip('=')}"
    mac = hmac.new(key, f"{cookie}={signed}".encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


@pytest.fixture
def board(run: Run) -> Program:
    return run(
        f"""
import uhttpd, uhttpd_session
httpd = uhttpd.Server(0)
uhttpd_session.Session(httpd, {KEY!r}, max_age=1000)
@httpd.get('/')
def show(req): return dict(req.g.session)
@httpd.get('/set/<key>/<value>')
def set_value(req, key, value):
    req.g.session[key] = value
    return 'ok'
@httpd.get('/clear')
def clear(req): req.g.session.clear()
@httpd.get('/wrong/<what>')
def wrong(req, what):
    value = dict(long=1000 * 'b', nan=float('nan'), object=object(), list=1)[what]
    req.g.session = [value] if what == 'list' else {{'a': value}}
@httpd.get('/write')
def write(req):
    req.g.session['late'] = 1
    req.write('written')
@httpd.get('/fails')
def fails(req):
    req.g.session['failed'] = 1
    uhttpd.abort(418)
{UNTIL_ENTER}"""
    )


class TestSessions:
    def test_come_back_with_the_browser(self, board: Program) -> None:
        with httpx.Client(base_url=board.url(""), timeout=PATIENCE) as browser:
            first = browser.get("/")
            assert (first.json(), "Set-Cookie" in first.headers) == ({}, False)
            answer = browser.get("/set/user/Ann")
            value, *options = answer.headers["Set-Cookie"].split("; ")
            assert value.startswith("session=")
            assert options == ["Max-Age=1000", "Path=/", "SameSite=Lax", "HttpOnly"]
            again = browser.get("/")
            assert (again.json(), "Set-Cookie" in again.headers) == ({"user": "Ann"}, False)
            assert "Set-Cookie" not in browser.get("/set/user/Ann").headers
            browser.get("/set/theme/dark")
            assert browser.get("/fails").status_code == 418
            assert browser.get("/").json() == {"user": "Ann", "theme": "dark", "failed": 1}
            browser.get("/clear")
            assert not browser.cookies
            assert browser.get("/").json() == {}

    def test_are_signed_as_hmac_says(self, board: Program) -> None:
        made = board.get("/set/a/b").headers["Set-Cookie"].split(";")[0].split("=", 1)[1]
        assert made in {seal(b'{"a": "b"}', age) for age in range(-2, 5)}

    def test_that_are_forged_or_old_are_empty(self, board: Program) -> None:
        good = seal({"a": 1})
        for cookie in (good, seal({"a": 1}, 900), seal({"a": 1}, -200)):
            assert self.session_for(board, cookie) == {"a": 1}
        for cookie in [
            *(seal({"a": 1}, 2000), seal({"a": 1}, -2000), seal({"a": 1}, cookie="other")),
            *(seal({"a": 1}, key=b"another key than it"), good[:-1], good + "=", "x" + good),
            *(good.rsplit(".", 1)[0], good.rsplit(".", 1)[0] + ".", "...", "a.b.c", ".", ""),
            *("=" * 50, "%00.é", "9" * 2000, seal(b"{"), seal(b"\xff")),
        ]:
            assert self.session_for(board, cookie) == {}, cookie

    @staticmethod
    def session_for(board: Program, cookie: str) -> object:
        headers = {"Cookie": f"session={cookie}".encode()}
        answer = httpx.get(board.url("/"), headers=headers, timeout=PATIENCE)
        assert answer.status_code == 200
        return answer.json()

    def test_that_are_used_stay(self, board: Program) -> None:
        headers = {"Cookie": f"session={seal({'a': 1}, 600)}"}
        renewed = httpx.get(board.url("/"), headers=headers, timeout=PATIENCE)
        assert renewed.headers["Set-Cookie"].startswith("session=")

    def test_that_cannot_be_kept_are_told_of(self, board: Program) -> None:
        for what in ("list", "long", "nan", "object"):
            assert board.get(f"/wrong/{what}").status_code == 500
            board.expect("uhttpd: after_request of /wrong/<what> raised")
            board.expect("ValueError: ")
            assert board.get("/").json() == {}

    def test_come_too_late_for_what_was_sent(self, board: Program) -> None:
        answer = board.get("/write")
        assert (answer.status_code, answer.text) == (200, "written")
        board.expect("RuntimeError: the response has been sent already")


WRONG = [
    ("httpd, 'fifteen letters'", "ValueError secret_key must have 16 bytes or more"),
    ("httpd, 5", "TypeError secret_key must be a str or bytes"),
    ("httpd, None", "TypeError secret_key must be a str or bytes"),
    ("httpd, 16 * 'x', max_age=0", "ValueError max_age must be 1 or more"),
    ("httpd, 16 * 'x', max_age=True", "TypeError max_age must be an int"),
    ("httpd, 16 * 'x', max_age=1.5", "TypeError max_age must be an int"),
    ("httpd, 16 * 'x', cookie='a b'", "ValueError name has a character"),
    ("httpd, 16 * 'x', cookie=5", "TypeError name"),
    ("httpd, 16 * 'x', samesite='Often'", "ValueError samesite must be"),
    ("httpd, 16 * 'x', secure='no'", "TypeError secure: bool expected"),
]


def test_sessions_that_would_not_be_safe_are_refused(run: Run) -> None:
    program = run(
        f"""
import uhttpd
from uhttpd_session import Session
httpd = uhttpd.Server(0)
for arguments in {[arguments for arguments, _ in WRONG]}:
    try:
        eval('Session(' + arguments + ')')
        print('nothing')
    except Exception as error:
        print(type(error).__name__, error)
httpd.stop()
"""
    )
    said = program.finish().splitlines()
    assert len(said) == len(WRONG)
    for (arguments, start), line in zip(WRONG, said):
        assert line.startswith(start), arguments


def test_client_for_tests_passes_through_everything(run: Run) -> None:
    program = run(
        """
import uhttpd
from uhttpd_testing import TestClient
httpd = uhttpd.Server(0, auth=('ann', 'secret'), max_body=100000)
@httpd.route('/echo', ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'], auth=False)
def echo(req):
    return {'method': req.method_name(), 'body': req.read().decode(), 'x': req.header('X-A')}
@httpd.get('/cookie', auth=False)
def cookie(req):
    response = uhttpd.Response(repr(req.cookie('a')), headers={'X-Many': ['1', '2']})
    response.set_cookie('a', 'b', max_age=None if req.cookie('a') is None else 0)
    return response
httpd.get('/user', lambda req: 'in')
httpd.get('/pieces', lambda req: (str(i) for i in range(3)), auth=False)
httpd.get('/users/<name>', lambda req, name: name, auth=False)
httpd.post('/bytes', lambda req: b'\\xff' + req.read(), auth=False)
httpd.get('/raise', lambda req: 1 / 0, auth=False)
httpd.get('/half', lambda req: req.send_chunk('half'), auth=False)
@httpd.errorhandler(ZeroDivisionError)
def zero(req, error): return 'divided', 400
@httpd.before_request
def before(req):
    if req.header('X-Stop'): return 'stopped', 409
client = TestClient(httpd)
answer = client.get('/echo', {'X-A': 'b'})
assert (answer.status, answer.status_code) == ('200 OK', 200), answer
assert answer.json == {'method': 'GET', 'body': '', 'x': 'b'}, answer.json
assert answer.headers['content-type'] == answer.headers['Content-Type'] == 'application/json'
assert 'Content-Length' in answer.headers and answer.headers.get('X-No', 5) == 5
assert client.put('/echo', body='text').json['body'] == 'text'
assert client.patch('/echo', json=[1, None]).json['body'] == '[1, null]'
assert client.delete('/echo').json['method'] == 'DELETE'
assert client.head('/echo').body == b''
assert client.request('MOVE', '/echo', auth=('ann', 'secret')).status_code == 405
assert client.post('/bytes', body=70000 * b'x').body == b'\\xff' + 70000 * b'x'
assert client.post('/bytes').text is None and client.post('/bytes').json is None
assert client.post('/bytes', body=200000 * b'x').status_code == 413
assert client.get('/pieces').text == '012'
assert client.get('/users/grün und blau').text == 'grün und blau'
assert client.get('/user').status_code == client.get('/no').status_code == 401
assert client.get('/user', auth=('ann', 'secret')).text == 'in'
assert client.get('/no', auth=('ann', 'secret')).status_code == 404
assert [client.get('/cookie').text for _ in range(3)] == ['None', "'b'", 'None']
assert client.get('/cookie').headers['X-Many'] == '1, 2'
assert client.get('/raise').text == 'divided'
assert client.get('/echo', {'X-Stop': '1'}).text == 'stopped'
assert client.get('/pieces', {'host': 'evil.example'}).status_code == 200
try: client.get('/half')
except OSError as error: print(error)
httpd.stop()
try: client.get('/echo')
except OSError: print('all is well')
"""
    )
    assert program.finish().splitlines()[-2:] == ["the answer breaks off", "all is well"]
