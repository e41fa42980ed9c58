# SPDX-License-Identifier: MIT
"""What a handler can learn of its request."""

import pytest

HTTP_DELETE, HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT = range(5)


@pytest.mark.parametrize(
    ("method", "number"),
    [("DELETE", HTTP_DELETE), ("GET", HTTP_GET), ("POST", HTTP_POST), ("PUT", HTTP_PUT)],
)
def test_methods_have_http_parsers_numbers(server, method, number):
    assert server.connect().request("/any", method).text == f"{number} 0"


def test_content_length_reaches_the_handler(server):
    assert server.connect().request("/any", "POST", body="12345").text == f"{HTTP_POST} 5"


def test_header_is_found_whatever_its_case(server):
    client = server.connect()
    assert client.request("/header?name=x-thing", headers="X-Thing: some value\r\n").text == (
        "10|ESP_OK|some value"
    )


def test_first_of_several_headers_counts(server):
    response = server.connect().request("/header?name=A", headers="A: one\r\nA: two\r\n")
    assert response.text == "3|ESP_OK|one"


def test_missing_header(server):
    assert server.get("/header?name=Nope").text == "0|ESP_ERR_NOT_FOUND|untouched"


def test_header_names_are_not_prefixes(server):
    client = server.connect()
    response = client.request("/header?name=Ab", headers="A: 1\r\nAbc: 2\r\n")
    assert response.text == "0|ESP_ERR_NOT_FOUND|untouched"


def test_empty_header(server):
    response = server.connect().request("/header?name=E", headers="E:\r\nF: x\r\n")
    assert response.text == "0|ESP_OK|"


def test_folded_header_is_one_value(server):
    response = server.connect().request("/header?name=Fold", headers="Fold: a\r\n  b\r\nG: c\r\n")
    assert response.text.split("|")[1:] == ["ESP_OK", "a b"]


@pytest.mark.parametrize(
    ("size", "expected"),
    [(11, "10|ESP_OK|0123456789"), (10, "10|ESP_ERR_HTTPD_RESULT_TRUNC|012345678")],
)
def test_header_that_does_not_fit_is_cut_and_said_so(server, size, expected):
    client = server.connect()
    response = client.request(f"/header?name=N&size={size}", headers="N: 0123456789\r\n")
    assert response.text == expected


def test_headers_end_where_the_response_begins(server):
    assert server.get("/header_after_response").text == "first,there,0"


def test_header_that_arrives_byte_by_byte(server):
    client = server.connect()
    for byte in b"GET /header?name=Abc HTTP/1.1\r\nHost: x\r\nAbc: d e f\r\n\r\n":
        client.send(bytes([byte]))
    assert client.response().text == "5|ESP_OK|d e f"


def test_query(server):
    assert server.get("/query?a=1&b=2").text == "7|ESP_OK|a=1&b=2|/query?a=1&b=2"


def test_no_query(server):
    assert server.get("/query").text == "0|ESP_ERR_NOT_FOUND|untouched|/query"


def test_query_that_does_not_fit_is_not_copied(server):
    text = server.get("/query?0123456789abcdef").text
    assert text.startswith("16|ESP_ERR_HTTPD_RESULT_TRUNC|untouched|")


def test_absolute_form(server):
    assert server.get("http://example.com/query?x").text.startswith("1|ESP_OK|x|http://")


@pytest.mark.parametrize(
    ("query", "key", "size", "expected"),
    [
        ("a=1&b=2", "b", 10, "ESP_OK 2"),
        ("a=1&a=2", "a", 10, "ESP_OK 1"),
        ("Key=v", "kEY", 10, "ESP_OK v"),
        ("a=%41+b", "a", 10, "ESP_OK %41+b"),
        ("a=", "a", 10, "ESP_OK"),
        ("ab=1", "a", 10, "ESP_ERR_NOT_FOUND untouched"),
        ("a=1", "ab", 10, "ESP_ERR_NOT_FOUND untouched"),
        ("flag&a=1", "a", 10, "ESP_ERR_NOT_FOUND untouched"),
        ("a=1=2", "a", 10, "ESP_OK 1=2"),
        ("a=123", "a", 4, "ESP_OK 123"),
        ("a=123", "a", 3, "ESP_ERR_HTTPD_RESULT_TRUNC untouched"),
        ("a=123", "a", 0, "ESP_ERR_HTTPD_RESULT_TRUNC untouched"),
    ],
)
def test_query_key_value(server, query, key, size, expected):
    assert server.command(f"query '{query}' '{key}' {size}") == expected


@pytest.mark.parametrize(
    ("cookies", "target", "expected"),
    [
        ("a=1; b=two", "name=b", "ESP_OK|4|two"),
        ("a=1;b=two", "name=b", "ESP_OK|4|two"),
        ("A=1", "name=a", "ESP_OK|2|1"),
        ("ab=1; a=2", "name=a", "ESP_OK|2|2"),
        ("a=1", "name=b", "ESP_ERR_NOT_FOUND|64|untouched"),
        ("a=123", "name=a&size=3", "ESP_ERR_HTTPD_RESULT_TRUNC|4|untouched"),
        ("a=123", "name=a&size=4", "ESP_OK|4|123"),
    ],
)
def test_cookies(server, cookies, target, expected):
    response = server.connect().request(f"/cookie?{target}", headers=f"Cookie: {cookies}\r\n")
    assert response.text == expected


def test_no_cookie_header(server):
    assert server.get("/cookie?name=a").text == "ESP_ERR_NOT_FOUND|64|untouched"


def test_upgrade_to_an_ordinary_handler_is_an_ordinary_request(server):
    client = server.connect()
    headers = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
    assert client.request("/hello", headers=headers).text == "hello"
    assert client.request("/hello").text == "hello"
