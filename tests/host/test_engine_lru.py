# SPDX-License-Identifier: MIT
"""More clients than sessions."""


def opened(server, n):
    clients = []
    for _ in range(n):
        clients.append(server.connect())
        assert clients[-1].request("/hello").text == "hello"
    return clients


def test_without_purge_newcomers_wait(start):
    server = start(sockets=3)
    clients = opened(server, 3)
    late = server.connect()
    late.send("GET /hello HTTP/1.1\r\n\r\n")
    assert late.is_silent()
    clients[1].close()
    assert late.response().text == "hello"


def test_purge_takes_the_oldest(start):
    server = start(sockets=7, lru=1)
    clients = opened(server, 9)
    assert [client.is_closed() for client in clients[:2]] == [True, True]
    assert all(client.request("/hello").code == 200 for client in clients[2:])


def test_use_keeps_a_session(start):
    server = start(sockets=3, lru=1)
    clients = opened(server, 3)
    clients[0].request("/hello")
    opened(server, 1)
    assert clients[1].is_closed()
    assert clients[0].request("/hello").code == 200


def test_counter_by_hand(start):
    server = start(sockets=3, lru=1)
    clients = [server.connect() for _ in range(3)]
    fds = [client.request("/fd").text for client in clients]
    assert server.command(f"touch {fds[0]}") == "ESP_OK"
    assert server.command("touch 9999") == "ESP_ERR_NOT_FOUND"
    opened(server, 1)
    assert clients[1].is_closed()
    assert clients[0].request("/hello").code == 200


def test_silent_connections_go_in_order_of_arrival(start):
    server = start(sockets=3, lru=1)
    silent = [server.connect() for _ in range(3)]
    opened(server, 2)
    assert silent[0].is_closed()
    assert silent[1].is_closed()
    assert silent[2].request("/hello").code == 200


def test_detached_sessions_are_never_purged(start):
    server = start(sockets=3, lru=1)
    held = server.connect()
    held.send("GET /hold HTTP/1.1\r\n\r\n")
    opened(server, 10)
    server.command("complete")
    assert held.response().text == "held"


def test_all_sessions_detached_and_a_newcomer(start):
    server = start(sockets=2, lru=1)
    held = [server.connect() for _ in range(2)]
    for client in held:
        client.send("GET /hold HTTP/1.1\r\n\r\n")
        assert client.is_silent(0.1)
    late = server.connect()
    late.send("GET /hello HTTP/1.1\r\n\r\n")
    assert late.is_silent()
    assert server.command("complete") == "2"
    assert late.response().text == "hello"
    assert held[0].response().text == "held"
