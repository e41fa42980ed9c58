# SPDX-License-Identifier: MIT
"""Request: what a handler can learn about a request."""

from __future__ import annotations

import ast

import httpx
import pytest

from tests.support.program import Program
from tests.support.waiting import PATIENCE

from .sentences import checks

# /eval evaluates the expression in the header X of the request.
PROGRAM = """
import uhttpd
def evaluate(*args):
    req, = args
    value = eval(req.header('X'), {'req': req, 'args': args, 'httpd': httpd, 'uhttpd': uhttpd})
    req.write(repr(value), mime='text/plain')
httpd = uhttpd.Server(0)
httpd.route('/eval', uhttpd.GET | uhttpd.POST | uhttpd.DELETE, evaluate)
httpd.route('/all/*', uhttpd.GET, evaluate)
"""


def ask(
    board: Program,
    expression: str,
    path: str = "/eval",
    method: str = "GET",
    content: object = None,
) -> object:
    headers = {"X": expression}
    url = board.url(path)
    reply = httpx.request(method, url, headers=headers, content=content, timeout=PATIENCE)
    assert reply.status_code == 200
    return ast.literal_eval(reply.text)


@checks("route.url")
def test_a_url_and_a_wildcard(board: Program) -> None:
    assert ask(board, "req.path()", "/eval") == "/eval"
    assert ask(board, "req.path()", "/all/of/it") == "/all/of/it"
    assert board.get("/eval/more").status_code == 404


@checks("route.methods", "method.number")
@pytest.mark.parametrize("verb", ["GET", "POST", "DELETE"])
def test_verbs(board: Program, verb: str) -> None:
    assert ask(board, f"req.method() == uhttpd.{verb}", method=verb) is True
    assert isinstance(ask(board, "req.method()", method=verb), int)
    assert httpx.post(board.url("/all/x"), timeout=PATIENCE).status_code == 405


@checks("route.callback", "request.argument")
def test_the_argument(board: Program) -> None:
    assert ask(board, "len(args), type(req) is uhttpd.Request") == (1, True)


@checks("request.no_constructor")
def test_no_constructor(run) -> None:
    run("import uhttpd\nuhttpd.Request()\n").expect("TypeError: can't create 'Request' instances")


@checks("server_of.request")
def test_server(board: Program) -> None:
    assert ask(board, "req.server() is httpd") is True


@checks("uri.full", "path.bare")
def test_uri_and_path(board: Program) -> None:
    path = "/all/a%20b?c=%2F&d"
    assert ask(board, "req.uri(), req.path()", path) == (path, "/all/a%20b")


@checks("uri.full", "path.bare")
def test_a_fragment(board: Program) -> None:
    """Clients should not send it (RFC 9110 section 4.2.5), and httpx does not."""
    head = b"GET /all/a?b=c#d HTTP/1.0\r\nX: req.uri(), req.path(), req.query('b')\r\n\r\n"
    with board.connect(head) as client:
        assert client.read_to_end().endswith(repr(("/all/a?b=c#d", "/all/a", b"c")).encode())


@checks("length.header")
def test_length(board: Program) -> None:
    assert ask(board, "req.length()", method="POST", content=b"12345") == 5
    assert ask(board, "req.length()") == 0


@checks("query.value", "query.first", "query.bare", "query.none")
@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("?a=1", b"1"),
        ("?b=2&a=1", b"1"),
        ("?a=1&a=2", b"1"),
        ("?a&a=2", True),
        ("?a=", b""),
        ("?a", True),
        ("?b=a", None),
        ("?aa=1", None),
        ("", None),
        ("?a=%C3%BC+%2B", "ü +".encode()),
        ("?%61=1", b"1"),
    ],
)
def test_query(board: Program, query: str, value: object) -> None:
    assert ask(board, "req.query('a')", f"/eval{query}") == value


@checks("parse_qs.dict", "parse_qs.values", "parse_qs.last")
@pytest.mark.parametrize(
    ("query", "items"),
    [
        ("?a=1&b=2", {b"a": b"1", b"b": b"2"}),
        ("?a=1&a=2", {b"a": b"2"}),
        ("?a=1&a", {b"a": True}),
        ("?a&b=", {b"a": True, b"b": b""}),
        ("?%C3%BC=%2B+", {"ü".encode(): b"+ "}),
        ("", {}),
    ],
)
def test_parse_qs(board: Program, query: str, items: dict[bytes, object]) -> None:
    assert ask(board, "req.parse_qs()", f"/eval{query}") == items


@checks("read.at_most", "read.all", "read.bytes")
def test_read(board: Program) -> None:
    reads = "req.read(2), req.read(), req.read(), req.read(5)"
    assert ask(board, reads, method="POST", content=b"12345") == (b"12", b"345", b"", b"")
    assert ask(board, "req.read(-1)", method="POST", content=b"12345") == b"12345"
    assert ask(board, "req.read(len=99)", method="POST", content=b"12345") == b"12345"


@checks("read.all", "read.at_most")
def test_read_while_the_body_is_still_arriving(run) -> None:
    board = run("""
import uhttpd
def read(req):
    print('first', req.read(3))
    print('rest', req.read())
    req.write('done')
httpd = uhttpd.Server(0, body_buffer=0)
httpd.route('/', uhttpd.POST, read)
print('PORT', httpd.port())
input()
""")
    client = board.connect(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
    board.expect("first b'123'")
    client.send(b"67890")
    board.expect("rest b'4567890'")


@checks("readinto.at_most", "readinto.number")
def test_readinto(board: Program) -> None:
    reads = "(lambda b: (req.readinto(b), bytes(b), req.readinto(b), bytes(b), req.readinto(b)))"
    asked = ask(board, f"{reads}(bytearray(4))", method="POST", content=b"12345")
    assert asked == (4, b"1234", 1, b"5234", 0)
