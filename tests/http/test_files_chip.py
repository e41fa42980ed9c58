# SPDX-License-Identifier: MIT
"""File systems of chips report less than those of desktops."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .files_app import fail, write
from .http_app import App, Launch

AGE = 1_700_000_000


@pytest.fixture
def app(launch: Launch, tmp_path: Path) -> App:
    """A server with files on such a storage."""
    write(tmp_path / "a.txt", b"aaa", AGE)
    app = launch(base=str(tmp_path))
    app.command("chip 1")
    return app


def test_nothing_is_known_of_an_open_file_but_its_length(app: App, tmp_path: Path) -> None:
    response = app.get("/fs/a.txt")
    etag = response.header("ETag")
    assert response.body == b"aaa"
    assert response.header("Last-Modified") == "Tue, 14 Nov 2023 22:13:20 GMT"
    assert app.get("/fs/a.txt", f"If-None-Match: {etag}\r\n").code == 304
    write(tmp_path / "a.txt", b"bbb", AGE + 10)
    assert app.get("/fs/a.txt").header("ETag") not in (None, etag)


def test_the_root_is_listed_although_it_is_not_known(app: App) -> None:
    document = json.loads(app.get("/fs/").body)
    entry = {"path": "a.txt", "type": "file", "size": 3, "modified": AGE}
    assert document["list"] == [entry]


def test_a_root_that_is_not_there(launch: Launch, tmp_path: Path) -> None:
    app = launch(base=str(tmp_path / "nothing"))
    assert app.get("/fs/").code == 404


def test_a_name_that_no_file_can_have(app: App) -> None:
    for target in ("/fs/a.txt", "/fs/"):
        fail(app, 0, 22)
        whole = app.get(target)
        for call in range(1, 6):
            fail(app, call, 22)
            assert app.get(target).code in (whole.code, 400, 404), call
