# SPDX-License-Identifier: MIT
"""Parts of files: RFC 9110 section 14."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.board_disk import DiskPath

from .files_app import write
from .http_app import App, Launch, pattern

SIZE = 100_000
DATA = pattern(SIZE)
DATE = "Tue, 14 Nov 2023 22:13:20 GMT"


@pytest.fixture
def app(launch: Launch, tmp_path: Path) -> App:
    """A server with a file, an empty file, and one without an entity tag."""
    dated = not isinstance(tmp_path, DiskPath)
    write(tmp_path / "data.bin", DATA, 1_700_000_000 if dated else None)
    write(tmp_path / "empty", b"", 1_700_000_000 if dated else None)
    write(tmp_path / "timeless", DATA, 0 if dated else None)
    return launch(base=str(tmp_path))


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("0-0", 0, 0),
        ("0-9", 0, 9),
        ("500-599", 500, 599),
        (f"{SIZE - 1}-", SIZE - 1, SIZE - 1),
        ("5000-", 5000, SIZE - 1),
        ("-1", SIZE - 1, SIZE - 1),
        ("-5000", SIZE - 5000, SIZE - 1),
        ("-999999999", 0, SIZE - 1),
        ("10-99999999999999999999999", 10, SIZE - 1),
    ],
)
def test_a_part(app: App, asked: str, first: int, last: int) -> None:
    response = app.get("/fs/data.bin", f"Range: bytes={asked}\r\n")
    assert response.status == "206 Partial Content"
    assert response.header("Content-Range") == f"bytes {first}-{last}/{SIZE}"
    assert response.header("Content-Length") == str(last - first + 1)
    assert response.body == DATA[first : last + 1]


def test_a_part_says_what_the_whole_says(app: App, dates: None) -> None:
    part = app.get("/fs/data.bin", "Range: bytes=0-9\r\n")
    whole = app.get("/fs/data.bin")
    for name in ("ETag", "Last-Modified", "Cache-Control", "Content-Type", "Accept-Ranges"):
        assert part.header(name) == whole.header(name) is not None


@pytest.mark.parametrize(
    "asked", [f"{SIZE}-", f"{SIZE}-{SIZE + 5}", "-0", "99999999999999999999-"]
)
def test_a_part_that_is_not_there(app: App, asked: str) -> None:
    client = app.connect()
    response = client.request("/fs/data.bin", headers=f"Range: bytes={asked}\r\n")
    assert response.status == "416 Range Not Satisfiable"
    assert response.header("Content-Range") == f"bytes */{SIZE}"
    assert client.request("/fs/data.bin", headers="Range: bytes=0-0\r\n").body == DATA[:1]


@pytest.mark.parametrize(
    "header", ["bytes=5-2", "bytes=x", "bytes=", "lines=1-2", "bytes=0-1,5-6", "bytes=0-0,-1"]
)
def test_ranges_that_get_the_whole_file(app: App, header: str) -> None:
    response = app.get("/fs/data.bin", f"Range: {header}\r\n")
    assert (response.code, response.body) == (200, DATA)
    assert response.header("Content-Range") is None


def test_nothing_has_no_parts(app: App) -> None:
    assert app.get("/fs/empty", "Range: bytes=0-\r\n").code == 416
    assert app.get("/fs/empty", "Range: bytes=-5\r\n").code == 200


def test_only_get_has_ranges(app: App) -> None:
    response = app.connect().request("/fs/data.bin", "HEAD", headers="Range: bytes=0-9\r\n")
    assert response.code == 200
    assert response.header("Content-Length") == str(SIZE)


def test_if_range(app: App, dates: None) -> None:
    etag = app.get("/fs/data.bin").header("ETag")
    for state, code in [
        (etag, 206),
        (DATE, 206),
        ('"other"', 200),
        (f"W/{etag}", 200),
        ("Tue, 14 Nov 2023 22:13:21 GMT", 200),
        ("Tue, 14 Nov 2023 22:13:19 GMT", 200),
        ("nonsense", 200),
    ]:
        headers = f"Range: bytes=1-2\r\nIf-Range: {state}\r\n"
        assert app.get("/fs/data.bin", headers).code == code, state


def test_if_range_where_versions_cannot_be_told_apart(app: App, dates: None) -> None:
    headers = "Range: bytes=1-2\r\nIf-Range: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
    assert app.get("/fs/timeless", headers).code == 200


def test_conditions_go_before_ranges(app: App, dates: None) -> None:
    etag = app.get("/fs/data.bin").header("ETag")
    for condition, code in [
        (f"If-None-Match: {etag}", 304),
        (f"If-Modified-Since: {DATE}", 304),
        ('If-Match: "other"', 412),
        (f"If-Match: {etag}", 206),
    ]:
        headers = f"Range: bytes=1-2\r\n{condition}\r\n"
        assert app.get("/fs/data.bin", headers).code == code, condition
    headers = f"Range: bytes={SIZE}-\r\nIf-None-Match: {etag}\r\n"
    assert app.get("/fs/data.bin", headers).code == 304


def test_beyond_4_gigabytes(launch: Launch, tmp_path: Path) -> None:
    size = 5 * 2**30
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(size)
        file.seek(size - 3)
        file.write(b"end")
    app = launch(base=str(tmp_path))
    response = app.get("/fs/sparse", "Range: bytes=-3\r\n")
    assert response.body == b"end"
    assert response.header("Content-Range") == f"bytes {size - 3}-{size - 1}/{size}"
    head = app.connect().request("/fs/sparse", method="HEAD")
    assert head.header("Content-Length") == str(size)


def test_curl_resumes_a_cut_download(app: App, computer: Path) -> None:
    part = computer / "part"
    part.write_bytes(DATA[:12345])
    url = f"http://127.0.0.1:{app.port}/fs/data.bin"
    subprocess.run(["curl", "--silent", "--fail", "-C", "-", "-o", part, url], check=True)
    assert part.read_bytes() == DATA
