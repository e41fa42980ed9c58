# SPDX-License-Identifier: MIT
"""Requests that leave their handler for another thread."""

import pytest


def test_worker_sees_the_request_and_answers(server):
    client = server.connect()
    response = client.request("/detached?a=b", headers="X-Who: me\r\n")
    assert response.text == "/detached?a=b|me|0"
    assert response.header("X-From") == "worker"


def test_connection_goes_on_afterwards(server):
    client = server.connect()
    for i in range(20):
        assert client.request(f"/detached?{i}").text == f"/detached?{i}||0"
        assert client.request("/hello").text == "hello"
    assert server.counts()["opened"] == 1


def test_others_are_served_meanwhile(server):
    held = server.connect()
    held.send("GET /hold HTTP/1.1\r\n\r\n")
    for _ in range(3):
        assert server.get("/hello").text == "hello"
    assert server.command("complete") == "1"
    assert held.response().text == "held"


def test_request_sent_meanwhile_is_answered_afterwards(server):
    client = server.connect()
    client.send("GET /hold HTTP/1.1\r\n\r\n")
    assert server.get("/hello").text == "hello"
    client.send("GET /hello HTTP/1.1\r\n\r\n")
    assert server.get("/hello").text == "hello"
    assert client.is_silent()
    server.command("complete")
    assert client.response().text == "held"
    assert client.response().text == "hello"


@pytest.mark.parametrize("size", [10, 100_000])
def test_worker_reads_the_body(server, size):
    client = server.connect()
    body = "b" * size
    assert (
        client.request("/detached?read=1", "POST", body=body).text == f"/detached?read=1||{size}"
    )
    assert client.request("/hello").text == "hello"


@pytest.mark.parametrize("size", [10, 100_000])
def test_body_that_the_worker_leaves_is_no_request(server, size):
    client = server.connect()
    body = ("GET /hello HTTP/1.1\r\n\r\n" * size)[:size]
    assert client.request("/detached", "POST", body=body).text == "/detached||0"
    assert client.request("/any").text == "1 0"
    assert client.is_silent()


def test_http_1_0_ends_with_completion(server):
    client = server.connect()
    client.send("GET /detached HTTP/1.0\r\n\r\n")
    assert client.response().text == "/detached||0"
    assert client.is_closed()


@pytest.mark.parametrize("end", ["shutdown", "trigger"])
def test_worker_ends_the_connection(server, end):
    client = server.connect()
    assert client.request(f"/detached?end={end}").code == 200
    assert client.is_closed()
    assert server.get("/hello").text == "hello"
    last = server.finish()
    assert last["closed"] == last["opened"] == 2


def test_client_that_left_meanwhile(server):
    client = server.connect()
    client.send("GET /hold HTTP/1.1\r\n\r\n")
    assert server.get("/hello").text == "hello"
    client.close()
    assert server.get("/hello").text == "hello"
    server.await_count("closed", 2)
    server.command("complete silent")
    assert server.get("/hello").text == "hello"
    assert server.finish()["closed"] == 4


def test_handler_that_fails_after_detaching(server):
    client = server.connect()
    client.send("GET /detached?ms=100&fail=1 HTTP/1.1\r\n\r\n")
    client.read_to_end()
    assert server.get("/hello").text == "hello"
    last = server.finish()
    assert last["closed"] == last["opened"] == 2


def test_trigger_close_spares_the_owner(server):
    client = server.connect()
    fd = client.request("/fd").text
    client.send("GET /hold HTTP/1.1\r\n\r\n")
    assert server.get("/hello").text == "hello"
    assert server.command(f"trigger_close {fd}") == "ESP_OK"
    assert client.is_closed()
    others = {server.get("/fd").text for _ in range(5)}
    assert fd not in others
    server.await_count("closed", 6)
    server.command("complete silent")
    assert server.finish()["closed"] == 7
