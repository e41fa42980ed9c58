# SPDX-License-Identifier: MIT
"""Starting and stopping."""

import pytest

from .host_server import Client


def test_stop_closes_everything_once(server):
    clients = [server.connect() for _ in range(3)]
    for client in clients:
        client.request("/context?how=set&value=1")
    assert server.command("stop") == "ESP_OK"
    assert all(client.is_closed() for client in clients)
    counts = server.counts()
    assert counts["closed"] == counts["ctx_freed"] == counts["transport_freed"] == 3
    assert counts["global_freed"] == 1


def test_port_is_free_at_once(server):
    for _ in range(5):
        assert server.get("/hello").text == "hello"
        idle = server.connect()
        assert server.command("stop") == "ESP_OK"
        assert idle.is_closed()
        with pytest.raises(ConnectionRefusedError):
            server.connect()
        assert server.command("start") == f"port {server.port}"
    assert server.get("/hello").text == "hello"


def test_handlers_do_not_survive_a_stop(server):
    server.command("register /late 1")
    server.command("stop")
    server.command("start")
    assert server.get("/late").code == 404


def test_stop_from_a_handler_is_refused(server):
    assert server.get("/stop_inside").text == "ESP_ERR_INVALID_STATE"
    assert server.get("/hello").text == "hello"


def test_stop_waits_for_owners_and_cuts_their_connections(server):
    clients = [server.connect() for _ in range(3)]
    for client in clients:
        client.send("GET /detached?ms=300 HTTP/1.1\r\n\r\n")
    assert server.get("/hello").text == "hello"
    assert server.command("stop") == "ESP_OK"
    assert all(client.is_closed() for client in clients)
    assert server.counts()["closed"] == 4


def test_stop_under_load(server):
    for _ in range(10):
        clients = [server.connect() for _ in range(4)]
        for i, client in enumerate(clients):
            client.send(f"GET /detached?ms={i} HTTP/1.1\r\n\r\nGET /hello HTTP/1.1\r\n\r\n")
        assert server.command("stop") == "ESP_OK"
        for client in clients:
            client.read_to_end()
        assert server.command("start").startswith("port")


def test_taken_port(start):
    taken = start()
    assert start(port=taken.port).greeting == "ESP_FAIL EADDRINUSE"
    assert taken.get("/hello").text == "hello"


def test_address_of_no_interface(start):
    assert start(bind="192.0.2.1").greeting == "ESP_FAIL EADDRNOTAVAIL"


def test_address_that_is_none(start):
    assert start(bind="no such address").greeting.startswith("ESP_ERR_INVALID_ARG")


def test_too_many_sockets(start):
    assert start(sockets=5000).greeting.startswith("ESP_ERR_INVALID_ARG")


def test_loopback_unless_told_otherwise(server):
    assert server.get("/hello").text == "hello"
    with pytest.raises(OSError):
        Client(server.port, "127.0.0.2")


def test_all_interfaces(start):
    server = start(bind="0.0.0.0")
    client = Client(server.port, "127.0.0.2")
    assert client.request("/hello").text == "hello"
    client.close()


def test_both_kinds_of_addresses(start):
    server = start(bind="::")
    if server.greeting != f"port {server.port}":
        pytest.skip("no IPv6 here")
    for host in ("127.0.0.1", "::1"):
        client = Client(server.port, host)
        assert client.request("/hello").text == "hello"
        client.close()


def test_address_from_the_environment(start, monkeypatch):
    monkeypatch.setenv("ESP_HTTPD_BIND", "127.0.0.2")
    server = start()
    client = Client(server.port, "127.0.0.2")
    assert client.request("/hello").text == "hello"
    client.close()


def test_two_instances(server):
    another = Client(int(server.command("another")))
    first = server.connect()
    for _ in range(3):
        assert first.request("/hello").text == "hello"
        assert another.request("/late").text == "another"
    assert first.request("/late").code == 404
    assert server.command("stop") == "ESP_OK"
    assert another.request("/late").text == "another"
    another.close()
