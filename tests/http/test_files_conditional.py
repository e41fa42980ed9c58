# SPDX-License-Identifier: MIT
"""Conditional requests for files: RFC 9110 section 13."""

from __future__ import annotations

import os
import time
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

import pytest

from tests.support.http import Response
from tests.support.waiting import eventually

from .files_app import fields, write
from .http_app import App, Launch
from .vfs_app import VfsApp

MODIFIED = 1_700_000_000
OLDER, SAME, NEWER = (formatdate(MODIFIED + shift, usegmt=True) for shift in (-1, 0, 1))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of a known age."""
    file = tmp_path / "a.css"
    write(file, b"a {}", modified=MODIFIED)
    return file


@pytest.fixture
def app(launch: Launch, file: Path) -> App:
    """A server with this file."""
    return launch(base=str(file.parent))


def get(app: App, headers: str = "") -> Response:
    return app.get("/fs/a.css", headers)


def etag(app: App) -> str:
    found = get(app).header("ETag")
    assert found and found.startswith('"') and found.endswith('"')
    return found


def test_what_a_response_says(app: App) -> None:
    response = get(app)
    assert response.header("Last-Modified") == SAME
    date = parsedate_to_datetime(response.header("Date") or "").timestamp()
    assert abs(date - time.time()) < 600


def test_not_modified(app: App) -> None:
    tag = etag(app)
    client = app.connect()
    response = client.request("/fs/a.css", headers=f"If-None-Match: {tag}\r\n")
    assert response.status == "304 Not Modified"
    found, whole = fields(response), fields(get(app))
    for name in ("ETag", "Last-Modified", "Cache-Control", "Content-Type"):
        assert found[name] == whole[name]
    assert "Content-Length" not in found and "Transfer-Encoding" not in found
    assert client.request("/fs/a.css").body == b"a {}"


def test_all_of_them(app: App) -> None:
    tag = etag(app)
    for headers, code in [
        (f"If-None-Match: W/{tag}", 304),
        (f'If-None-Match: "x", {tag}', 304),
        ("If-None-Match: *", 304),
        ('If-None-Match: "x"', 200),
        (f"If-Modified-Since: {SAME}", 304),
        (f"If-Modified-Since: {NEWER}", 304),
        (f"If-Modified-Since: {OLDER}", 200),
        ("If-Modified-Since: whenever", 200),
        (f"If-Match: {tag}", 200),
        ("If-Match: *", 200),
        ('If-Match: "x"', 412),
        (f"If-Match: W/{tag}", 412),
        (f"If-Unmodified-Since: {SAME}", 200),
        (f"If-Unmodified-Since: {OLDER}", 412),
        (f'If-None-Match: "x"\r\nIf-Modified-Since: {SAME}', 200),
        (f"If-Match: {tag}\r\nIf-Unmodified-Since: {OLDER}", 200),
        (f'If-Match: "x"\r\nIf-None-Match: {tag}', 412),
    ]:
        assert get(app, headers + "\r\n").code == code, headers


def test_head(app: App) -> None:
    headers = f"If-None-Match: {etag(app)}\r\n"
    assert app.connect().request("/fs/a.css", "HEAD", headers=headers).code == 304
    assert app.connect().request("/fs/a.css", "HEAD").code == 200


def test_missing_files_have_no_state(app: App) -> None:
    assert app.get("/fs/nothing", "If-None-Match: *\r\n").code == 404
    assert app.get("/fs/nothing", "If-Match: *\r\n").code == 404


def test_every_change_shows(app: App, file: Path) -> None:
    if isinstance(app, VfsApp):
        pytest.skip("MicroPython counts seconds: what is that young has no tag")
    tags = [etag(app)]
    write(file, b"b {}", modified=MODIFIED + 5)
    tags.append(etag(app))
    file.write_bytes(b"c {}")
    tags.append(etag(app))
    file.write_bytes(b"d {}")
    tags.append(etag(app))
    write(file.with_name("new"), b"e {}", modified=MODIFIED)
    file.with_name("new").rename(file)
    tags.append(etag(app))
    assert len(set(tags)) == len(tags)


def has_another_status_time(file: Path, before: int) -> bool:
    """Changes what is known of a file, until that shows in a time in seconds."""
    file.chmod(0o600)
    return int(file.stat().st_ctime) != before


def test_links_and_modes_are_no_change(app: App, file: Path) -> None:
    before, status_time = etag(app), int(file.stat().st_ctime)
    eventually(lambda: has_another_status_time(file, status_time))
    assert etag(app) == before
    os.link(file, file.with_name("other.css"))
    file.unlink()
    file.with_name("other.css").rename(file)
    assert etag(app) == before


def test_a_change_within_the_tick_of_a_coarse_clock(app: App, file: Path) -> None:
    write(file, b"b {}", modified=int(time.time()))
    response = get(app)
    assert response.header("ETag") is None
    assert response.header("Last-Modified") is not None
    assert get(app, 'If-Match: "x"\r\n').code == 412


def test_a_clock_that_was_never_set(app: App, file: Path) -> None:
    write(file, b"b {}", modified=315_532_800 + 30)  # half a minute after a chip's 1980
    tag = etag(app)
    assert get(app).header("Last-Modified") is None
    assert get(app, f"If-None-Match: {tag}\r\n").code == 304
    assert get(app, f"If-Modified-Since: {NEWER}\r\n").code == 200


def test_after_a_restart_such_a_file_may_be_another(app: App, launch: Launch, file: Path) -> None:
    write(file, b"b {}", modified=315_532_800 + 30)
    assert etag(app) != etag(launch(base=str(file.parent)))


def test_a_storage_that_knows_no_times(app: App, file: Path) -> None:
    write(file, b"b {}", modified=0)
    response = get(app)
    assert response.header("ETag") is None and response.header("Last-Modified") is None
    assert response.body == b"b {}"
    assert get(app, "If-None-Match: *\r\n").code == 304
