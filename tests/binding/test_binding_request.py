# SPDX-License-Identifier: MIT
"""What a callback can learn about its request, and how it answers."""

from __future__ import annotations

import ast

import httpx
import pytest

from tests.support.program import Program, Run
from tests.support.waiting import PATIENCE

# Evaluates expressions about a request. The request has them in the header X or in its body.
PROGRAM = """
import uhttpd, time

def evaluate(req):
    expression = req.header('x') or req.read().decode()
    try:
        value = eval(expression, {'req': req, 'httpd': httpd, 'uhttpd': uhttpd})
    except Exception as error:
        value = type(error).__name__ + ': ' + str(error)
    req.write(repr(value), mime='text/plain')

def do(req):
    exec(req.read().decode(), {'req': req, 'uhttpd': uhttpd})

EVERY = (uhttpd.GET, uhttpd.POST, uhttpd.DELETE, uhttpd.PUT, uhttpd.PATCH, uhttpd.MOVE)
httpd = uhttpd.Server(0, routes=30, body_timeout=1, max_body=100000)
httpd.route('/evaluate*', sum(EVERY), evaluate)
httpd.route('/do', uhttpd.POST, do)
print('PORT', httpd.port())
try:
    input()
except EOFError:
    pass
"""


@pytest.fixture
def program(run: Run) -> Program:
    return run(PROGRAM)


def ask(
    program: Program, expression: str, path: str = "/evaluate", method: str = "GET", **more: object
) -> object:
    headers = [*more.pop("headers", []), ("X", expression)]
    response = httpx.request(method, program.url(path), headers=headers, timeout=PATIENCE, **more)
    assert response.status_code == 200
    return ast.literal_eval(response.text)


def do(program: Program, statements: str) -> httpx.Response:
    return httpx.post(program.url("/do"), content=statements.encode(), timeout=PATIENCE)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT", "PATCH", "MOVE"])
def test_method(program: Program, method: str) -> None:
    assert ask(program, f"req.method() == uhttpd.{method}", method=method) is True


def test_server(program: Program) -> None:
    assert ask(program, "req.server() is httpd") is True


def test_uri_and_path_are_as_sent(program: Program) -> None:
    path = "/evaluate/a%20b?c=%2F&d"
    assert ask(program, "(req.uri(), req.path())", path) == (path, "/evaluate/a%20b")


@pytest.mark.parametrize(
    ("body", "length"), [(b"", 0), (b"12345", 5), (iter([b"12", b"345"]), -1)]
)
def test_length(program: Program, body: object, length: int) -> None:
    asked = ask(program, "(req.length(), req.read())", method="POST", content=body)
    assert asked == (length, b"12345" if length else b"")


def test_remote(program: Program) -> None:
    assert ask(program, "req.remote()") == "127.0.0.1"


def test_header_of_any_case_or_none(program: Program) -> None:
    headers = [("X-Some", "1"), ("x-some", "2")]
    asked = "[req.header(n) for n in ('x-SOME', b'X-Some', bytearray(b'x-some'), 'X-Other')]"
    assert ask(program, asked, headers=headers) == ["1", "1", "1", None]


def test_repeated_headers_are_joined(program: Program) -> None:
    headers = [("X-Some", "1"), ("x-some", "2")]
    asked = ask(program, "req.headers()", headers=headers)
    assert asked["x-some"] == "1, 2"
    assert asked["host"] == f"127.0.0.1:{program.port}"
    assert asked["x"] == "req.headers()"


def test_body_is_there_when_the_callback_is_called(run: Run) -> None:
    """A slow client keeps no worker waiting, not even the only one."""
    program = run(
        """
import uhttpd
def echo(req):
    print('CALLED')
    req.write(req.read())
httpd = uhttpd.Server(0, workers=1, body_buffer=1000)
httpd.route('/', uhttpd.POST, echo)
httpd.route('/other', uhttpd.GET, lambda req: req.write('fine'))
print('PORT', httpd.port())
input()
"""
    )
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
    slow = program.connect(head + b"12345")
    assert program.get("/other").text == "fine"
    slow.send(b"67890")
    assert slow.response().text == "1234567890"


