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


NUMBER = "X-Timestamp is no number of milliseconds since 1970"
YEARS = "X-Timestamp is not in the years 2001 to 2107, in milliseconds since 1970"
REFUSED = {
    **dict.fromkeys(["now", "-1", "1.5", "", "1 2"], NUMBER),
    # none, in seconds, of the last moment of 2000, of the first one of 2108, and far beyond
    **dict.fromkeys(["0", "999", str(THEN), "978307199999", "4354819200000", "9" * 20], YEARS),
    f"{THEN}000\r\nx-timestamp: {THEN}000": "X-Timestamp is there twice",
}


@pytest.mark.parametrize("value", REFUSED)
def test_what_is_no_time_is_refused(app: App, root: Path, value: str) -> None:
    response = app.request("/up/a", "PUT", f"X-Timestamp: {value}\r\n", b"1")
    assert (response.code, response.text) == (400, f"400 Bad Request: {REFUSED[value]}\n")
    assert files(root) == {}


@pytest.mark.parametrize("seconds", [978307200, 4354819198])
def test_the_first_and_the_last_time_are_kept(app: App, seconds: int) -> None:
    assert app.request("/up/a", "PUT", f"X-Timestamp: {seconds}000\r\n", b"1").code == 201
    assert [entry.get("modified") for entry in listing(app, "/up/")][1:] == [seconds]
