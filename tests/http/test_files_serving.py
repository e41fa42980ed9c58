# SPDX-License-Identifier: MIT
"""Files and directories are found where the document says, and sent unchanged."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urljoin

import pytest

from .http_app import App, Launch, pattern


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with a bit of everything."""
    base = tmp_path / "www"
    (base / "sub" / "deep").mkdir(parents=True)
    (base / "site").mkdir()
    (base / "hello.txt").write_text("Hello\n")
    (base / "sub" / "page.html").write_text("<p>page")
    (base / "site" / "index.html").write_text("<p>index")
    (base / "empty").touch()
    return base


@pytest.fixture
def app(launch: Launch, base: Path) -> App:
    """A server with these files."""
    return launch(base=str(base))


def whole(app: App, target: str, headers: str = "") -> bytes:
    response = app.get(target, headers)
    assert response.code == 200, response.status
    return response.body


def test_a_file(app: App) -> None:
    response = app.get("/fs/hello.txt")
    assert (response.code, response.body) == (200, b"Hello\n")
    assert response.header("Content-Type") == "text/plain; charset=utf-8"
    assert response.header("Content-Length") == "6"
    assert response.header("Cache-Control") == "no-cache"
    assert response.header("Accept-Ranges") == "bytes"
    assert response.header("X-Content-Type-Options") == "nosniff"
    assert response.header("Content-Encoding") is None
    assert response.header("Vary") is None


def test_a_file_further_down(app: App) -> None:
    assert whole(app, "/fs/sub/page.html") == b"<p>page"
    assert whole(app, "/fs/sub/page.html?v=2") == b"<p>page"


def test_an_empty_file(app: App) -> None:
    client = app.connect()
    response = client.request("/fs/empty")
    assert (response.code, response.body) == (200, b"")
    assert client.request("/fs/hello.txt").body == b"Hello\n"


@pytest.mark.parametrize("size", [1, 4095, 4096, 4097, 1_000_000])
def test_a_file_of_any_size(app: App, base: Path, size: int) -> None:
    (base / "data.bin").write_bytes(pattern(size))
    client = app.connect()
    for _ in range(2):
        response = client.request("/fs/data.bin")
        assert response.body == pattern(size)
        assert response.header("Content-Type") == "application/octet-stream"


def test_head_says_what_get_would(app: App) -> None:
    client = app.connect()
    head = client.request("/fs/hello.txt", method="HEAD")
    get = client.request("/fs/hello.txt")
    assert [name for name, _ in head.headers] == [name for name, _ in get.headers]
    assert head.header("ETag") == get.header("ETag")
    assert head.header("Content-Length") == get.header("Content-Length") == "6"
    assert head.body == b""


@pytest.mark.parametrize("name", ["nothing", "sub/nothing", "nothing/hello.txt", "hello.txt/x"])
def test_missing_files_are_not_found(app: App, name: str) -> None:
    assert app.get(f"/fs/{name}").code == 404
    assert app.get(f"/fs/{name}/").code == 404


def test_a_file_is_no_directory(app: App) -> None:
    assert app.get("/fs/hello.txt/").code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_files_are_only_read(app: App, method: str) -> None:
    client = app.connect()
    response = client.request("/fs/hello.txt", method=method)
    assert response.code == 405
    assert response.header("Allow") == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "name",
    ["käse.txt", "日本語.txt", "Ελληνικά", "עברית.html", "🙂.png", "a b+c&d=e;f,g", "100%", "q?#"],
)
def test_names_in_any_script(app: App, base: Path, name: str) -> None:
    (base / name).write_text(name)
    assert whole(app, "/fs/" + quote(name)).decode() == name


class TestDirectories:
    def test_without_a_slash_they_are_elsewhere(self, app: App) -> None:
        response = app.get("/fs/sub")
        assert response.code == 301
        assert response.header("Location") == "./sub/"

    def test_the_query_goes_along(self, app: App) -> None:
        assert app.get("/fs/sub?a=b&c").header("Location") == "./sub/?a=b&c"
        assert app.get("/fs/sub?").header("Location") == "./sub/?"

    def test_escapes_go_along(self, app: App, base: Path) -> None:
        (base / "ä b").mkdir()
        assert app.get("/fs/%C3%A4%20b").header("Location") == "./%C3%A4%20b/"

    def test_so_is_the_folder_of_the_prefix(self, app: App) -> None:
        response = app.get("/fs?a=b")
        assert (response.code, response.header("Location")) == (301, "./fs/?a=b")
        assert app.request("/fs", "DELETE").header("Allow") == "GET, HEAD, OPTIONS"
        assert app.get("/f").code == app.get("/fss").code == 404

    @pytest.mark.parametrize("url", ["/fs", "/fs/sub", "/fs/a:b"])
    def test_behind_a_proxy_with_a_path_of_its_own(self, app: App, base: Path, url: str) -> None:
        (base / "a:b").mkdir()
        location = app.get(url).header("Location")
        assert urljoin(f"http://proxy/board{url}", location) == f"http://proxy/board{url}/"

    def test_the_index_is_served(self, app: App) -> None:
        response = app.get("/fs/site/")
        assert response.body == b"<p>index"
        assert response.header("Content-Type") == "text/html; charset=utf-8"
        assert response.header("ETag") == app.get("/fs/site/index.html").header("ETag")

    def test_the_index_has_any_name(self, launch: Launch, base: Path) -> None:
        app = launch(base=str(base), index="page.html")
        assert whole(app, "/fs/sub/") == b"<p>page"
        assert app.get("/fs/site/").header("Content-Type") == "application/json"

    def test_an_index_is_not_wanted(self, launch: Launch, base: Path) -> None:
        app = launch(base=str(base), index="")
        assert app.get("/fs/site/").header("Content-Type") == "application/json"

    def test_an_index_that_is_a_directory(self, app: App, base: Path) -> None:
        (base / "sub" / "index.html").mkdir()
        assert app.get("/fs/sub/").header("Content-Type") == "application/json"

    def test_they_are_not_listed(self, launch: Launch, base: Path) -> None:
        app = launch(base=str(base), dirs=0)
        assert app.get("/fs/sub/").code == 404
        assert whole(app, "/fs/site/") == b"<p>index"
        assert whole(app, "/fs/hello.txt") == b"Hello\n"


