# SPDX-License-Identifier: MIT
"""Request smuggling: a request that two servers could read in two ways is refused.

The bytes after it must never count as a request.
"""

from __future__ import annotations

import pytest

from .http_app import App, Launch, refused

END = "\r\n\r\n"
HELLO = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = "POST {} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5, 5",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: +5",
        "Content-Length: 0x5",
        "Content-Length: -5",
        "Content-Length: 5 5",
        "Content-Length:",
        "Content-Length: 99999999999999999999",
        "Content-Length: 18446744073709551621",
    ],
)
def test_length_of_which_two_readers_may_think_differently(app: App, headers: str) -> None:
    hidden = "12345GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
    refused(app, f"POST /unread HTTP/1.1\r\nHost: x\r\n{headers}{END}{hidden}", 400)


@pytest.mark.parametrize("coding", ["gzip, chunked", "chunked, chunked", "identity", "xchunked"])
def test_unknown_transfer_coding(app: App, coding: str) -> None:
    refused(app, f"POST /unread HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {coding}{END}", 501)


def test_chunked_is_unknown_to_http_1_0(app: App) -> None:
    refused(app, f"POST /unread HTTP/1.0\r\nTransfer-Encoding: chunked{END}0{END}", 400)


@pytest.mark.parametrize(
    "coded",
    [
        "g\r\nabc\r\n0\r\n\r\n",
        "3\nabc\n0\n\n",
        "3\r\nabcd\r\n0\r\n\r\n",
        "3 3\r\nabc\r\n0\r\n\r\n",
        "-3\r\nabc\r\n0\r\n\r\n",
        "0x3\r\nabc\r\n0\r\n\r\n",
        "\r\n3\r\nabc\r\n0\r\n\r\n",
        "11111111111111111\r\n",
        "ffffffffffffffff\r\nxxx",
        '3;a="b\r\nabc\r\n0\r\n\r\n',
        "3;" + "x" * 2000,
        "0\r\nX: " + "y" * 2000,
    ],
)
def test_malformed_chunks(app: App, coded: str) -> None:
    client = app.connect()
    client.send(CHUNKED.format("/echo") + coded)
    response = client.response()
    assert response.code == 400
    assert not response.keeps_alive
    assert client.is_closed()
    assert app.state()["last_error"] == "BODY"


def test_chunk_without_end(launch: Launch) -> None:
    client = launch(body=0).connect()
    client.send(CHUNKED.format("/echo") + "7fffffffffffffff\r\n" + "x" * 1000)
    client.finish_sending()
    assert client.response().code == 400
    assert client.is_closed()


@pytest.mark.parametrize("size", ["3e9", "7fffffffffffffff", "3e8\r\n" + "x" * 1000 + "\r\n1"])
def test_chunk_that_is_too_long_is_refused_before_it_comes(launch: Launch, size: str) -> None:
    client = launch(body=1000).connect()
    client.send(CHUNKED.format("/echo") + size)
    assert client.response().code == 413
    assert client.is_closed()


def test_malformed_chunks_that_nobody_reads(app: App) -> None:
    client = app.connect()
    client.send(CHUNKED.format("/unread") + "zz\r\nabc\r\n0\r\n\r\n" + HELLO)
    response = client.response()
    assert response.text == "not interested"
    assert not response.keeps_alive
    assert client.is_closed()
