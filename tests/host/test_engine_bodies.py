# SPDX-License-Identifier: MIT
"""Request bodies: read, left unread, badly framed."""

import pytest

HELLO = "GET /hello HTTP/1.1\r\n\r\n"


@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_body_comes_whole_however_it_is_read(server, piece):
    body = "".join(chr(ord("a") + i % 26) for i in range(3000))
    client = server.connect()
    assert client.request(f"/echo?piece={piece}", "POST", body=body).text == body
    assert client.request("/hello").text == "hello"


def test_body_in_pieces(server):
    client = server.connect()
    client.send("POST /echo HTTP/1.1\r\nContent-Length: 6\r\n\r\nab")
    client.send("cd")
    client.send("ef")
    assert client.response().text == "abcdef"


def test_large_body(server):
    body = "z" * 1_000_000
    assert server.connect().request("/echo", "POST", body=body).text == body


def test_handler_starts_before_the_body_arrives(server):
    client = server.connect()
    client.send("POST /read?n=0 HTTP/1.1\r\nContent-Length: 5\r\n\r\n")
    assert client.response().text == "read 0"
    client.send("12345" + HELLO)
    assert client.response().text == "hello"


@pytest.mark.parametrize("n", [0, 10])
@pytest.mark.parametrize("size", [20, 5000, 300_000])
def test_what_is_left_unread_is_thrown_away(server, n, size):
    client = server.connect()
    body = (HELLO * (size // len(HELLO) + 1))[:size]
    assert client.request(f"/read?n={n}", "POST", body=body).text == f"read {n}"
    assert client.request("/any").text == "1 0"
    assert client.is_silent()


def test_body_that_is_not_read_and_does_not_come_holds_nobody_up(server):
    client = server.connect()
    client.send("POST /read?n=0 HTTP/1.1\r\nContent-Length: 5\r\n\r\n12")
    assert client.response().text == "read 0"
    assert server.get("/hello").text == "hello"
    client.send("345" + HELLO)
    assert client.response().text == "hello"


def test_client_that_leaves_within_its_body(server):
    client = server.connect()
    client.send("POST /echo HTTP/1.1\r\nContent-Length: 500\r\n\r\nabc")
    client.close()
    assert server.get("/hello").text == "hello"


def test_body_that_stops_coming_is_a_time_out_for_the_handler(start):
    client = start(recv_timeout=1).connect()
    client.send("POST /echo HTTP/1.1\r\nContent-Length: 500\r\n\r\nabc")
    assert client.is_closed()


def test_chunked_body_is_refused_and_never_taken_for_a_request(server):
    client = server.connect()
    smuggled = f"{len(HELLO):x}\r\n{HELLO}\r\n0\r\n\r\n"
    client.send(f"POST /any HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{smuggled}{HELLO}")
    response = client.response()
    assert response.code == 411
    assert client.is_closed()


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5x\r\n",
        "Content-Length: -5\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: chunked, gzip\r\n",
    ],
)
def test_doubtful_framing(server, headers):
    client = server.connect()
    client.send(f"POST /any HTTP/1.1\r\n{headers}\r\n12345{HELLO}")
    assert client.response().code == 400
    assert client.is_closed()


EXPECT = "Expect: 100-continue\r\n"


def test_continue_is_said_when_the_handler_reads(server):
    client = server.connect()
    client.send(f"POST /echo HTTP/1.1\r\n{EXPECT}Content-Length: 3\r\n\r\n")
    assert client.response().code == 100
    client.send("abc")
    assert client.response().text == "abc"
    assert client.request("/hello").text == "hello"


def test_continue_is_not_said_when_the_body_is_there(server):
    client = server.connect()
    assert client.request("/echo", "POST", headers=EXPECT, body="abc").text == "abc"


def test_connection_ends_where_continue_was_never_said(server):
    client = server.connect()
    client.send(f"POST /read?n=0 HTTP/1.1\r\n{EXPECT}Content-Length: 3\r\n\r\n")
    response = client.response()
    assert response.text == "read 0"
    assert response.header("Connection") == "close"
    assert client.is_closed()


def test_expectation_without_a_body(server):
    client = server.connect()
    assert client.request("/hello", headers=EXPECT).text == "hello"
    assert client.request("/hello").text == "hello"