class TestExternalStorage:
    @pytest.fixture
    def ext(self, tmp_path: Path, base: Path) -> Path:
        """Mounts a file system with the same folder below it."""
        ext = tmp_path / "sd"
        below = ext / base.relative_to("/")
        (below / "card").mkdir(parents=True)
        (below / "hello.txt").write_text("external")
        (below / "card" / "new").write_text("new")
        return ext

    @pytest.fixture
    def app(self, launch: Launch, base: Path, ext: Path) -> App:
        """A server with the files of both."""
        return launch(base=str(base), ext=str(ext))

    def test_it_goes_first(self, app: App) -> None:
        assert whole(app, "/fs/hello.txt") == b"external"
        assert whole(app, "/fs/card/new") == b"new"

    def test_the_other_storage_has_the_rest(self, app: App) -> None:
        assert whole(app, "/fs/sub/page.html") == b"<p>page"
        assert app.get("/fs/sub").code == 301
        assert app.get("/fs/nothing").code == 404

    def test_its_directories_go_first(self, app: App) -> None:
        assert b"card" in whole(app, "/fs/")
        assert b"site" not in whole(app, "/fs/")
        assert b"deep" in whole(app, "/fs/sub/")

    def test_an_index_goes_before_a_directory(self, app: App, base: Path) -> None:
        (base / "index.html").write_text("<p>inside")
        assert whole(app, "/fs/") == b"<p>inside"

    def test_it_is_not_mounted(self, launch: Launch, base: Path) -> None:
        app = launch(base=str(base), ext="/nowhere/sd")
        assert whole(app, "/fs/hello.txt") == b"Hello\n"


class TestSettings:
    def test_without_a_prefix(self, launch: Launch, base: Path) -> None:
        app = launch(base=str(base), prefix="")
        assert whole(app, "/hello.txt") == b"Hello\n"
        assert app.get("/site").header("Location") == "./site/"

    def test_slashes_at_the_end_do_not_count(self, launch: Launch, base: Path) -> None:
        app = launch(base=f"{base}/", prefix="/files/")
        assert whole(app, "/files/hello.txt") == b"Hello\n"

    def test_the_root(self, launch: Launch, base: Path) -> None:
        app = launch(base="/")
        assert whole(app, f"/fs{base}/hello.txt") == b"Hello\n"

    def test_cache_control(self, launch: Launch, base: Path) -> None:
        app = launch(base=str(base), cache="max-age=60")
        assert app.get("/fs/hello.txt").header("Cache-Control") == "max-age=60"

    def test_types_of_ones_own(self, app: App, base: Path) -> None:
        (base / "cube.gcode").write_text("G1")
        assert app.get("/fs/cube.gcode").header("Content-Type") == "text/x-gcode; charset=utf-8"

    @pytest.mark.parametrize(
        "arguments",
        [
            "fs /tmp",
            "/fs* /tmp",
            "/fs? /tmp",
            "/fs tmp",
            "/fs /tmp sd",
            "/fs /tmp - a/b",
        ],
    )
    def test_wrong_ones_are_refused(self, app: App, arguments: str) -> None:
        assert app.command(f"serve {arguments}") == "ESP_ERR_INVALID_ARG"

    def test_it_takes_one_slot(self, app: App) -> None:
        before = int(app.command("slots"))
        assert app.command("serve /more /tmp") == "ESP_OK"
        assert int(app.command("slots")) == before - 1

    def test_no_slot_is_left(self, launch: Launch, base: Path) -> None:
        app = launch()
        while app.command("serve /more /tmp") == "ESP_OK":
            pass
        assert app.command("serve /more /tmp") == "ROUTES_FULL"