def test_many_headers_of_one_name_are_joined_once(run: Run) -> None:
    """Counted in bytes that are allocated: joined one by one, 5000 values would take 50 MB."""
    program = run(
        """
import gc, uhttpd
def look(req):
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    value = req.headers()['a']
    used = gc.mem_alloc() - before
    gc.enable()
    req.write('%d %d' % (len(value), used))
httpd = uhttpd.Server(0, max_header=65535)
httpd.route('/', uhttpd.GET, look)
print('PORT', httpd.port())
input()
"""
    )
    client = program.connect(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a:bc\r\n" * 5000 + b"\r\n")
    length, used = map(int, client.response().text.split())
    assert length == 4 * 5000 - 2
    assert used < 2_000_000


def test_header_that_is_not_utf8_is_latin1(program: Program) -> None:
    client = program.connect(
        b"GET /evaluate HTTP/1.0\r\nHost: x\r\nX: (req.header('a'), req.headers()['b'])\r\n"
        b"A: gr\xfc\xdfe\r\nB: gr\xc3\xbc\xc3\x9fe\r\n\r\n"
    )
    assert ast.literal_eval(client.response().text) == ("grüße", "grüße")


@pytest.mark.parametrize(
    ("query", "key", "value"),
    [
        ("?a=1", "'a'", b"1"),
        ("?a=1&a=2", "'a'", b"1"),
        ("?a", "'a'", True),
        ("?a=", "'a'", b""),
        ("?b", "'a'", None),
        ("", "'a'", None),
        ("?", "''", None),
        ("?x+y=p%20q+r", "b'x y'", b"p q r"),
        ("?%61=%00%ff", "memoryview(b'a')", b"\0\xff"),
        ("?a=%2&b=%zz", "'b'", b"%zz"),
    ],
)
def test_query(program: Program, query: str, key: str, value: object) -> None:
    request = f"GET /evaluate{query} HTTP/1.0\r\nHost: x\r\nX: req.query({key})\r\n\r\n"
    assert ast.literal_eval(program.connect(request.encode()).response().text) == value


def test_parse_qs(program: Program) -> None:
    asked = ask(program, "req.parse_qs()", "/evaluate?a=1&b&a=2&&c=&%64=%3D&b=x")
    assert asked == {b"a": b"2", b"b": b"x", b"c": b"", b"d": b"="}
    assert ask(program, "req.parse_qs()") == {}


@pytest.mark.parametrize("chunked", [False, True])
def test_read_in_pieces(program: Program, chunked: bool) -> None:
    body = bytes(range(256)) * 40
    asked = "[req.read(n) for n in (0, 10, 5000, 10**9, 10, -1)]"
    content = iter([body[:7], body[7:9000], body[9000:]]) if chunked else body
    pieces = ask(program, asked, method="POST", content=content)
    assert pieces == [b"", body[:10], body[10:5010], body[5010:], b"", b""]


@pytest.mark.parametrize("chunked", [False, True])
def test_read_all(program: Program, chunked: bool) -> None:
    body = bytes(range(256)) * 300
    content = iter([body]) if chunked else body
    assert ask(program, "req.read()", method="POST", content=content) == body


def test_readinto(program: Program) -> None:
    asked = "[(lambda b: (req.readinto(b), bytes(b)))(bytearray(n)) for n in (4, 0, 4, 4)]"
    pieces = ask(program, asked, method="POST", content=b"123456")
    assert pieces == [(4, b"1234"), (0, b""), (2, b"56\0\0"), (0, bytes(4))]
    view = "(lambda b: (req.readinto(memoryview(b)[2:4]), bytes(b)))(bytearray(6))"
    assert ask(program, view, method="POST", content=b"123456") == (2, b"\0\x0012\0\0")


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("req.read('1')", "TypeError: len: int expected"),
        ("req.readinto(b'1')", "TypeError: buffer: writable buffer expected"),
        ("req.readinto(5)", "TypeError: buffer: writable buffer expected"),
        ("req.query(5)", "TypeError: key: str or bytes-like expected"),
        ("req.header(None)", "TypeError: name: str or bytes-like expected"),
        ("req.write()", "TypeError: write() needs 'data'"),
        ("req.write(None)", "TypeError: data: str, bytes-like, dict or list expected"),
        ("req.write({1})", "TypeError: data: str, bytes-like, dict or list expected"),
        ("req.write('', status=99)", "ValueError: status must be 100 to 599"),
        ("req.write('', status=600)", "ValueError: status must be 100 to 599"),
        (
            "req.write('', status=1.5)",
            "TypeError: status: int, str, bytes-like or None expected",
        ),
        ("req.write('', status='2\\n')", "ValueError: status must not contain CR, LF or NUL"),
        (
            "req.write('', 'text/plain')",
            "ValueError: status must begin with a number of three digits; give a type as mime=",
        ),
        ("req.write('', mime='a\\r')", "ValueError: mime must not contain CR, LF or NUL"),
        ("req.write('', mime='a\\0')", "ValueError: mime must not contain CR, LF or NUL"),
        ("req.write('', mime=5)", "TypeError: mime: str, bytes-like or None expected"),
        (
            "req.write('', headers='x')",
            "TypeError: headers: dict, list or None expected",
        ),
        ("req.write('', headers={'a': 5})", "TypeError: headers: str or bytes-like expected"),
        ("req.write('', headers={5: 'a'})", "TypeError: headers: str or bytes-like expected"),
        (
            "req.write('', headers={'a': 'b\\r\\nc: d'})",
            "ValueError: headers must not contain CR, LF or NUL",
        ),
        (
            "req.write('', headers={'a\\nb': 'c'})",
            "ValueError: headers must not contain CR, LF or NUL",
        ),
        ("req.send_chunk(5)", "TypeError: data: str, bytes-like, dict, list or None expected"),
        ("req.send(None)", "TypeError: data: str or bytes-like expected"),
    ],
)
def test_wrong_arguments(program: Program, expression: str, error: str) -> None:
    asked = httpx.post(program.url("/evaluate"), content=expression, timeout=PATIENCE)
    assert ast.literal_eval(asked.text) == error


