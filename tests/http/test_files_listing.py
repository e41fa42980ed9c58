# SPDX-License-Identifier: MIT
"""Directories as JSON, as the document shows them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.http import whole_request

from .files_app import fail, listing, names, nothing_is_open
from .http_app import App, Launch


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The example of the document, below a folder."""
    (tmp_path / "var" / "my_folder").mkdir(parents=True)
    (tmp_path / "var" / "hello.txt").write_text("x" * 42)
    return tmp_path


@pytest.fixture
def app(launch: Launch, base: Path) -> App:
    """A server with this folder."""
    return launch(base=str(base))


def directory(path: str) -> dict[str, object]:
    return {"path": path, "type": "directory", "size": 0}


def test_the_example_of_the_document(app: App) -> None:
    document = json.loads(app.get("/fs/var/").body)
    assert set(document) == {"path", "list"}
    assert document["path"] == "/var/"
    assert document["list"][0] == directory("..")
    rest = sorted(document["list"][1:], key=lambda entry: entry["path"])
    assert rest[0].pop("modified") > 0
    assert rest == [{"path": "hello.txt", "type": "file", "size": 42}, directory("my_folder")]


def test_headers(app: App) -> None:
    response = app.get("/fs/var/")
    assert response.header("Content-Type") == "application/json"
    assert response.header("Cache-Control") == "no-store"
    assert response.header("X-Content-Type-Options") == "nosniff"
    assert response.header("ETag") is None


def test_at_the_top_there_is_no_way_up(app: App) -> None:
    document = json.loads(app.get("/fs/").body)
    assert document == {"path": "/", "list": [directory("var")]}


def test_the_root_of_the_storage(launch: Launch) -> None:
    assert names(launch(base="/"), "/fs/") >= {"etc", "usr"}


def test_an_empty_directory(app: App) -> None:
    assert listing(app, "/fs/var/my_folder/") == [directory("..")]


def test_head(app: App) -> None:
    client = app.connect()
    response = client.request("/fs/var/", method="HEAD")
    assert response.header("Content-Type") == "application/json"
    assert client.request("/fs/var/my_folder/").code == 200
    nothing_is_open(app)


def test_an_old_client(app: App) -> None:
    client = app.connect()
    client.send("GET /fs/var/ HTTP/1.0\r\n\r\n")
    response = client.response()
    assert response.header("Transfer-Encoding") is None
    assert json.loads(response.body)["path"] == "/var/"


def test_names_that_json_must_escape(app: App, base: Path) -> None:
    odd = [
        '"',
        "\\",
        "a\nb",
        "\x01\x1f\x7f",
        "ä-日本語-🙂",
        "<script>",
        "\u2028",
    ]
    for name in odd:
        (base / "var" / "my_folder" / name).touch()
    assert names(app, "/fs/var/my_folder/") == {"..", *odd}


def test_a_directory_with_such_a_name(app: App, base: Path) -> None:
    (base / 'a"b').mkdir()
    assert json.loads(app.get("/fs/a%22b/").body)["path"] == '/a"b/'


def test_names_that_are_no_text(app: App, base: Path) -> None:
    os.close(os.open(os.fsencode(base / "var" / "my_folder") + b"/a\xffb", os.O_CREAT))
    (entry,) = [each for each in listing(app, "/fs/var/my_folder/") if each["path"] != ".."]
    assert (entry["path"], entry["url"]) == ("a\ufffdb", "a%FFb")


ODD = [b"a\\b", b"a\tb", b"a\nb", b"\x7f", b"a\xffb", b"%", b"?#", "ä 🙂".encode(), b"a:b", b"..a"]


@pytest.mark.parametrize("receives", [False, True], ids=["files", "directories"])
def test_what_a_list_shows_can_be_fetched_and_removed(
    launch: Launch, root: Path, receives: bool
) -> None:
    for name in ODD:
        path = os.fsencode(root) + b"/" + name
        os.mkdir(path) if receives else os.close(os.open(path, os.O_CREAT))
    app = launch(base=str(root), prefix="/up", root=root)
    tail = "/" if receives else ""
    entries = [each for each in listing(app, "/up/") if each["path"] != "sd"]
    assert len(entries) == len(ODD)
    for entry in entries:
        url = "/up/" + entry.get("url", quote(entry["path"])) + tail
        assert app.get(url).code == 200, url
        assert app.request(url, "DELETE").code == 204, url
    assert os.listdir(root) == ["sd"]


def test_the_longest_names(app: App, base: Path) -> None:
    for name in ("n" * 255, "\x01" * 255):
        (base / "var" / "my_folder" / name).touch()
    assert names(app, "/fs/var/my_folder/") == {"..", "n" * 255, "\x01" * 255}


def test_files_that_are_being_received_are_neither_listed_nor_served(app: App, base: Path) -> None:
    (base / "var" / "0123abcd.~up").write_text("half")
    (base / "var" / "0123abcd.~wr").write_text("half")
    (base / "var" / "0123ABCD.~UP.gz").write_text("half")
    (base / "var" / "89abcdef.~up").mkdir()
    assert names(app, "/fs/var/") == {
        "..",
        "hello.txt",
        "my_folder",
        "0123ABCD.~UP.gz",
        "89abcdef.~up",
    }
    assert app.get("/fs/var/0123abcd.~up").code == 404
    assert app.get("/fs/var/0123ABCD.~UP").code == 404
    assert app.get("/fs/var/0123abcd.~wr").code == 404


@pytest.mark.usefixtures("memory_in_use")
@pytest.mark.parametrize("buffer", [256, 4096])
def test_ten_thousand_entries_take_no_more_memory(launch: Launch, base: Path, buffer: int) -> None:
    many = base / "many"
    many.mkdir()
    expected = {f"{i:05}" + "x" * 200 for i in range(10_000)}
    for name in expected:
        (many / name).touch()
    app = launch(base=str(base), stream_buffer=buffer)
    assert len(listing(app, "/fs/var/")) == 3
    before = app.most_memory()
    assert names(app, "/fs/many/") == {"..", *expected}
    assert app.most_memory() - before < 1_000_000  # the document has 2.5 MB


def test_a_client_that_stops_reading_holds_up_nobody(launch: Launch, base: Path) -> None:
    for i in range(5000):
        (base / "var" / "my_folder" / f"{i:05}{'x' * 200}").touch()
    app = launch(base=str(base), workers=1)
    stalled = [app.connect(receive_buffer=4096) for _ in range(3)]
    for client in stalled:
        client.send(whole_request("/fs/var/my_folder/"))
    for client in stalled:
        client.head()
    assert app.get("/fs/var/hello.txt").code == 200
    for client in stalled:
        client.close()
    nothing_is_open(app)


def test_an_error_half_way_breaks_the_connection(app: App, base: Path) -> None:
    for i in range(1000):
        (base / "var" / "my_folder" / f"{i}").touch()
    fail(app, 500, 5)
    client = app.connect()
    client.send(whole_request("/fs/var/my_folder/"))
    data = b""
    try:
        while piece := client.receive():
            data += piece
    except ConnectionResetError:
        pass
    assert not data.endswith(b"0\r\n\r\n")
    nothing_is_open(app)
