# SPDX-License-Identifier: MIT
"""Contexts of sessions, their end, and who may cause it."""

import pytest


@pytest.mark.parametrize("how", ["request", "set", "keep"])
def test_context_lives_as_long_as_its_session(server, how):
    client = server.connect()
    assert client.request(f"/context?how={how}&value=5").text == "-1 5"
    assert client.request("/context").text == "5 5"
    assert server.counts()["ctx_freed"] == 0
    assert server.connect().request("/context").text == "-1 -1"
    client.close()
    assert server.finish()["ctx_freed"] == 1


@pytest.mark.parametrize("how", ["request", "set", "keep"])
def test_replaced_context_is_freed(server, how):
    client = server.connect()
    client.request(f"/context?how={how}&value=1")
    assert client.request(f"/context?how={how}&value=2").text == "1 2"
    assert client.request("/context").text == "2 2"
    assert server.counts()["ctx_freed"] == 1


def test_context_replaced_twice_in_one_handler(server):
    client = server.connect()
    client.request("/context?how=set&value=1")
    assert client.request("/context?how=twice&value=2").text == "1 3"
    assert client.request("/context").text == "3 3"
    assert server.counts()["ctx_freed"] == 2


def test_context_taken_away(server):
    client = server.connect()
    client.request("/context?how=set&value=1")
    assert client.request("/context?how=clear").text == "1 -1"
    assert client.request("/context").text == "-1 -1"
    assert server.counts()["ctx_freed"] == 1


@pytest.mark.parametrize("own_close", [0, 1])
def test_open_function_that_refuses(start, own_close):
    server = start(own_close=own_close)
    assert server.command("refuse 3") == "ok"
    assert all(server.connect().is_closed() for _ in range(3))
    assert server.get("/hello").text == "hello"
    last = server.finish()
    assert last["transport_freed"] == 4
    assert last["closed"] == (4 if own_close else 0)


@pytest.mark.parametrize("option", ["keep_alive", "linger"])
def test_socket_options(start, option):
    server = start(**{option: 1})
    assert server.get("/hello").text == "hello"


def test_client_list(server):
    assert server.command("clients 5") == "ESP_OK"
    clients = [server.connect() for _ in range(3)]
    fds = [client.request("/fd").text for client in clients]
    assert server.command("clients 5") == f"ESP_OK {' '.join(fds)}"
    assert server.command("clients 3") == f"ESP_OK {' '.join(fds)}"
    assert server.command("clients 2") == "ESP_ERR_INVALID_ARG"
    assert server.command("clients 0") == "ESP_ERR_INVALID_ARG"


def test_trigger_close(server):
    client, other = server.connect(), server.connect()
    fd = client.request("/fd").text
    assert server.command(f"trigger_close {fd}") == "ESP_OK"
    assert client.is_closed()
    assert server.command(f"trigger_close {fd}") == "ESP_ERR_NOT_FOUND"
    assert other.request("/hello").text == "hello"


def test_trigger_close_within_the_handler(server):
    client = server.connect()
    assert client.request("/close_me").text == "closing"
    assert client.is_closed()


def test_trigger_close_does_not_hit_a_newer_connection(start):
    """Closed twice, with a newcomer in between that gets slot and descriptor."""
    server = start(sockets=1)
    first = server.connect()
    fd = first.request("/fd").text
    server.command("hold")
    assert server.command(f"trigger_close {fd}") == "ESP_OK"
    assert server.command("queue 4") == "4"
    assert server.command(f"trigger_close {fd}") == "ESP_OK"
    second = server.connect()
    server.command("release")
    assert first.is_closed()
    assert second.request("/fd").text == fd
    assert second.request("/hello").text == "hello"


def test_socket_send(server):
    client = server.connect()
    fd = client.request("/fd").text
    assert server.command(f"socket_send {fd} news") == "4"
    assert client.read_exactly(4) == b"news"
    assert server.command("socket_send 9999 news") == "-2"


def test_socket_send_after_the_end(server):
    client = server.connect()
    fd = client.request("/fd").text
    client.request("/fail")
    assert client.is_closed()
    assert server.get("/hello").text == "hello"
    server.command("clients 5")
    assert server.command(f"socket_send {fd} news") in {"-2", "4"}
