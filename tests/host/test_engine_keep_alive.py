# SPDX-License-Identifier: MIT
"""When a connection stays, and when it ends."""

import pytest


def test_connection_stays(server):
    client = server.connect()
    fds = {client.request("/fd").text for _ in range(5)}
    assert len(fds) == 1
    assert server.counts()["opened"] == 1


@pytest.mark.parametrize(
    "request_",
    [
        "GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET /hello HTTP/1.1\r\nConnection: Foo, Close\r\n\r\n",
        "GET /hello HTTP/1.0\r\n\r\n",
        "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    ],
)
def test_connection_ends_after_the_response(server, request_):
    client = server.connect()
    client.send(request_)
    response = client.response()
    assert response.text == "hello"
    assert response.header("Connection") == "close"
    assert client.is_closed()


def test_handler_that_fails_ends_the_connection(server):
    client = server.connect()
    assert client.request("/fail").text == "and good-bye"
    assert client.is_closed()


def test_request_without_any_header(server):
    client = server.connect()
    for _ in range(3):
        client.send("GET /hello HTTP/1.1\r\n\r\n")
        assert client.response().text == "hello"
    assert client.is_silent()


def test_bare_line_feeds(server):
    client = server.connect()
    client.send("GET /header?name=A HTTP/1.1\nA: b\n\n")
    assert client.response().text == "1|ESP_OK|b"
    assert client.request("/hello").text == "hello"


def test_blank_lines_between_requests(server):
    client = server.connect()
    client.send("\r\n\r\nGET /hello HTTP/1.1\r\n\r\n\r\n\r\n")
    assert client.response().text == "hello"
    client.send("\r\n")
    assert client.is_silent()
    assert server.get("/hello").text == "hello"
    assert client.request("/hello").text == "hello"


def test_half_closed_client_gets_its_answer(server):
    client = server.connect()
    client.send("GET /hello HTTP/1.1\r\n\r\n")
    client.sock.shutdown(1)
    assert client.response().text == "hello"
    assert client.is_closed()


def test_idle_connections_cost_nobody_anything(server):
    idle = [server.connect() for _ in range(4)]
    assert all(client.request("/hello").code == 200 for client in idle)
    assert server.get("/hello").code == 200
    assert all(client.request("/hello").code == 200 for client in reversed(idle))
