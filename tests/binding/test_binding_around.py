# SPDX-License-Identifier: MIT
"""Around callbacks: hooks, handlers of errors, access for each route, and routes that go again."""

from __future__ import annotations

import httpx
import pytest

from tests.support.http import whole_request
from tests.support.program import Program, Run
from tests.support.scripts import UNTIL_ENTER
from tests.support.waiting import PATIENCE


def send(program: Program, method: str, path: str, **options: object) -> httpx.Response:
    return httpx.request(method, program.url(path), timeout=PATIENCE, **options)  # type: ignore[arg-type]


class TestHooks:
    @pytest.fixture
    def board(self, run: Run) -> Program:
        return run(
            f"""
import uhttpd
httpd = uhttpd.Server(0)
@httpd.before_request
def first(req):
    req.g.seen = ['first']
    if req.path() == '/early': return 'early', 202
    if req.path() == '/written': req.write('written', 203)
    if req.path() == '/odd': return 1j
    if req.path() == '/raised': raise ValueError('no')
    if req.path() == '/aborted': uhttpd.abort(403, 'not you')
@httpd.before_request
def second(req):
    req.g.seen.append('second')
@httpd.after_request
def after(req, response):
    if req.path() == '/replaced': return 'instead', 418, {{'X-Hook': 'replaced'}}
    if req.path() == '/nonsense': return object()
    if req.path() == '/fails': raise OSError(5)
    response.headers['X-Hook'] = '%d %s' % (response.status_code, ','.join(req.g.seen))
    if req.path() == '/cookie': response.set_cookie('a', 'b')
@httpd.after_request
def last(req, response):
    response.headers['X-Last'] = 'yes'
@httpd.get('/<name>')
def page(req, name):
    if name == 'many': return uhttpd.Response('x', headers=[('A', '1'), ('A', '2')])
    if name == 'pieces': return (piece for piece in 'ab')
    if name == 'none': return None
    return {{'g': req.g.seen}}
@httpd.get('/by/write')
def by_write(req):
    req.write('by write', 201)
@httpd.errorhandler(404)
def missing(req): return 'missing'
{UNTIL_ENTER}"""
        )

    def test_see_every_answer(self, board: Program) -> None:
        for path, status, text, hook in [
            ("/usual", 200, '{"g": ["first", "second"]}', "200 first,second"),
            ("/none", 204, "", "204 first,second"),
            ("/pieces", 200, "ab", "200 first,second"),
            ("/early", 202, "early", "202 first"),
            ("/aborted", 403, "not you", "403 first"),
            ("/replaced", 418, "instead", "replaced"),
        ]:
            answer = board.get(path)
            assert (answer.status_code, answer.text) == (status, text)
            assert (answer.headers["X-Hook"], answer.headers["X-Last"]) == (hook, "yes")

    def test_are_not_called_where_no_callback_is(self, board: Program) -> None:
        answer = board.get("/no/where")
        assert (answer.status_code, answer.text) == (404, "missing")
        assert "X-Last" not in answer.headers

    def test_keep_what_the_answer_had(self, board: Program) -> None:
        assert board.get("/many").headers.get_list("A") == ["1", "2"]
        assert board.get("/cookie").headers["Set-Cookie"] == "a=b"

    def test_come_too_late_for_what_was_sent(self, board: Program) -> None:
        for path, status in (("/written", 203), ("/by/write", 201)):
            answer = board.get(path)
            assert (answer.status_code, "X-Hook" in answer.headers) == (status, False)
        assert board.get("/usual").status_code == 200

    def test_that_fail_are_told_of(self, board: Program) -> None:
        for path, hook, said in [
            ("/raised", "before_request", "ValueError: no"),
            ("/odd", "before_request", "TypeError: .* returned a complex"),
            ("/fails", "after_request", "OSError: .*EIO"),
            ("/nonsense", "after_request", "TypeError: .* returned a object"),
        ]:
            assert board.get(path).status_code == 500
            board.expect(f"uhttpd: {hook} of /<name> raised")
            board.expect(said)
        assert board.get("/usual").status_code == 200


