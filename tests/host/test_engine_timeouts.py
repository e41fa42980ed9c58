# SPDX-License-Identifier: MIT
"""Clients that take too long, and signals that are no time-outs."""

import signal
import time

CODE_408 = 8
HALF = "GET /hello HTTP/1.1\r\nHost"


def test_half_a_head_is_a_408(start):
    client = start(recv_timeout=1).connect()
    client.send(HALF)
    assert client.response().code == 408
    assert client.is_closed()


def test_a_byte_now_and_then_does_not_help(start):
    client = start(recv_timeout=1).connect()
    client.send(HALF)
    for _ in range(30):
        try:
            client.send("x")
        except OSError:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("a client held the server for three seconds, and it allows one")


def test_half_a_head_that_ends(start):
    server = start(recv_timeout=1)
    client = server.connect()
    client.send(HALF)
    client.close()
    assert server.get("/hello").text == "hello"


def test_error_handler_may_wait_on(start):
    server = start(recv_timeout=1)
    server.command(f"err_handler {CODE_408}")
    client = server.connect()
    client.send(HALF)
    assert client.is_silent(1.5)
    client.send(": x\r\n\r\n")
    assert client.response().text == "hello"


def test_silent_connection_is_no_half_head(start):
    server = start(recv_timeout=1)
    client = server.connect()
    assert client.is_silent(1.5)
    assert client.request("/hello").text == "hello"
    assert client.is_silent(1.5)
    assert client.request("/hello").text == "hello"


def test_interrupted_system_call_is_no_time_out(server):
    client = server.connect()
    client.send(HALF)
    for _ in range(3):
        assert client.is_silent(0.05)
        server.process.send_signal(signal.SIGSTOP)
        server.process.send_signal(signal.SIGCONT)
    client.send(": x\r\n\r\n")
    assert client.response().text == "hello"
