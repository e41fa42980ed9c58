# SPDX-License-Identifier: MIT
"""Functions that any thread may call, called by several while clients come and go."""

from concurrent.futures import ThreadPoolExecutor


def visit(server, stop):
    answered = 0
    while not stop.done():
        client = server.connect()
        for target in ("/hello", "/detached", "/context?how=set"):
            client.send(f"GET {target} HTTP/1.1\r\nConnection: close\r\n\r\n")
            answered += b"200 OK" in client.read_to_end()
            client.close()
            client = server.connect()
        client.close()
    return answered


def test_storm(start):
    server = start(sockets=10)
    with ThreadPoolExecutor(5) as pool:
        stop = pool.submit(server.command, "storm 3000")
        visitors = [pool.submit(visit, server, stop) for _ in range(4)]
        assert stop.result() == "over"
        assert sum(visitor.result() for visitor in visitors) > 0
    assert server.get("/hello").text == "hello"
    last = server.finish()
    assert last["opened"] == last["closed"]
