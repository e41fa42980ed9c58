# SPDX-License-Identifier: MIT
"""A slow client, handler or disk holds up nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.http import HttpClient, whole_request
from tests.support.waiting import eventually

from .files_app import nothing_is_open, write
from .http_app import App, Launch, pattern

SIZE = 8_000_000


@pytest.fixture
def app(launch: Launch, tmp_path: Path) -> App:
    """A server with two workers."""
    write(tmp_path / "long", pattern(SIZE))
    write(tmp_path / "short", b"short")
    return launch(base=str(tmp_path), workers=2)


def test_three_stalled_readers_and_a_handler_that_sleeps(app: App) -> None:
    stalled = [app.connect(receive_buffer=4096) for _ in range(3)]
    for client in stalled:
        client.send(whole_request("/fs/long"))
        client.head()
    app.hold()
    received = [b""] * len(stalled)
    for _ in range(10):
        assert app.get("/fs/short").body == b"short"
        for at, client in enumerate(stalled):  # so little that it stalls again, but not for ever
            received[at] += client.read_exactly(100_000)
    app.command("release 1")
    for client, begin in zip(stalled, received):
        assert begin + client.read_exactly(SIZE - len(begin)) == pattern(SIZE)
    nothing_is_open(app)


@pytest.mark.parametrize("other", ["/hello", "/fs/short"])
def test_a_disk_that_takes_its_time(app: App, side: type[App], other: str) -> None:
    if side is not App and other.startswith("/fs/"):
        pytest.skip("MicroPython's file systems do one thing at a time")
    body = app.get(other).body
    app.command("slow 1")
    waiting = app.connect()
    waiting.send(whole_request("/fs/short"))
    eventually(lambda: app.state()["holding"] == 1)
    for _ in range(10):
        assert app.get(other).body == body
    app.command("release 1")
    assert waiting.response().body == b"short"


def test_many_readers_of_one_file(app: App) -> None:
    clients = [app.connect() for _ in range(8)]
    for client in clients:
        client.send(whole_request("/fs/long"))
    with ThreadPoolExecutor(len(clients)) as pool:  # no client may count as too slow
        for response in pool.map(HttpClient.response, clients):
            assert response.body == pattern(SIZE)
    nothing_is_open(app)
