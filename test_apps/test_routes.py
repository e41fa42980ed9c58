# SPDX-License-Identifier: MIT
"""Requests, and the answers that every firmware gives on every target."""

from __future__ import annotations

import json

from tests.support.http import whole_request

from .device import Device


def test_the_page(device: Device) -> None:
    response = device.get("/")
    assert response.code == 200
    assert response.header("Content-Type").startswith("text/html")
    assert b"<title>" in response.body


def test_the_api(device: Device) -> None:
    response = device.get("/api/info")
    assert response.header("Content-Type") == "application/json"
    assert json.loads(response.body)["target"]


def test_unknown_urls_are_not_found(device: Device) -> None:
    assert device.get("/nowhere").code == 404


def test_a_method_that_is_not_there(device: Device) -> None:
    client = device.connect()
    response = client.request("/api/info", method="POST", body=b"x")
    assert response.code == 405
    assert "GET" in response.header("Allow")
    client.close()


def test_head_has_no_body(device: Device) -> None:
    client = device.connect()
    length = client.request("/api/info", method="HEAD").header("Content-Length")
    assert int(length) > 0
    assert client.request("/").code == 200
    client.close()


def test_a_connection_is_kept(device: Device) -> None:
    client = device.connect()
    for _ in range(50):
        assert client.request("/api/info").code == 200
    client.close()


def test_requests_that_come_at_once_are_answered_in_turn(device: Device) -> None:
    client = device.connect()
    client.send(whole_request("/api/info") + whole_request("/") + whole_request("/nowhere"))
    codes = [client.response().code for _ in range(3)]
    assert codes == [200, 200, 404]
    client.close()


def test_a_request_in_pieces(device: Device) -> None:
    client = device.connect()
    for byte in whole_request("/api/info"):
        client.send(bytes([byte]))
    assert client.response().code == 200
    client.close()


def test_a_head_that_two_readers_could_understand_in_two_ways(device: Device) -> None:
    client = device.connect()
    client.send(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\nGET /api/info HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    assert client.response().code == 400
    assert client.is_gone()
