# SPDX-License-Identifier: MIT
"""When files were changed: one header of an upload says so, and lists and files tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import storages

from .files_app import listing
from .http_app import App, Launch, files

THEN = 1_600_000_000
FIELD = "Sun, 13 Sep 2020 12:26:40 GMT"


@pytest.fixture
def app(launch: Launch, root: Path) -> App:
    """A server that receives the files that it serves."""
    if storages.chosen() == "littlefs":
        pytest.skip("MicroPython's littlefs lets nobody set times")
    return launch(base=str(root), prefix="/up", root=root)


def test_an_upload_sets_the_time(app: App, root: Path) -> None:
    header = f"X-Timestamp: {THEN}999\r\n"
    assert app.request("/up/a", "PUT", header, b"1").code == 201
    assert app.request("/up/b", "PUT", body=b"1").code == 201
    assert app.request("/up/a", "PUT", header, b"22").code == 204
    assert app.get("/up/a").header("Last-Modified") == FIELD
    times = {entry["path"]: entry.get("modified") for entry in listing(app, "/up/")}
    assert times["a"] == THEN
    assert times["b"] > THEN


@pytest.mark.parametrize("value", ["now", "-1", "1.5", "", "9" * 20, "1 2"])
def test_what_is_no_time_is_refused(app: App, root: Path, value: str) -> None:
    response = app.request("/up/a", "PUT", f"X-Timestamp: {value}\r\n", b"1")
    assert (response.code, response.text[:30]) == (400, "400 Bad Request: X-Timestamp i")
    assert files(root) == {}
