# SPDX-License-Identifier: MIT
"""Routes with parameters, decorators, and answers that callbacks return."""

from __future__ import annotations

import httpx
import pytest

from tests.support.http import whole_request
from tests.support.program import Program, Run
from tests.support.scripts import UNTIL_ENTER, with_callback
from tests.support.waiting import PATIENCE


def send(program: Program, method: str, path: str, content: bytes = b"") -> httpx.Response:
    return httpx.request(method, program.url(path), content=content, timeout=PATIENCE)


def answer_of(run: Run, callback: str, method: str = "GET") -> tuple[httpx.Response, Program]:
    """What a client gets from a callback, and the program that has it."""
    program = run(with_callback(callback))
    answer = send(program, method, "/a")
    assert program.get("/b").text == "fine"
    return answer, program


class TestDecorators:
    def test_of_each_method(self, run: Run) -> None:
        program = run(
            f"""
import uhttpd
httpd = uhttpd.Server(0)
for name in ('get', 'post', 'put', 'patch', 'delete'):
    def callback(req, name=name): return name
    assert getattr(httpd, name)('/same')(callback) is callback
@httpd.route('/named', methods=['PUT', uhttpd.MOVE])
def named(req): return req.method_name()
@httpd.route('/usual')
def usual(req): return req.method_name()
httpd.post('/call', lambda req: req.read())
{UNTIL_ENTER}"""
        )
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            assert send(program, method, "/same").text == method.lower()
        assert send(program, "PUT", "/named").text == "PUT"
        assert send(program, "MOVE", "/named").text == "MOVE"
        refused = program.get("/named")
        assert (refused.status_code, refused.headers["Allow"]) == (405, "PUT, MOVE, OPTIONS")
        assert program.get("/usual").text == "GET"
        assert send(program, "POST", "/usual").status_code == 405
        assert send(program, "POST", "/call", content=b"body").content == b"body"

    def test_need_no_slots_unless_somebody_counts_them(self, run: Run) -> None:
        program = run(
            """
import uhttpd
def fill(httpd, most):
    try:
        for i in range(300): httpd.get('/%d' % i)(lambda req: '%d' % i)
    except RuntimeError as error:
        print('ROUTES', i, error)
fill(uhttpd.Server(0, routes=3), 2)
httpd = uhttpd.Server(0)
fill(httpd, 254)
print('PORT', httpd.port())
input()
"""
        )
        assert "ROUTES 2 no slot is left" in program.expect("ROUTES .*\n")
        assert "ROUTES 254 no slot is left" in program.expect("ROUTES .*\n")
        assert program.get("/253").status_code == 200

    def test_are_refused_where_all_routes_were_given(self, run: Run) -> None:
        program = run("import uhttpd\nuhttpd.Server(0, routes=[]).get('/')", True)
        program.expect("RuntimeError: all routes were given to Server\\(\\)")


class TestParameters:
    @pytest.fixture
    def board(self, run: Run):
        return run(
            f"""
import uhttpd
httpd = uhttpd.Server(0)
@httpd.get('/users/<int:id>')
def user(req, id): return repr(id)
@httpd.get('/users/<name>/photos/<path:place>')
def photo(req, name, place): return repr((name, place))
@httpd.get('/plain/<name>')
def plain(req, name): return name
@httpd.get('/grün/*')
def green(req): return req.path()
{UNTIL_ENTER}"""
        )

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("/users/7", "7"),
            ("/users/-0012", "-12"),
            ("/users/" + 18 * "9", 18 * "9"),
            ("/users/Ann/photos/a/b.jpg", "('Ann', 'a/b.jpg')"),
            ("/%75sers/%37", "7"),
            ("/plain/W%c3%a4lt%20%25", "Wält %"),
            ("/plain/a+b?c=d", "a+b"),
            ("/plain/%F6", "ö"),
            ("/gr%C3%BCn/%7e%2F", "/gr%C3%BCn/~%2F"),
        ],
    )
    def test_are_arguments(self, board, path: str, text: str) -> None:
        answer = board.get(path)
        assert (answer.status_code, answer.text) == (200, text)

    @pytest.mark.parametrize(
        "path",
        [
            *("/users/7a", "/users/", "/users/1" + 18 * "0", "/users/%2D", "/users/1.5"),
            *("/plain/a%2Fb", "/plain/%2e%2e", "/plain/%00", "/plain/a%5Cb", "/plain/%zz"),
            *("/users/Ann/photos/a/%2e%2e/b", "/users/Ann/photos/a//b", "/users/Ann/photos/"),
        ],
    )
    def test_that_do_not_fit_are_not_found(self, board, path: str) -> None:
        client = board.connect(whole_request(path))
        assert client.response().status.startswith("404")

    def test_that_the_callback_does_not_take(self, run: Run) -> None:
        program = run(
            f"""
import uhttpd
httpd = uhttpd.Server(0)
httpd.get('/<a>', lambda req: 1)
{UNTIL_ENTER}"""
        )
        assert program.get("/x").status_code == 500
        program.expect("uhttpd: the callback of /<a> raised")
        program.expect("TypeError: ")


