# SPDX-License-Identifier: MIT
"""Rights to read files: the callback of uhttpd_file_acl()."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from .files_app import asked, write
from .http_app import App, Launch

RO, WO, RW = 1, 2, 3


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Some files."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "site").mkdir()
    write(tmp_path / "a.txt", b"a")
    write(tmp_path / "b.txt.gz", gzip.compress(b"b"))
    write(tmp_path / "site" / "index.html", b"<p>")
    return tmp_path


@pytest.fixture
def app(launch: Launch, base: Path) -> App:
    """A server that asks a callback for rights."""
    return launch(base=str(base), acl=1)


def rule(app: App, verdict: int, path: Path | str) -> None:
    app.command(f"acl {verdict} {path}")


def test_everything_is_asked_for_as_it_will_be_opened(app: App, base: Path) -> None:
    for target, path in [
        ("a.txt", "a.txt"),
        ("sub/", "sub/"),
        ("sub", "sub/"),
        ("site/", "site/index.html"),
        ("nothing", "nothing"),
        ("nothing/", "nothing/"),
        ("%C3%A4", "ä"),
    ]:
        app.get(f"/fs/{target}")
        assert asked(app) == [f"{base}/{path}"], target
    app.get("/fs/")
    assert asked(app) == [f"{base}/"]
    app.get("/fs/b.txt")
    assert asked(app) == [f"{base}/b.txt", f"{base}/b.txt.gz"]


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (RO, 200),
        (RW, 200),
        (WO, 403),
        (400, 400),
        (401, 401),
        (404, 404),
        (418, 418),
        (451, 451),
        (503, 503),
        (599, 599),
        (0, 403),
        (4, 403),
        (-1, 403),
        (200, 403),
        (302, 403),
        (399, 403),
        (600, 403),
        (2**31 - 1, 403),
    ],
)
def test_verdicts(app: App, base: Path, verdict: int, code: int) -> None:
    rule(app, verdict, base / "a.txt")
    client = app.connect()
    assert client.request("/fs/a.txt").code == code
    assert client.request("/fs/site/").body == b"<p>"


def test_refusals_do_not_reveal_whether_a_file_exists(app: App, base: Path) -> None:
    for name in ("a.txt", "nothing", "sub/", "nothing/"):
        rule(app, WO, f"{base}/{name}")
    for name in ("a.txt", "nothing", "sub/", "sub", "nothing/"):
        assert app.get(f"/fs/{name}").code == 403, name


def test_an_index_needs_no_right_to_its_directory(app: App, base: Path) -> None:
    rule(app, WO, f"{base}/site/")
    assert app.get("/fs/site/").code == 200
    rule(app, 404, f"{base}/site/index.html")
    assert app.get("/fs/site/").code == 404


def test_a_compressed_form_is_the_file(app: App, base: Path) -> None:
    rule(app, 403, base / "b.txt")
    assert app.get("/fs/b.txt").code == 403


def test_a_compressed_form_is_a_file_of_its_own_too(app: App, base: Path) -> None:
    write(base / "a.txt.gz", gzip.compress(b"what somebody has put there"))
    rule(app, WO, base / "a.txt.gz")
    response = app.get("/fs/a.txt", "Accept-Encoding: gzip\r\n")
    assert (response.body, response.header("Content-Encoding")) == (b"a", None)
    rule(app, WO, base / "b.txt.gz")
    assert app.get("/fs/b.txt", "Accept-Encoding: gzip\r\n").code == 404


def test_external_storage(launch: Launch, tmp_path: Path, base: Path) -> None:
    ext = tmp_path / "sd"
    below = ext / base.relative_to("/")
    below.mkdir(parents=True)
    write(below / "a.txt", b"external")
    app = launch(base=str(base), ext=str(ext), acl=1)
    app.get("/fs/a.txt")
    app.get("/fs/site/index.html")
    assert asked(app) == [f"{below}/a.txt", f"{base}/site/index.html"]


def test_conditional_requests_learn_nothing_either(app: App, base: Path) -> None:
    rule(app, 403, base / "a.txt")
    assert app.get("/fs/a.txt", "If-None-Match: *\r\n").code == 403
    assert app.get("/fs/a.txt", "Range: bytes=9-\r\n").code == 403
