# SPDX-License-Identifier: MIT
"""Compressed forms beside files."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from tests.support.http import Response
from tests.support.waiting import eventually

from .files_app import write
from .http_app import App, Launch
from .vfs_app import VfsApp

TEXT = b"body { color: red }\n" * 100
PACKED = gzip.compress(TEXT, mtime=0)
AGE = 1_700_000_000


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """One file with both forms, one with each alone."""
    write(tmp_path / "both.css", TEXT, AGE)
    write(tmp_path / "both.css.gz", PACKED, AGE)
    write(tmp_path / "plain.css", TEXT, AGE)
    write(tmp_path / "packed.css.gz", PACKED, AGE)
    return tmp_path


@pytest.fixture
def app(launch: Launch, base: Path) -> App:
    """A server with these files."""
    return launch(base=str(base))


def get(app: App, name: str, accept: str | None, headers: str = "") -> Response:
    accepted = "" if accept is None else f"Accept-Encoding: {accept}\r\n"
    return app.get(f"/fs/{name}", accepted + headers)


def is_packed(response: Response) -> bool:
    assert response.code == 200, response.status
    assert response.header("Content-Type") == "text/css; charset=utf-8"
    packed = response.header("Content-Encoding") == "gzip"
    assert packed or response.header("Content-Encoding") is None
    assert response.body == (PACKED if packed else TEXT)
    assert response.header("Content-Length") == str(len(response.body))
    return packed


@pytest.mark.parametrize(
    ("accept", "packed"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("*", True),
        ("br;q=1, gzip;q=0.1", True),
        ("identity;q=0.5, gzip", True),
        (None, False),
        ("", False),
        ("identity", False),
        ("br", False),
        ("gzip;q=0", False),
        ("*;q=0", False),
        ("identity, gzip;q=0.5", False),
    ],
)
def test_which_form_a_client_gets(app: App, accept: str | None, packed: bool) -> None:
    response = get(app, "both.css", accept)
    assert is_packed(response) is packed
    assert response.header("Vary") == "Accept-Encoding"


def test_without_a_compressed_form(app: App) -> None:
    response = get(app, "plain.css", "gzip")
    assert not is_packed(response)
    assert response.header("Vary") is None


def test_with_a_compressed_form_alone(app: App) -> None:
    for accept in ("gzip", None, "identity, gzip;q=0.1"):
        response = get(app, "packed.css", accept)
        assert is_packed(response)
        assert response.header("Vary") == "Accept-Encoding"
    for accept in ("", "identity", "br", "gzip;q=0"):
        response = get(app, "packed.css", accept)
        assert response.status == "406 Not Acceptable"
        assert response.header("Vary") == "Accept-Encoding"


def test_asked_for_by_its_own_name(app: App) -> None:
    response = get(app, "both.css.gz", "gzip")
    assert response.header("Content-Type") == "application/gzip"
    assert response.header("Content-Encoding") is None
    assert response.body == PACKED


def test_a_form_that_was_forgotten_when_the_file_changed(app: App, base: Path) -> None:
    write(base / "both.css", TEXT, AGE + 1)
    assert not is_packed(get(app, "both.css", "gzip"))
    write(base / "both.css.gz", PACKED, AGE + 2)
    assert is_packed(get(app, "both.css", "gzip"))


@pytest.mark.parametrize(
    ("packed", "plain", "stale"), [(1, 2, True), (2, 2, False), (2, 1, False)]
)
def test_two_changes_within_one_second(
    app: App, base: Path, packed: int, plain: int, stale: bool
) -> None:
    """The program gzip gives the compressed form the time of the file."""
    if isinstance(app, VfsApp):
        pytest.skip("MicroPython's times are whole seconds")
    for name, moment in (("both.css.gz", packed), ("both.css", plain)):
        os.utime(base / name, ns=(AGE * 10**9 + moment,) * 2)
    assert is_packed(get(app, "both.css", "gzip")) is not stale


def test_a_time_of_whole_seconds_may_be_any_moment_of_them(app: App, base: Path) -> None:
    os.utime(base / "both.css", ns=(AGE * 10**9 + 1,) * 2)
    assert is_packed(get(app, "both.css", "gzip"))


def put_later(app: App, root: Path) -> bool:
    """Whether the clock has gone on since the compressed form was uploaded."""
    assert app.request("/up/a.css", "PUT", body=TEXT).code == 204
    plain, packed = (os.stat(root / name).st_mtime_ns for name in ("a.css", "a.css.gz"))
    return plain > packed


def test_a_form_that_was_uploaded_before_the_file(launch: Launch, root: Path) -> None:
    """Both within one second, if the machine is fast enough."""
    app = launch(root=root, base=root)
    for url, body, packed in (("a.css", TEXT, False), ("a.css.gz", PACKED, True)):
        assert app.request(f"/up/{url}", "PUT", body=body).code == 201
        assert is_packed(get(app, "a.css", "gzip")) is packed
    eventually(lambda: put_later(app, root))
    assert not is_packed(get(app, "a.css", "gzip"))


def test_a_directory_with_such_a_name(app: App, base: Path) -> None:
    (base / "plain.css.gz").mkdir()
    assert not is_packed(get(app, "plain.css", "gzip"))


def test_each_form_has_a_tag_of_its_own(app: App) -> None:
    packed = get(app, "both.css", "gzip").header("ETag")
    plain = get(app, "both.css", None).header("ETag")
    assert packed and plain and packed != plain
    assert get(app, "both.css", "gzip", f"If-None-Match: {packed}\r\n").code == 304
    assert get(app, "both.css", "gzip", f"If-None-Match: {plain}\r\n").code == 200
    assert get(app, "both.css", None, f"If-None-Match: {plain}\r\n").code == 304
    response = get(app, "both.css", "gzip", f"If-None-Match: {packed}\r\n")
    assert response.header("Vary") == "Accept-Encoding"


def test_parts_are_those_of_the_form_that_is_sent(app: App) -> None:
    response = get(app, "both.css", "gzip", "Range: bytes=0-1\r\n")
    assert (response.code, response.body) == (206, b"\x1f\x8b")
    assert response.header("Content-Encoding") == "gzip"
    assert response.header("Content-Range") == f"bytes 0-1/{len(PACKED)}"
    assert get(app, "both.css", None, "Range: bytes=0-3\r\n").body == b"body"


def test_an_index(app: App, base: Path) -> None:
    (base / "site").mkdir()
    write(base / "site" / "index.html.gz", gzip.compress(b"<p>"), AGE)
    response = get(app, "site/", "gzip")
    assert gzip.decompress(response.body) == b"<p>"
    assert response.header("Content-Type") == "text/html; charset=utf-8"


def test_external_storage_goes_first_whichever_form_it_has(
    launch: Launch, tmp_path: Path, base: Path
) -> None:
    below = tmp_path / "sd" / base.relative_to("/")
    below.mkdir(parents=True)
    write(below / "plain.css", b"external", AGE)
    write(below / "both.css.gz", gzip.compress(b"external"), AGE)
    app = launch(base=str(base), ext=str(tmp_path / "sd"))
    assert get(app, "plain.css", "gzip").body == b"external"
    assert gzip.decompress(get(app, "both.css", "gzip").body) == b"external"
    assert is_packed(get(app, "packed.css", "gzip"))
