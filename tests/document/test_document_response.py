# SPDX-License-Identifier: MIT
"""Request: how a handler answers."""

from __future__ import annotations

import httpx
import pytest

from tests.support.program import Program
from tests.support.waiting import PATIENCE

from .sentences import checks

# /do runs the statements in the body.
PROGRAM = """
import uhttpd
def do(req):
    exec(req.read().decode(), {'req': req, 'uhttpd': uhttpd})
httpd = uhttpd.Server(0)
httpd.route('/do', uhttpd.POST, do)
"""

TEXTS = ["'{}'", "b'{}'", "bytearray(b'{}')", "memoryview(b'{}')"]


def do(board: Program, statements: str) -> httpx.Response:
    return httpx.post(board.url("/do"), content=statements, timeout=PATIENCE)


def raw(board: Program, statements: str) -> bytes:
    """Returns all bytes of the response, to the end of the connection."""
    content = statements.encode()
    head = f"POST /do HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(content)}"
    return board.connect(head.encode() + b"\r\n\r\n" + content).read_to_end()


def error_of(board: Program, answer: str, again: str) -> str:
    """Returns what a second call raises after a first one has answered."""
    statements = f"{answer}\ntry:\n    {again}\nexcept Exception as error:\n    print(repr(error))"
    raw(board, statements)
    return board.expect(r"\w+Error\(.*\)\n")


@checks("write.data")
@pytest.mark.parametrize("form", TEXTS)
def test_data(board: Program, form: str) -> None:
    assert do(board, f"req.write({form.format('hello')})").text == "hello"


@checks("write.status", "write.mime")
def test_defaults(board: Program) -> None:
    assert raw(board, "req.write('')").startswith(b"HTTP/1.1 200 OK\r\n")
    reply = do(board, "req.write('')")
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Access-Control-Allow-Origin" not in reply.headers


@checks("write.status")
@pytest.mark.parametrize("form", TEXTS)
def test_status(board: Program, form: str) -> None:
    status = form.format("418 I am a teapot")
    assert raw(board, f"req.write('', {status})").startswith(b"HTTP/1.1 418 I am a teapot\r\n")


@checks("write.mime")
@pytest.mark.parametrize("form", TEXTS)
def test_mime(board: Program, form: str) -> None:
    reply = do(board, f"req.write('', None, {form.format('any/thing; at=all')})")
    assert reply.headers["Content-Type"] == "any/thing; at=all"


@checks("write.headers")
@pytest.mark.parametrize("form", TEXTS[:2])
def test_headers(board: Program, form: str) -> None:
    headers = f"{{{form.format('X-One')}: {form.format('1')}, 'X-Two': bytearray(b'2')}}"
    reply = do(board, f"req.write('', None, None, {headers})")
    assert (reply.headers["X-One"], reply.headers["X-Two"]) == ("1", "2")


@checks("write.allow_cors", "write.allow_cors_twice")
@pytest.mark.parametrize(
    "call",
    [
        "req.write('', allow_cors={})",
        "req.send_chunk('', allow_cors={}); req.send_chunk(None)",
    ],
)
def test_allow_cors(run, call: str) -> None:
    """If the server does so anyway, asking for it does no harm."""
    for cors in (False, True):
        program = PROGRAM.replace("Server(0)", f"Server(0, cors={cors})")
        board = run(f"{program}print('PORT', httpd.port())\ninput()\n")
        for allow in (False, True):
            reply = do(board, call.format(allow))
            expected = ["*"] if cors or allow else []
            assert reply.headers.get_list("Access-Control-Allow-Origin") == expected


@checks("write.once")
@pytest.mark.parametrize(
    "first", ["req.write('a')", "req.send_chunk('a')", "req.send('HTTP/1.1 200 OK\\r\\n\\r\\n')"]
)
def test_write_once(board: Program, first: str) -> None:
    assert "answered already" in error_of(board, first, "req.write('again')")


@checks("send_chunk.chunked", "send_chunk.none")
def test_chunks(board: Program) -> None:
    answer = raw(board, "req.send_chunk('one')\nreq.send_chunk(b'three')\nreq.send_chunk(None)")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"transfer-encoding: chunked" in head.lower()
    assert b"content-length" not in head.lower()
    assert body == b"3\r\none\r\n5\r\nthree\r\n0\r\n\r\n"


@checks("send_chunk.first", "send_chunk.later")
def test_arguments_of_chunks(board: Program) -> None:
    reply = do(
        board,
        "req.send_chunk('a', '201 Created', 'text/plain', {'X-One': '1'}, True)\n"
        "req.send_chunk('b', '500 Late', 'text/late', {'X-Two': '2'}, False)\n"
        "req.send_chunk(None, '500 Late')",
    )
    assert (reply.status_code, reply.text) == (201, "ab")
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert reply.headers["X-One"] == "1"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Two" not in reply.headers


@checks("send_chunk.none")
@pytest.mark.parametrize("again", ["req.send_chunk('again')", "req.send_chunk(None)"])
def test_nothing_after_the_last_chunk(board: Program, again: str) -> None:
    first = "req.send_chunk('a'); req.send_chunk(None)"
    assert "answered already" in error_of(board, first, again)


@checks("send_chunk.mandatory")
def test_without_the_last_chunk_the_response_is_not_whole(board: Program) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        do(board, "req.send_chunk('a')")


@checks("send.verbatim", "send.caller")
def test_verbatim(board: Program) -> None:
    pieces = ["HTTP/1.1 299 Odd\\r\\n", "X-Mine: 1\\r\\nContent-Length: 4\\r\\n\\r\\n", "body"]
    calls = "\n".join(f"req.send('{piece}')" for piece in pieces)
    answer = raw(board, calls)
    assert answer == b"HTTP/1.1 299 Odd\r\nX-Mine: 1\r\nContent-Length: 4\r\n\r\nbody"


@checks("send.verbatim")
@pytest.mark.parametrize("form", TEXTS)
def test_verbatim_of_any_kind(board: Program, form: str) -> None:
    assert raw(board, f"req.send({form.format('anything')})") == b"anything"