class TestErrorHandlers:
    @pytest.fixture
    def board(self, run: Run) -> Program:
        return run(
            f"""
import sys, uhttpd
httpd = uhttpd.Server(0, callback_timeout=1, max_body=10, auth=('ann', 'secret'))
class Own(ValueError): pass
class Odd(uhttpd.HTTPException): pass
@httpd.errorhandler(Exception)
def anything(req, error): return 'anything: ' + repr(error), 501
@httpd.errorhandler(ValueError)
def value(req, error): return {{'value': str(error)}}
@httpd.errorhandler(404)
def missing(req): return 'missing ' + req.path(), {{'X-Missing': '1'}}
@httpd.errorhandler(401)
def stranger(req): return 'who are you?'
@httpd.errorhandler(413)
def big(req): raise RuntimeError('twice')
@httpd.errorhandler(405)
def method(req): uhttpd.abort(404, 'from within')
@httpd.errorhandler(409)
def none(req): return None
@httpd.errorhandler(KeyError)
def endless(req, error):
    while True: pass
httpd.errorhandler(422, lambda req: 1 / 0)
@httpd.get('/<what>', auth=False)
def raises(req, what):
    if what == 'late': req.write('sent')
    if what == 'pieces': return (uhttpd.abort(404) for _ in 'a')
    if what.isdigit(): uhttpd.abort(int(what), 'why')
    if what == 'odd': raise Odd(410, 'gone')
    if what == 'exit': sys.exit()
    raise kinds[what]('x')
kinds = dict(value=ValueError, own=Own, key=KeyError, zero=ZeroDivisionError, late=ValueError)
httpd.post('/', lambda req: req.json(), auth=False)
{UNTIL_ENTER}"""
        )

    def test_answer(self, board: Program) -> None:
        for path, status, text in [
            ("/value", 500, '{"value": "x"}'),
            ("/own", 500, '{"value": "x"}'),
            ("/zero", 501, "anything: ZeroDivisionError('x',)"),
            ("/404", 404, "missing /404"),
            ("/pieces", 404, "missing /pieces"),
            ("/410", 501, "anything: HTTPException(410, 'why')"),
            ("/odd", 501, "anything: Odd(410, 'gone')"),
            ("/409", 409, ""),
            ("/late", 200, "sent"),
        ]:
            answer = board.get(path)
            assert (answer.status_code, answer.text) == (status, text), path

    def test_answer_errors_of_the_server(self, board: Program) -> None:
        refused = board.get("/no/where")
        assert (refused.status_code, refused.text) == (401, "who are you?")
        assert "Basic" in refused.headers["WWW-Authenticate"]
        missing = send(board, "GET", "/no/where", auth=("ann", "secret"))
        assert (missing.text, missing.headers["X-Missing"]) == ("missing /no/where", "1")
        wrong = send(board, "PUT", "/value", auth=("ann", "secret"))
        assert (wrong.status_code, wrong.text) == (404, "from within")

    def test_that_raise_are_told_of(self, board: Program) -> None:
        answer = send(board, "POST", "/", content=b"12345678901")
        assert (answer.status_code, answer.text[:21]) == (413, "413 Content Too Large")
        board.expect(r"uhttpd: the callback of errorhandler\(\) raised")
        board.expect("RuntimeError: twice")
        assert board.get("/422").status_code == 500
        board.expect("uhttpd: errorhandler of /<what> raised")
        board.expect("ZeroDivisionError")

    def test_that_never_return_are_interrupted(self, board: Program) -> None:
        assert board.get("/key").status_code == 503
        board.expect("CallbackTimeout")
        assert board.get("/404").status_code == 404

    def test_malformed_bodies_are_no_errors_of_the_program(self, board: Program) -> None:
        answer = send(board, "POST", "/", content=b"x")
        reason = "the body must be JSON: it has a character that JSON has not there"
        assert (answer.status_code, answer.text) == (400, reason)

    def test_for_all_that_have_none_of_their_own(self, run: Run) -> None:
        program = run(
            f"""
import uhttpd
httpd = uhttpd.Server(0)
@httpd.errorhandler(uhttpd.HTTPException)
def error(req, error): return 'all: %s %s' % error.args
@httpd.get('/abort')
def stop(req): uhttpd.abort(418)
httpd.get('/raise', lambda req: 1 / 0)
{UNTIL_ENTER}"""
        )
        for path, code in (("/abort", 418), ("/raise", 500), ("/nowhere", 404)):
            answer = program.get(path)
            assert (answer.status_code, answer.text[:8]) == (code, f"all: {code}")
        client = program.connect("GET /a b HTTP/1.1\r\n\r\n")
        assert client.response().text.startswith("400 Bad Request")