@pytest.mark.parametrize("status", ["'OK'", "''", "'2'", "b'abc def'", "'2000'", "'099 x'"])
def test_status_without_a_number_is_refused(program: Program, status: str) -> None:
    asked = httpx.post(
        program.url("/evaluate"), content=f"req.write('', status={status})", timeout=PATIENCE
    )
    assert "ValueError: status must begin with a number" in asked.text


@pytest.mark.parametrize("value", ["status='200 \\x01'", "mime='\\x7f'", "headers={'a': '\\x1b'}"])
def test_control_characters_are_refused(program: Program, value: str) -> None:
    asked = httpx.post(
        program.url("/evaluate"), content=f"req.write('', {value})", timeout=PATIENCE
    )
    assert "or has a control character" in asked.text


@pytest.mark.parametrize("name", ["", "a b", "a:", "Content-Length", "Transfer-Encoding"])
def test_headers_that_would_break_the_response_are_refused(program: Program, name: str) -> None:
    expression = f"req.write('', headers={{{name!r}: '5'}})"
    asked = httpx.post(program.url("/evaluate"), content=expression, timeout=PATIENCE)
    assert "ValueError: a header is malformed or the server's own" in asked.text


def test_write_with_everything(program: Program) -> None:
    response = do(
        program,
        "req.write(bytearray(b'body'), '404 Not Here', b'text/x', "
        "{'X-A': b'1', b'X-B': memoryview(b'2')}, True)",
    )
    assert (response.status_code, response.reason_phrase) == (404, "Not Here")
    assert response.content == b"body"
    expected = {
        "Content-Type": "text/x; charset=utf-8",
        "Content-Length": "4",
        "X-A": "1",
        "X-B": "2",
        "Access-Control-Allow-Origin": "*",
    }
    assert {name: response.headers.get(name) for name in expected} == expected


