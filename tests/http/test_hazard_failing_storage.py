# SPDX-License-Identifier: MIT
"""Every call of storage or for memory fails once: a clear status or a broken connection."""

from __future__ import annotations

import errno
import gzip
from pathlib import Path

import pytest

from tests.support.http import Response, whole_request
from tests.support.lwip import not_on_lwip

from .files_app import calls_since, fail, nothing_is_open, write
from .http_app import App, Launch

STATUSES = {
    errno.EIO: {404, 500},  # external storage that fails counts as missing
    errno.ENOENT: {404},
    errno.ENOTDIR: {404, 409},
    errno.EACCES: {403},
    errno.ENOMEM: {503},
    errno.EMFILE: {503},
    errno.ENAMETOOLONG: {414},
}
HEADERS = "Accept-Encoding: gzip\r\n"


@pytest.fixture
def app(launch: Launch, tmp_path: Path) -> App:
    """A server with files in two places."""
    base, ext = tmp_path / "base", tmp_path / "sd"
    below = Path(f"{ext}{base}")
    for folder in (base / "sub", below):
        folder.mkdir(parents=True)
    write(base / "a.txt", b"a" * 100)
    write(base / "b.txt", b"b" * 100)
    write(base / "b.txt.gz", gzip.compress(b"b" * 100))
    write(base / "index.html", b"<p>")
    write(below / "c.txt", b"c" * 100)
    return launch(base=str(base), ext=str(ext))


def ask(app: App, target: str, headers: str) -> Response | None:
    """The response; None when the connection breaks."""
    client = app.connect()
    client.send(whole_request(target, headers=HEADERS + headers))
    try:
        return client.response()
    except (AssertionError, ConnectionResetError):
        return None
    finally:
        client.close()


REQUESTS = [
    ("/fs/a.txt", ""),
    ("/fs/b.txt", ""),
    ("/fs/c.txt", "Range: bytes=50-\r\n"),
    ("/fs/", ""),
    ("/fs/sub/", ""),
    ("/fs/sub", ""),
    ("/fs/nothing", ""),
]


@pytest.mark.parametrize(("target", "headers"), REQUESTS)
@pytest.mark.parametrize("error", STATUSES, ids=errno.errorcode.get)
def test_every_call(app: App, target: str, headers: str, error: int) -> None:
    fail(app, 0, error)
    whole = ask(app, target, headers)
    assert whole
    calls = calls_since(app)
    assert calls > 0
    for call in range(1, calls + 1):
        fail(app, call, error)
        response = ask(app, target, headers)
        if response and response.code != whole.code:
            assert response.code in STATUSES[error] | {200}, call
        nothing_is_open(app)
    fail(app, 0, error)
    again = ask(app, target, headers)
    assert again and (again.code, again.body) == (whole.code, whole.body)


@not_on_lwip("the stack would be without memory, too")
@pytest.mark.parametrize(("target", "headers"), REQUESTS)
def test_every_allocation(app: App, target: str, headers: str) -> None:
    whole = ask(app, target, headers)
    assert whole
    app.command("memory enough")
    assert ask(app, target, headers)
    allocations = int(app.command("memory enough").split()[0])
    assert allocations > 0
    for allocation in range(1, allocations + 1):
        app.command(f"memory nth {allocation}")
        response = ask(app, target, headers)
        if response and response.code != whole.code:
            assert response.code in (200, 503), allocation
        nothing_is_open(app)
    app.command("memory enough")
    again = ask(app, target, headers)
    assert again and (again.code, again.body) == (whole.code, whole.body)
