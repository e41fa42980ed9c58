# SPDX-License-Identifier: MIT
"""A component on top: own requests through the receive override, own bytes on the socket."""

from concurrent.futures import ThreadPoolExecutor

ROUNDS = 200


def talk(server, seed):
    client = server.connect()
    for i in range(ROUNDS):
        kind = (seed + i) % 10
        if kind == 9:
            client.request("/end")
            assert client.is_closed()
            client = server.connect()
        elif kind == 8:
            client.send("GET /detached HTTP/1.1\r\n\r\n")
            client.close()
            client = server.connect()
        else:
            target = "/direct" if kind % 2 else "/detached"
            assert client.request(target).text == "ok"
    client.close()


def test_mixed_clients(start):
    server = start(gate=1, sockets=20)
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(talk, server, seed) for seed in range(8)]:
            done.result()
    last = server.finish()
    assert last["opened"] == last["closed"]


def test_more_clients_than_sessions(start):
    server = start(gate=1, sockets=4, lru=1)
    clients = [server.connect() for _ in range(8)]
    for client in reversed(clients[-4:]):
        assert client.request("/detached").text == "ok"
    assert all(client.is_closed() for client in clients[:-4])
    last = server.finish()
    assert last["opened"] == last["closed"] == 8
