# SPDX-License-Identifier: MIT
"""A server of files, and the calls of its storage."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.http import HttpClient, Response
from tests.support.waiting import eventually

from .http_app import App


def fields(response: Response) -> dict[str, str]:
    """The headers of a response by their names."""
    return dict(response.headers)


def fail(app: App, call: int, error: int) -> None:
    """Makes the n-th call of the storage from now on fail."""
    app.command(f"fail {call} {error}")


def calls_since(app: App) -> int:
    """Returns how many calls of the storage there were since fail()."""
    return json.loads(app.command("storage"))["calls"]


def nothing_is_open(app: App) -> None:
    """Waits until every file and directory is closed."""
    eventually(lambda: app.open_files() == 0)


def calls_of(app: App) -> int:
    """Returns how many calls there were since the last time. No call fails any more."""
    calls = calls_since(app)
    app.command("fail 0")
    return calls


def settled(app: App) -> None:
    """Waits until nothing uses the storage any more, and nothing is open."""
    eventually(lambda: calls_of(app) == 0 and app.open_files() == 0)


def asked(app: App) -> list[str]:
    """The paths that the callback for rights got since the last time."""
    return app.command("asked").removeprefix("asked").strip().split("|")[:-1]


def listing(app: App, path: str) -> list[dict[str, object]]:
    """The entries of a directory, as the server lists them."""
    response = app.get(path)
    assert response.code == 200, response.status
    assert response.header("Content-Type") == "application/json"
    return json.loads(response.body)["list"]


def names(app: App, path: str) -> set[object]:
    """The names in a directory, as the server lists them."""
    return {entry["path"] for entry in listing(app, path)}


def raw(client: HttpClient, target: bytes) -> Response:
    """The response to a request for just these bytes."""
    client.send(b"GET " + target + b" HTTP/1.1\r\nHost: test\r\n\r\n")
    return client.response()


def write(path: Path, data: bytes, modified: int | None = None) -> None:
    """Writes a file, if wanted with a given time."""
    import os

    path.write_bytes(data)
    if modified is not None:
        os.utime(path, (modified, modified))