WRONG = [
    ("httpd.errorhandler(True)", "TypeError error must be a status, such as 404"),
    ("httpd.errorhandler('404')", "TypeError error must be a status, such as 404"),
    ("httpd.errorhandler(int)", "TypeError error must be a status, such as 404"),
    ("httpd.errorhandler(BaseException)", "TypeError error must be a status"),
    ("httpd.errorhandler(200)", "ValueError error must be 400 to 599"),
    ("httpd.errorhandler(404)(5)", "TypeError callback must be callable"),
    ("httpd.get('/', auth=True)", "TypeError auth must be (user, password), a function"),
    ("httpd.get('/', auth=5)", "TypeError auth must be (user, password), a function"),
    ("httpd.get('/', auth=('a',))", "TypeError auth must be (user, password), both"),
    ("httpd.get('/', auth=('a', 5))", "TypeError auth: str or bytes-like expected"),
    ("httpd.get('/', auth=('a', ''))", "ValueError auth: a user has no ':'"),
    ("httpd.get('/', auth=('a:b', 'c'))", "ValueError auth: a user has no ':'"),
    ("httpd.get('/', auth='a:b')", "ValueError auth must be the header value: 'Basic '"),
    ("httpd.remove('/')", "ValueError no callback of / answers these methods"),
    ("httpd.remove('x')", "ValueError url must start with '/'"),
    ("httpd.remove('/', 0)", "ValueError methods must be GET"),
    ("uhttpd.Server(0, auth=('a', 'b'), acl=2)", "TypeError auth must be a function"),
    ("uhttpd.Server(0, headers={'a b': 'c'})", "ValueError headers: a b is malformed"),
    ("uhttpd.Server(0, headers={'Date': 'c'})", "ValueError headers: Date is the server"),
    ("uhttpd.Server(0, headers={'A': 5})", "TypeError headers: str or bytes-like expected"),
]


def test_wrong_arguments_are_refused(run: Run) -> None:
    program = run(
        f"""
import uhttpd
httpd = uhttpd.Server(0)
for expression in {[expression for expression, _ in WRONG]}:
    try:
        eval(expression)
        print('nothing')
    except Exception as error:
        print(type(error).__name__, error)
httpd.stop()
"""
    )
    said = program.finish().splitlines()
    assert len(said) == len(WRONG)
    for (expression, start), line in zip(WRONG, said):
        assert line.startswith(start), expression


