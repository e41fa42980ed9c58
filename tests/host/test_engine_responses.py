# SPDX-License-Identifier: MIT
"""What a handler can send."""

import pytest


def test_defaults(server):
    response = server.get("/hello")
    assert response.status == "200 OK"
    assert response.headers == [("Content-Type", "text/html"), ("Content-Length", "5")]


def test_status_type_and_headers(server):
    response = server.get("/decorated?n=2")
    assert response.status == "201 Made"
    assert response.headers == [
        ("Content-Type", "text/x-test"),
        ("Content-Length", "8"),
        ("X-0", "value"),
        ("X-1", "value"),
    ]
    assert response.text == "2 ESP_OK"


def test_headers_of_one_response_are_not_those_of_the_next(server):
    client = server.connect()
    client.request("/decorated?n=2")
    response = client.request("/hello")
    assert response.status == "200 OK"
    assert len(response.headers) == 2


def test_too_many_headers(start):
    assert start(resp_headers=3).get("/decorated?n=5").text == "3 ESP_ERR_HTTPD_RESP_HDR"


def test_line_ends_in_headers_are_refused(server):
    response = server.get("/bad_lines")
    assert response.text == " ".join(["ESP_ERR_INVALID_ARG"] * 4)
    assert response.status == "200 OK"
    assert len(response.headers) == 2


def test_head_that_is_too_large_is_refused(server):
    assert server.get("/huge_type").text == "ESP_ERR_HTTPD_RESP_HDR"


@pytest.mark.parametrize("n", [0, 1, 4000, 4096, 8000, 1_000_000])
def test_bodies_of_all_sizes(server, n):
    letters = bytes(range(ord("a"), ord("z") + 1))
    assert server.get(f"/big?n={n}").body == (letters * (n // 26 + 1))[:n]


@pytest.mark.parametrize("n", [0, 5000])
def test_chunks(server, n):
    client = server.connect()
    response = client.request(f"/chunks?n={n}")
    assert response.header("Transfer-Encoding") == "chunked"
    assert response.header("Content-Length") is None
    assert response.body == b"one two " + b"x" * n
    assert client.request("/hello").text == "hello"


def test_http_1_0_gets_no_chunks(server):
    client = server.connect()
    client.send("GET /chunks HTTP/1.0\r\n\r\n")
    response = client.response()
    assert response.header("Transfer-Encoding") is None
    assert response.body == b"one two "


def test_hand_made_response(server):
    client = server.connect()
    assert client.request("/raw").text == "raw"
    assert client.request("/hello").text == "hello"


def test_short_sends_are_continued(server):
    assert server.get("/short_sends").text == "came in pieces of three bytes"


def test_send_function_that_takes_nothing_does_not_hang_the_server(server):
    client = server.connect()
    client.send("GET /short_sends?none=1 HTTP/1.1\r\n\r\n")
    assert client.is_closed()
    assert server.get("/hello").text == "hello"


def test_reader_that_stalls_is_given_up(start):
    server = start(send_timeout=1)
    client = server.connect()
    client.send("GET /big?n=30000000 HTTP/1.1\r\n\r\n")
    assert server.get("/hello").text == "hello"
    assert len(client.read_to_end()) < 30_000_000


def test_answer_leaves_in_one_segment(server):
    client = server.connect()
    client.send("GET /decorated?n=5 HTTP/1.1\r\n\r\n")
    assert client.receive().endswith(b"\r\n\r\n5 ESP_OK")
