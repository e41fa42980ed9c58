# SPDX-License-Identifier: MIT
"""Requests that arrive behind each other."""

REQUEST = "GET /query?{} HTTP/1.1\r\nHost: x\r\n\r\n"


def test_requests_in_one_segment_are_all_answered_in_order(server):
    client = server.connect()
    client.send("".join(REQUEST.format(i) for i in range(100)))
    for i in range(100):
        assert client.response().text.endswith(f"/query?{i}")
    assert client.is_silent()


def test_one_client_does_not_keep_the_others_waiting(server):
    pipeliner, other = server.connect(), server.connect()
    pipeliner.send("".join(REQUEST.format(i) for i in range(2000)))
    assert other.request("/hello").text == "hello"
    for i in range(2000):
        assert pipeliner.response().text.endswith(f"/query?{i}")


def test_request_cut_in_the_middle(server):
    client = server.connect()
    text = REQUEST.format("first") + REQUEST.format("second")
    client.send(text[:-10])
    assert client.response().text.endswith("first")
    client.send(text[-10:])
    assert client.response().text.endswith("second")


def test_bodies_between_requests(server):
    client = server.connect()
    post = "POST /echo HTTP/1.1\r\nContent-Length: {}\r\n\r\n{}"
    bodies = ["", "a", "GET /hello HTTP/1.1\r\n\r\n", "x" * 5000]
    client.send("".join(post.format(len(body), body) for body in bodies) + REQUEST.format("end"))
    for body in bodies:
        assert client.response().text == body
    assert client.response().text.endswith("end")


def test_nothing_is_answered_after_connection_close(server):
    client = server.connect()
    client.send("GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n" + REQUEST.format("never"))
    assert client.response().text == "hello"
    assert client.is_closed()


def test_behind_a_detached_request(server):
    client = server.connect()
    client.send("GET /detached?ms=50 HTTP/1.1\r\n\r\n" + REQUEST.format("behind"))
    assert client.response().text.startswith("/detached")
    assert client.response().text.endswith("behind")