class TestReturned:
    @pytest.mark.parametrize(
        ("value", "status", "mime", "body"),
        [
            ("'Wält'", 200, "text/html; charset=utf-8", "Wält".encode()),
            ("b'\\xff'", 200, "text/html; charset=utf-8", b"\xff"),
            ("memoryview(b'abc')[1:]", 200, "text/html; charset=utf-8", b"bc"),
            ("''", 200, "text/html; charset=utf-8", b""),
            ("{'a': [1, None]}", 200, "application/json", b'{"a": [1, null]}'),
            ("[1, 2]", 200, "application/json", b"[1, 2]"),
            ("('gone', 410)", 410, "text/html; charset=utf-8", b"gone"),
            ("({'a': 1}, '201 Made')", 201, "application/json", b'{"a": 1}'),
            ("(None, 201)", 201, "text/html; charset=utf-8", b""),
            ("404", 404, "text/plain; charset=utf-8", b"404 Not Found"),
            ("202", 202, "text/html; charset=utf-8", b""),
            ("uhttpd.Response('x', 203, mime='text/css')", 203, "text/css; charset=utf-8", b"x"),
            ("uhttpd.Response(None, 404)", 404, "text/html; charset=utf-8", b""),
            ("iter(['a', b'', b'b'])", 200, "text/html; charset=utf-8", b"ab"),
            ("(c for c in 'abc'), 201", 201, "text/html; charset=utf-8", b"abc"),
            ("uhttpd.Response(iter(['a']), mime='x/y')", 200, "x/y", b"a"),
            ("io.BytesIO(bytes(5000))", 200, "text/html; charset=utf-8", bytes(5000)),
        ],
    )
    def test_values(self, run: Run, value: str, status: int, mime: str, body: bytes) -> None:
        answer, _ = answer_of(run, f"import io\ndef callback(req):\n return {value}")
        assert (answer.status_code, answer.content) == (status, body)
        assert answer.headers["Content-Type"] == mime

    @pytest.mark.parametrize(
        "headers",
        ["{'X-A': ['1', '2'], 'X-B': 'c'}", "[('X-A', '1'), (b'X-A', b'2'), ['X-B', 'c']]"],
    )
    @pytest.mark.parametrize(
        "value", ["'x', {}", "'x', 200, {}", "uhttpd.Response('x', headers={})"]
    )
    def test_headers(self, run: Run, value: str, headers: str) -> None:
        answer, _ = answer_of(run, f"def callback(req):\n return {value.format(headers)}")
        assert (answer.headers.get_list("X-A"), answer.headers["X-B"]) == (["1", "2"], "c")

    def test_generator_is_sent_as_it_comes_and_closed_when_the_client_goes(self, run: Run) -> None:
        program = run(
            with_callback(
                """
def callback(req):
    try:
        yield 'first'
        while True:
            yield 'more' * 1000
    finally:
        print('CLOSED')
"""
            )
        )
        client = program.connect(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.read_until(b"5\r\nfirst\r\n")
        client.close()
        program.expect("CLOSED\r?\n")
        assert "raised" not in program.screen, "that a client goes is no fault of the program"
        assert program.get("/b").text == "fine"

    def test_generator_that_raises_breaks_the_answer_off(self, run: Run) -> None:
        program = run(with_callback("def callback(req):\n yield 'a'\n raise ValueError('oh')"))
        answer = program.connect(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n").read_to_end()
        assert answer.endswith(b"1\r\na\r\n"), "the client must see that the end is missing"
        program.expect("ValueError: oh")
        assert program.get("/b").text == "fine"

    def test_endless_generator_is_not_asked_for_head(self, run: Run) -> None:
        callback = "def callback(req):\n while True: yield 'x'"
        answer, _ = answer_of(run, callback, method="HEAD")
        assert (answer.status_code, answer.content) == (200, b"")

    def test_file_is_sent_and_closed(self, run: Run, tmp_path) -> None:
        (tmp_path / "data").write_bytes(bytes(range(256)) * 40)
        program = run(
            with_callback(
                f"""
opened = []
def callback(req):
    opened.append(open('{tmp_path / "data"}', 'rb'))
    return opened[0], {{'Content-Type': 'image/png'}}
"""
            ).replace(
                "input()", "input()\ntry: opened[0].read()\nexcept ValueError: print('CLOSED')"
            )
        )
        answer = program.get("/a")
        assert answer.content == bytes(range(256)) * 40
        program.type("\n")
        program.expect("CLOSED")

    @pytest.mark.parametrize(
        ("value", "complaint"),
        [
            ("object()", "the callback returned a object: str, bytes"),
            ("1.5", "the callback returned a float: str, bytes"),
            ("True", "the callback returned a bool: str, bytes"),
            ("('a', 200, {}, 1)", "the callback returned a tuple: str, bytes"),
            ("('a',)", "the callback returned a tuple: str, bytes"),
            ("('a', 99)", "status must be 100 to 599"),
            ("1000", "status must be 100 to 599"),
            ("('a', 1.5)", "status: int, str, bytes-like or None expected"),
            ("('a', 200, 'x')", "headers: dict, list or None expected"),
            ("('a', 200, ['x'])", "headers must be a dict, or a list of pairs"),
            ("('a', {'X': 'a\\nb'})", "headers must not contain"),
            ("{'a': float('nan')}", "data has a value that JSON does not know"),
            ("iter([1])", "object with buffer protocol required"),
        ],
    )
    def test_nonsense(self, run: Run, value: str, complaint: str) -> None:
        answer, program = answer_of(run, f"def callback(req):\n return {value}")
        assert answer.status_code == 500
        program.expect("uhttpd: the callback of /a raised")
        program.expect(complaint)

    def test_what_is_returned_after_an_answer_does_not_count(self, run: Run) -> None:
        answer, _ = answer_of(run, "def callback(req):\n req.write('first')\n return 'second'")
        assert answer.text == "first"


class TestAnswers:
    def test_redirect(self, run: Run) -> None:
        answer, _ = answer_of(run, "def callback(req):\n return uhttpd.redirect('/b?c', 303)")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/b?c")

    @pytest.mark.parametrize(
        ("call", "status", "text"),
        [
            ("abort(409, 'not now')", 409, "not now"),
            ("abort(404)", 404, "404 Not Found"),
            ("HTTPException(410, 'gone')", 410, "gone"),
        ],
    )
    def test_abort(self, run: Run, call: str, status: int, text: str) -> None:
        raised = "raise " if call.startswith("HTTP") else ""
        answer, program = answer_of(run, f"def callback(req):\n {raised}uhttpd.{call}")
        assert (answer.status_code, answer.text) == (status, text)
        assert "raised" not in program.screen, "it is an answer, and no fault"

    @pytest.mark.parametrize("arguments", ["", "'text'", "1000", "404, object()"])
    def test_exception_of_abort_that_says_nothing(self, run: Run, arguments: str) -> None:
        answer, _ = answer_of(run, f"def callback(req):\n raise uhttpd.HTTPException({arguments})")
        assert answer.status_code == 500

    def test_cookies(self, run: Run) -> None:
        answer, _ = answer_of(
            run,
            """
def callback(req):
    answer = uhttpd.Response('x', headers={'X-A': 'b'})
    answer.set_cookie('id', 'a=b', 3600, '/', True, True, 'Strict')
    answer.set_cookie('old', '', max_age=0)
    return answer
""",
        )
        assert answer.headers["X-A"] == "b"
        assert answer.headers.get_list("Set-Cookie") == [
            "id=a=b; Max-Age=3600; Path=/; SameSite=Strict; Secure; HttpOnly",
            "old=; Max-Age=0",
        ]

    @pytest.mark.parametrize(
        ("call", "error"),
        [
            ("Response('', 99)", "ValueError: status must be 100 to 599"),
            ("Response('', 200, ['a'])", "TypeError: headers must be a dict, or a list of pairs"),
            ("Response().set_cookie('', 'a')", "ValueError: name must not be empty"),
            ("Response().set_cookie('a b', 'a')", "ValueError: name has a character"),
            ("Response().set_cookie('a=', 'a')", "ValueError: name has a character"),
            ("Response().set_cookie('a', 'b;c')", "ValueError: value has a character"),
            ("Response().set_cookie('a', 'ä')", "ValueError: value has a character"),
            ("Response().set_cookie('a', 'b', path='/;x')", "ValueError: path has a character"),
            ("Response().set_cookie('a', 'b', samesite='no')", "ValueError: samesite must be"),
            ("Response().set_cookie('a', 'b', samesite='None')", "ValueError: samesite: browsers"),
            ("Response().set_cookie('a', 'b\\r\\nX: y')", "ValueError: value must not contain"),
            ("redirect('/a\\nb')", "ValueError: url must not contain"),
            ("redirect('/', 200)", "ValueError: status must be 300 to 399"),
            ("abort(200)", "ValueError: status must be 400 to 599"),
            ("abort(404, 'a\\nb')", "ValueError: text must not contain"),
        ],
    )
    def test_wrong_arguments(self, run: Run, call: str, error: str) -> None:
        run(f"import uhttpd\nuhttpd.{call}", True).expect(error)
