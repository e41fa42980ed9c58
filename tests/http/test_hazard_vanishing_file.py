# SPDX-License-Identifier: MIT
"""A file changes while it is sent: a broken response does not look whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.http import HttpClient, whole_request
from tests.support.waiting import eventually

from .files_app import nothing_is_open, write
from .http_app import App, Launch, pattern

SIZE = 8_000_000  # bytes: more than sockets hold


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A long file."""
    file = tmp_path / "data.bin"
    write(file, pattern(SIZE), modified=1_700_000_000)
    return file


@pytest.fixture
def app(launch: Launch, file: Path) -> App:
    """A server with this file."""
    return launch(base=str(file.parent))


def begin(app: App) -> HttpClient:
    """Opens a client, reads the head of the response, and then pauses."""
    client = app.connect(receive_buffer=4096)
    client.send(whole_request("/fs/data.bin"))
    assert client.head().header("Content-Length") == str(SIZE)
    return client


def rest(client: HttpClient) -> bytes:
    """Reads everything until the server closes, in whatever way."""
    data = client.pending
    try:
        while piece := client.receive():
            data += piece
    except ConnectionResetError:
        pass
    return data


def is_cut(app: App, client: HttpClient) -> None:
    data = rest(client)
    assert len(data) < SIZE
    nothing_is_open(app)


def test_it_becomes_shorter(app: App, file: Path) -> None:
    client = begin(app)
    os.truncate(file, SIZE // 2)
    is_cut(app, client)


def test_it_becomes_empty(app: App, file: Path) -> None:
    client = begin(app)
    os.truncate(file, 0)
    is_cut(app, client)


def test_it_is_written_anew_with_the_same_length(app: App, file: Path) -> None:
    client = begin(app)
    file.write_bytes(b"x" * SIZE)
    is_cut(app, client)


def test_one_byte_is_written_within(app: App, file: Path) -> None:
    client = begin(app)
    with file.open("r+b") as other:
        other.write(b"x")
    is_cut(app, client)


def test_nobody_could_tell_versions_apart_when_it_was_opened(app: App, file: Path) -> None:
    write(file, pattern(SIZE), modified=0)
    client = begin(app)
    os.utime(file, (1_700_000_000, 1_700_000_000))
    assert client.read_exactly(SIZE) == pattern(SIZE)


def test_it_becomes_longer_as_logs_do(app: App, file: Path) -> None:
    client = begin(app)
    with file.open("ab") as log:
        log.write(b"one more line\n")
    assert client.read_exactly(SIZE) == pattern(SIZE)
    assert client.request("/fs/data.bin", method="HEAD").header("Content-Length") == str(SIZE + 14)


def test_it_is_removed(app: App, file: Path) -> None:
    client = begin(app)
    file.unlink()
    assert client.read_exactly(SIZE) == pattern(SIZE)
    assert client.request("/fs/data.bin").code == 404


def test_it_is_replaced(app: App, file: Path) -> None:
    client = begin(app)
    write(file.with_name("new"), b"new")
    file.with_name("new").rename(file)
    assert client.read_exactly(SIZE) == pattern(SIZE)
    assert client.request("/fs/data.bin").body == b"new"


@pytest.mark.parametrize("call", [1, 5, 20])
def test_the_disk_fails(app: App, file: Path, call: int) -> None:
    client = begin(app)
    app.command(f"fail {call} 5")
    is_cut(app, client)
    assert app.get("/fs/data.bin", "Range: bytes=0-9\r\n").body == pattern(10)


def test_the_client_leaves(app: App) -> None:
    client = begin(app)
    client.close()
    nothing_is_open(app)
    assert app.state()["handled"] == 0


def test_the_server_is_stopped(app: App) -> None:
    client = begin(app)
    app.command("stop")
    is_cut(app, client)


def test_a_short_one_is_read_before_its_head_is_sent(app: App, file: Path) -> None:
    write(file.with_name("short"), b"short")
    app.command("slow 1")
    client = app.connect()
    client.send(whole_request("/fs/short"))
    eventually(lambda: app.state()["holding"] == 1)
    os.truncate(file.with_name("short"), 2)
    app.command("release 1")
    assert rest(client) == b""
    nothing_is_open(app)