def test_write_with_defaults(program: Program) -> None:
    response = do(program, "req.write('grüße')")
    assert (response.status_code, response.reason_phrase) == (200, "OK")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.content == "grüße".encode()
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [("201", 201, "Created"), ("b'299 Odd'", 299, "Odd"), ("499", 499, "Client Error")],
)
def test_status(program: Program, status: str, code: int, reason: str) -> None:
    response = do(program, f"req.write('', status={status})")
    assert (response.status_code, response.reason_phrase) == (code, reason)


def test_chunks(program: Program) -> None:
    response = do(
        program,
        "req.send_chunk('a', status=202, mime='text/plain', headers={'X': 'y'})\n"
        "req.send_chunk(b'')\nreq.send_chunk(bytearray())\n"
        "req.send_chunk(b'bc' * 3000, status='ignored')\nreq.send_chunk(None)",
    )
    assert response.status_code == 202
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert (response.headers["Content-Type"], response.headers["X"]) == (
        "text/plain; charset=utf-8",
        "y",
    )
    assert response.content == b"a" + b"bc" * 3000


def test_send_is_verbatim(program: Program) -> None:
    response = do(
        program,
        "req.send('HTTP/1.1 299 Mine\\r\\nX: ')\n"
        "req.send(b'y\\r\\nContent-Length: 2\\r\\n\\r\\nok')",
    )
    assert (response.status_code, response.headers["X"], response.text) == (299, "y", "ok")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("req.write('first')", "req.write('second')"),
        ("req.write('first')", "req.send_chunk('second')"),
        ("req.write('first')", "req.send('second')"),
        ("req.send_chunk('first'); req.send_chunk(None)", "req.write('second')"),
        ("req.send_chunk('first'); req.send_chunk(None)", "req.send_chunk('second')"),
    ],
)
def test_second_answer_raises(program: Program, first: str, second: str) -> None:
    response = do(program, f"{first}\ntry:\n {second}\nexcept RuntimeError as e:\n print('E', e)")
    assert response.text == "first"
    assert "the request has been answered already" in program.expect("E .*\n")


READER = """
import uhttpd
def read(req):
    try:
        req.read()
    except OSError as error:
        print('ERRNO', error.errno)
        raise
    req.write('read')
httpd = uhttpd.Server(0, body_timeout=0.5, max_body=1000)
httpd.route('/', uhttpd.POST, read)
print('PORT', httpd.port())
input()
"""
EIO, EFBIG, ECONNRESET, ETIMEDOUT = 5, 27, 104, 110


def test_body_that_stalls_times_out(run: Run) -> None:
    program = run(READER)
    program.connect(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n12345")
    client = program.connect(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n12345")
    program.expect(f"ERRNO {ETIMEDOUT}\r?\n")
    assert client.receive(100).startswith(b"HTTP/1.1 ")


def test_body_that_is_cut_off_raises(run: Run) -> None:
    program = run(READER)
    program.connect(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n12345").close()
    program.expect(f"ERRNO ({EIO}|{ECONNRESET})\r?\n")


def test_malformed_chunks_raise(run: Run) -> None:
    program = run(READER)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    program.connect(head + b"5\r\n12345\r\nzz\r\n")
    program.expect(f"ERRNO {EIO}\r?\n")


def test_too_many_chunks_raise(run: Run) -> None:
    program = run(READER)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    program.connect(head + b"400\r\n" + bytes(1024) + b"\r\n0\r\n\r\n")
    program.expect(f"ERRNO {EFBIG}\r?\n")


def test_body_that_is_too_long_gets_413(run: Run) -> None:
    program = run(READER)
    assert httpx.post(program.url("/"), content=bytes(1001), timeout=PATIENCE).status_code == 413
    assert httpx.post(program.url("/"), content=bytes(1000), timeout=PATIENCE).text == "read"
