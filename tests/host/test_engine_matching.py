# SPDX-License-Identifier: MIT
"""Which handler answers."""

import pytest

GET, POST, ANY = 1, 3, -1


@pytest.mark.parametrize(
    ("template", "uri", "matches"),
    [
        ("*", "/", True),
        ("*", "", True),
        ("/a", "/a", True),
        ("/a", "/a/", False),
        ("/a", "/", False),
        ("/a/?", "/a", True),
        ("/a/?", "/a/", True),
        ("/a/?", "/a/b", False),
        ("/a/?", "/ab", False),
        ("/a/*", "/a/", True),
        ("/a/*", "/a/b/c", True),
        ("/a/*", "/a", False),
        ("/a/?*", "/a", True),
        ("/a/?*", "/a/", True),
        ("/a/?*", "/a/b", True),
        ("/a/?*", "/ab", False),
        ("/a/*?", "/a", True),
        ("/a/*?", "/a/b", True),
        ("/a/*?", "/ab", False),
        ("/*/a", "/b/a", False),
        ("/*/a", "/*/a", True),
        ("?", "", False),
        ("?*", "", False),
        ("a?*", "", True),
        ("", "", True),
        ("", "/", False),
    ],
)
def test_wildcard(server, template, uri, matches):
    assert server.command(f"match '{template}' '{uri}'") == ("yes" if matches else "no")


def test_exact_by_default(server):
    assert server.get("/hello/").code == 404
    assert server.get("/hell").code == 404
    assert server.get("/hello?query").code == 200


def test_paths_are_not_decoded(server):
    assert server.get("/%68ello").code == 404


def test_known_path_with_another_method(server):
    assert server.connect().request("/hello", "POST").code == 405


def test_head_is_not_implied(server):
    client = server.connect()
    client.send("HEAD /hello HTTP/1.1\r\n\r\n")
    assert client.response().code == 405


def test_any_method(server):
    for method in ("GET", "POST", "DELETE", "OPTIONS", "PATCH"):
        assert server.connect().request("/any", method).code == 200


def test_target_without_path(server):
    assert server.connect().request("example.com:80", "CONNECT").code == 404
    assert server.connect().request("*", "OPTIONS").code == 404


def test_register_while_running(server):
    assert server.get("/late").code == 404
    assert server.command(f"register /late {GET}") == "ESP_OK"
    assert server.get("/late").text == "late"
    assert server.command(f"unregister /late {GET}") == "ESP_OK"
    assert server.get("/late").code == 404


def test_same_uri_twice(server):
    assert server.command(f"register /hello {GET}") == "ESP_ERR_HTTPD_HANDLER_EXISTS"
    assert server.command(f"register /hello {POST}") == "ESP_OK"
    assert server.command(f"register /any {POST}") == "ESP_ERR_HTTPD_HANDLER_EXISTS"


def test_wildcard_shadows_what_comes_later(start):
    server = start(wildcard=1)
    assert server.command(f"register /* {GET}") == "ESP_OK"
    assert server.command(f"register /later {GET}") == "ESP_ERR_HTTPD_HANDLER_EXISTS"
    assert server.command(f"register /later {POST}") == "ESP_OK"
    assert server.get("/hello").text == "hello"
    assert server.get("/whatever").text == "late"


def test_table_is_bounded(start):
    server = start(handlers=3)
    assert server.command(f"register /late {GET}") == "ESP_ERR_HTTPD_HANDLERS_FULL"
    assert server.command(f"unregister /hello {GET}") == "ESP_OK"
    assert server.command(f"register /late {GET}") == "ESP_OK"


def test_unregister(server):
    server.command(f"register /hello {POST}")
    assert server.command(f"unregister /hello {ANY}") == "ESP_ERR_NOT_FOUND"
    assert server.command("unregister /hello") == "ESP_OK"
    assert server.command("unregister /hello") == "ESP_ERR_NOT_FOUND"
    assert server.get("/hello").code == 404
    assert server.get("/fd").code == 200
