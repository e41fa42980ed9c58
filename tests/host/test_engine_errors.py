# SPDX-License-Identifier: MIT
"""Errors that the server finds, and those that a handler reports."""

import pytest

CODES = [500, 501, 505, 400, 401, 403, 404, 405, 408, 411, 413, 414, 431]
"""In the order of httpd_err_code_t."""


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ("GET /nothing HTTP/1.1\r\n\r\n", 404),
        ("POST /hello HTTP/1.1\r\n\r\n", 405),
        ("GET /hello HTTP/2.0\r\nA: b\r\n\r\n", 505),
        ("GET /hello HTTP/2.0\r\n\r\n", 505),
        ("GET /hello\r\nA: b\r\n\r\n", 505),
        ("WHAT /hello HTTP/1.1\r\n\r\n", 400),
        ("get /hello HTTP/1.1\r\n\r\n", 400),
        ("GET hello HTTP/1.1\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\nNo colon\r\n\r\n", 400),
        ("GET /hello HTTP/1.1\r\n: nothing\r\n\r\n", 400),
        ("GET /hello HTTP/x\r\n\r\n", 400),
        ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        ("POST /any HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
    ],
)
def test_error_is_answered_and_the_connection_closed(server, request_, code):
    client = server.connect()
    client.send(request_)
    response = client.response()
    assert response.code == code
    assert response.header("Content-Type") == "text/html"
    assert response.header("Connection") == "close"
    assert response.body
    assert client.is_closed()
    assert server.get("/hello").code == 200


@pytest.mark.parametrize(("number", "code"), list(enumerate(CODES)))
def test_handler_sends_an_error_and_the_connection_stays(server, number, code):
    client = server.connect()
    response = client.request(f"/error?code={number}")
    assert response.code == code
    assert response.header("Connection") is None
    assert client.request("/hello").code == 200


def test_error_with_a_text_of_ones_own(server):
    assert server.get("/error?code=3&msg=because").text == "because"


def test_error_that_does_not_exist(server):
    assert server.get("/error?code=99").code == 500


def test_custom_error(server):
    response = server.get("/teapot")
    assert response.status == "418 I'm a teapot"
    assert response.text == "short and stout"


@pytest.mark.parametrize(
    ("target", "method", "code"), [("/no", "GET", 404), ("/hello", "PUT", 405)]
)
def test_error_handler_may_keep_the_connection(server, target, method, code):
    assert server.command(f"err_handler {CODES.index(code)}") == "ESP_OK"
    client = server.connect()
    assert client.request(target, method, body="ignored").status == "299 Replaced"
    assert client.request("/hello").code == 200


@pytest.mark.parametrize("code", [400, 411, 505])
def test_error_handler_cannot_keep_a_connection_out_of_step(server, code):
    server.command(f"err_handler {CODES.index(code)}")
    client = server.connect()
    broken = {400: "GET /\r\n: x\r\n\r\n", 505: "GET / HTTP/3.0\r\nA: b\r\n\r\n"}
    client.send(broken.get(code, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"))
    client.send("GET /hello HTTP/1.1\r\n\r\n")
    assert client.response().status == "299 Replaced"
    assert client.is_closed()


def test_error_handler_of_an_error_that_does_not_exist(server):
    assert server.command(f"err_handler {len(CODES)}") == "ESP_ERR_INVALID_ARG"
