# SPDX-License-Identifier: MIT
"""Files that are part of the program: as those of a file system, without one."""

from __future__ import annotations

import hashlib

import pytest

from .http_app import App, Launch, pattern

BIG = pattern(100_000)
GZIP = "Accept-Encoding: gzip\r\n"


@pytest.fixture
def app(launch: Launch) -> App:
    """A server with a tree at /e, and a page at /lone."""
    app = launch()
    assert app.command("embed /e") == app.command("embed_page /lone 2") == "ESP_OK"
    return app


@pytest.mark.parametrize(
    ("path", "mime", "body"),
    [
        ("/e/", "text/html; charset=utf-8", b"<!doctype html>index"),
        ("/e/index.html", "text/html; charset=utf-8", b"<!doctype html>index"),
        ("/e/below/", "text/html; charset=utf-8", b"<!doctype html>below"),
        ("/e/app.js", "text/javascript; charset=utf-8", b"app()"),
        ("/e/app.js.gz", "application/gzip", b"app() in gzip"),
        ("/e/gr%C3%B6%C3%9Fe.txt", "text/plain; charset=utf-8", b"a page"),
        ("/e/%62ig", "application/x-big", BIG),
        ("/e/empty", "application/octet-stream", b""),
        ("/lone?query", "text/plain; charset=utf-8", b"a page"),
    ],
)
def test_a_file_in_memory_is_served(app: App, path: str, mime: str, body: bytes) -> None:
    response = app.get(path)
    assert (response.code, response.header("Content-Type"), response.body) == (200, mime, body)
    assert response.header("Content-Encoding") is None
    assert response.header("X-Content-Type-Options") == "nosniff"
    head = app.request(path, "HEAD")
    assert (head.code, head.body) == (200, b"")
    assert head.header("Content-Length") == str(len(body))


@pytest.mark.parametrize(
    "path", ["/e/x", "/e/below", "/e/below/x/", "/e/.gz", "/e/index.htm", "/lone/", "/lon"]
)
def test_what_is_not_in_memory_is_404(app: App, path: str) -> None:
    assert app.get(path).code == 404


@pytest.mark.parametrize("path", ["/e/../lone", "/e//big", "/e/%2e%2e/big", "/e/a%2Fb", "/e/%00"])
def test_a_path_in_memory_is_as_strict_as_one_on_a_disk(app: App, path: str) -> None:
    assert app.get(path).code == 400


def test_the_tag_of_a_file_in_memory_comes_from_its_contents(app: App) -> None:
    tag = app.get("/e/big").header("ETag")
    assert tag == app.get("/e/big").header("ETag") is not None
    digest = int.from_bytes(hashlib.sha256(BIG).digest()[:8], "little")
    assert f"{digest:x}" in tag
    same = app.get("/e/big", f"If-None-Match: {tag}\r\n")
    assert (same.code, same.body, same.header("ETag")) == (304, b"", tag)
    assert app.get("/e/big", 'If-None-Match: "other"\r\n').code == 200
    assert app.get("/e/big", 'If-Match: "other"\r\n').code == 412
    assert app.get("/e/").header("Cache-Control") == "no-cache"
    assert app.get("/lone").header("Cache-Control") == "max-age=60"


@pytest.mark.parametrize(
    ("asked", "code", "body"),
    [
        ("0-0", 206, BIG[:1]),
        ("99990-", 206, BIG[-10:]),
        ("-7", 206, BIG[-7:]),
        ("100000-", 416, None),
    ],
)
def test_a_part_of_a_file_in_memory(app: App, asked: str, code: int, body: bytes | None) -> None:
    response = app.get("/e/big", f"Range: bytes={asked}\r\n")
    assert response.code == code
    assert body is None or response.body == body


def test_a_compressed_form_in_memory(app: App) -> None:
    plain, packed = app.get("/e/app.js"), app.get("/e/app.js", GZIP)
    assert packed.body == b"app() in gzip"
    assert packed.header("Content-Encoding") == "gzip"
    assert packed.header("Content-Type") == plain.header("Content-Type")
    assert packed.header("Vary") == plain.header("Vary") == "Accept-Encoding"
    assert packed.header("ETag") != plain.header("ETag")
    assert app.get("/lone", GZIP).body == b"a page in gzip"
    assert app.get("/e/only.css").header("Content-Encoding") == "gzip"
    assert app.get("/e/only.css", "Accept-Encoding: gzip;q=0\r\n").code == 406


def test_the_prefix_alone_leads_to_the_tree_in_memory(app: App) -> None:
    response = app.get("/e?q")
    assert (response.code, response.header("Location")) == (301, "./e/?q")


def test_only_reading_is_allowed_in_memory(app: App) -> None:
    response = app.request("/e/big", "DELETE")
    assert response.code == 405 and "GET" in response.header("Allow")


def test_a_tree_in_memory_takes_all_urls_and_one_slot(launch: Launch) -> None:
    app = launch()
    before = int(app.command("slots"))
    assert app.command("embed -") == "ESP_OK"
    assert int(app.command("slots")) == before - 1
    assert app.get("/").body == b"<!doctype html>index"
    assert app.get("/hello").code == 200, "routes that were there before come first"


def test_wrong_tables_are_refused(launch: Launch) -> None:
    app = launch()
    before = app.command("slots")
    assert set(app.command("embed_wrong").split()) == {"ESP_ERR_INVALID_ARG"}
    assert app.command("slots") == before


def test_without_memory_a_tree_in_memory_is_not_there(launch: Launch) -> None:
    app = launch()
    results = []
    while not results or results[-1] != "ESP_OK":
        app.command(f"memory nth {len(results) + 1}")
        results.append(app.command("embed /e"))
    app.command("memory enough")
    assert len(results) > 5 and set(results[:-1]) == {"ESP_ERR_NO_MEM"}
    assert app.get("/e/").code == 200