class TestAccess:
    @pytest.fixture
    def board(self, run: Run) -> Program:
        return run(
            f"""
import uhttpd
def asked(req):
    if req.header('X-Key') == 'abort': uhttpd.abort(403, 'not today')
    if req.header('X-Key') == 'login': return uhttpd.abort(401, 'log in')
    if req.header('X-Key') == 'raise': raise OSError(1)
    return req.header('X-Key') == 'right'
httpd = uhttpd.Server(0, auth=('ann', 'geh:eim ü'), headers={{'X-Frame-Options': 'DENY'}})
@httpd.get('/own', auth=('bob', '42'))
def own(req): return 'own'
@httpd.get('/asked', auth=asked)
def page(req): return 'asked'
httpd.route('/open', ['GET', 'PUT'], lambda req: 'open', auth=False)
httpd.post('/value', lambda req: 'value', auth=b'Basic Ym9iOjQy')
httpd.get('/server')(lambda req: 'server')
httpd.errorhandler(403, lambda req: 'handled')
{UNTIL_ENTER}"""
        )

    def test_of_each_route(self, board: Program) -> None:
        ann, bob = ("ann", "geh:eim ü"), ("bob", "42")
        for method, path, auth, code in [
            *(("GET", "/server", None, 401), ("GET", "/server", ann, 200)),
            *(("GET", "/server", bob, 401), ("GET", "/own", bob, 200), ("GET", "/own", ann, 401)),
            *(("GET", "/open", None, 200), ("PUT", "/open", None, 200)),
            *(("POST", "/value", bob, 200), ("POST", "/value", None, 401)),
            *(("GET", "/nowhere", None, 401), ("GET", "/asked", None, 401)),
        ]:
            headers = httpx.BasicAuth(*[part.encode() for part in auth]) if auth else None
            answer = send(board, method, path, auth=headers)
            assert answer.status_code == code, (path, auth)
            assert answer.headers["X-Frame-Options"] == "DENY"

    def test_by_a_function(self, board: Program) -> None:
        for key, status, text in [
            *(("right", 200, "asked"), ("wrong", 401, "401 Unauthorized\n")),
            *(("abort", 403, "handled"), ("login", 401, "log in")),
            ("raise", 500, "500 Internal Server Error\n"),
        ]:
            answer = send(board, "GET", "/asked", headers={"X-Key": key})
            assert (answer.status_code, answer.text) == (status, text), key
        board.expect("uhttpd: auth raised")

    def test_guessing_is_slow_where_a_function_aborts(self, board: Program) -> None:
        headers = {"X-Key": "login", "Authorization": "Basic YTpi"}
        codes = [send(board, "GET", "/asked", headers=headers).status_code for _ in range(9)]
        assert codes[0] == 401 and 429 in codes


class TestRemoved:
    def test_routes_are_gone_and_their_slots_free(self, run: Run) -> None:
        program = run(
            f"""
import gc, uhttpd
httpd = uhttpd.Server(0, routes=4)
class Big:
    def __call__(self, req): return 'big'
for i in range(300):
    httpd.get('/a/<int:n>', lambda req, n: 'a%d' % n)
    httpd.route('/b', ['GET', 'PUT'], Big())
    httpd.remove('/a/<int:n>')
    httpd.remove('/b', 'PUT')
    httpd.remove('/b', uhttpd.GET)
@httpd.get('/once')
def once(req):
    httpd.remove('/once')
    return 'once'
httpd.put('/b', lambda req: 'new')
gc.collect()
{UNTIL_ENTER}"""
        )
        assert [program.get("/once").status_code for _ in range(2)] == [200, 404]
        assert send(program, "PUT", "/b").text == "new"
        assert program.get("/b").status_code == 405
        assert program.get("/a/1").status_code == 404

    def test_while_a_callback_runs(self, run: Run) -> None:
        program = run(
            f"""
import time, uhttpd
httpd = uhttpd.Server(0)
def slow(req):
    while not going: time.sleep(0.01)
    return 'old'
def again(req):
    httpd.remove('/slow')
    httpd.get('/slow', lambda req: 'new')
    return 'ok'
def go(req): going.append(1)
going = []
httpd.get('/slow', slow)
httpd.post('/again', again)
httpd.post('/go', go)
{UNTIL_ENTER}"""
        )
        client = program.connect(whole_request("/slow"))
        assert send(program, "POST", "/again").text == "ok"
        assert program.get("/slow").text == "new"
        assert send(program, "POST", "/go").status_code == 204
        assert client.response().text == "old"
        assert program.get("/slow").text == "new"
