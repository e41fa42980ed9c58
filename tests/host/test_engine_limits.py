# SPDX-License-Identifier: MIT
"""Limits of request lines and header blocks."""

import pytest


def ask(server, head):
    client = server.connect()
    client.send(head)
    return client.response()


def target_of(length):
    return "/query?" + "q" * (length - len("/query?"))


def test_longest_target(server):
    target = target_of(496)
    assert ask(server, f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n").text.endswith(target)


def test_longer_target(server):
    assert ask(server, f"GET {target_of(497)} HTTP/1.1\r\nHost: x\r\n\r\n").code == 414


def test_longest_target_without_headers(server):
    assert ask(server, f"GET {target_of(495)} HTTP/1.1\r\n\r\n").code == 200
    assert ask(server, f"GET {target_of(496)} HTTP/1.1\r\n\r\n").code == 414


def test_uri_buffer_is_never_exceeded(start):
    server = start(uri_len=5000)
    assert ask(server, f"GET {target_of(512)} HTTP/1.1\r\nHost: x\r\n\r\n").code == 200
    assert ask(server, f"GET {target_of(513)} HTTP/1.1\r\nHost: x\r\n\r\n").code == 414
    assert ask(server, f"GET {target_of(4000)} HTTP/1.1\r\nHost: x\r\n\r\n").code == 414


def test_endless_request_line(server):
    client = server.connect()
    client.send("GET /" + "x" * 100_000)
    assert client.response().code == 414


def header_block(length):
    return "A: " + "a" * (length - len("A: \r\n\r\n")) + "\r\n\r\n"


@pytest.mark.parametrize("limit", [128, 1024, 3000])
def test_header_block(start, limit):
    server = start(hdr_len=limit)
    assert ask(server, "GET /hello HTTP/1.1\r\n" + header_block(limit)).code == 200
    assert ask(server, "GET /hello HTTP/1.1\r\n" + header_block(limit + 1)).code == 431


def test_header_block_in_pieces(server):
    client = server.connect()
    head = ("GET /hello HTTP/1.1\r\n" + header_block(1025)).encode()
    for i in range(0, len(head), 100):
        client.send(head[i : i + 100])
    assert client.response().code == 431


def test_endless_header(server):
    client = server.connect()
    client.send("GET /hello HTTP/1.1\r\nA: " + "a" * 100_000)
    assert client.response().code == 431


def test_many_tiny_headers(server):
    assert ask(server, "GET /hello HTTP/1.1\r\n" + "a:\n" * 340 + "\r\n").code == 200
    assert ask(server, "GET /hello HTTP/1.1\r\n" + "a:\n" * 342 + "\r\n").code == 431


def test_body_does_not_count_as_header(server):
    body = "b" * 5000
    assert server.connect().request("/echo", "POST", body=body).text == body


@pytest.mark.parametrize("code", [414, 431])
def test_input_that_nobody_reads_does_not_reset_the_connection(server, code):
    client = server.connect()
    assert client.request("/hello").code == 200
    server.command("hold")
    begin = "GET /" if code == 414 else "GET /hello HTTP/1.1\r\nA: "
    client.send(begin + "x" * 20_000)
    server.command("release")
    response = client.response()
    assert response.code == code
    assert response.header("Connection") == "close"
    assert client.sock.recv(1) == b""
