# SPDX-License-Identifier: MIT
"""Existing clients listen to events, reconnect with Last-Event-ID, and miss nothing."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from httpx_sse import connect_sse

from tests.support import npm
from tests.support.proxy import CuttingProxy
from tests.support.waiting import PATIENCE

COUNT = 300
# Sends numbers as soon as somebody listens. At the numbers in `restarts` the server restarts.
PROGRAM = """
import time, uhttpd
def start(port):
    httpd = uhttpd.Server(port, events=4, cors=True)
    httpd.event('/events', buffer=65536, retry={retry})
    httpd.route('/', uhttpd.GET, lambda req: req.write('<p>page'))
    return httpd
httpd = start(0)
port = httpd.port()
print('PORT', port)
while not httpd.dispatch('begin'):
    time.sleep(0.01)
for n in range({count}):
    if n in {restarts}:
        while not httpd.dispatch('begin'):
            time.sleep(0.01)
        httpd.stop()
        httpd = start(port)
    httpd.dispatch(str(n))
    time.sleep(0.005)
"""
Listen = Callable[[str], list[int]]


def numbers(lines: Iterator[str]) -> list[int]:
    """Collects events up to the last one."""
    heard: list[int] = []
    for line in lines:
        if line != "begin":
            heard.append(int(line))
        if heard and heard[-1] == COUNT - 1:
            break
    return heard


def listen_with_httpx_sse(url: str) -> list[int]:
    """The library only reads. Its users have to reconnect."""

    def lines() -> Iterator[str]:
        last = ""
        end = time.monotonic() + PATIENCE
        with httpx.Client(timeout=PATIENCE) as client:
            while time.monotonic() < end:
                headers = {"Last-Event-ID": last} if last else {}
                with (
                    suppress(httpx.TransportError),
                    connect_sse(client, "GET", url, headers=headers) as stream,
                ):
                    for event in stream.iter_sse():
                        last = event.id or last
                        if event.data:  # the library shows a bare `retry` too
                            yield event.data
                time.sleep(0.1)

    return numbers(lines())


@pytest.fixture(scope="session")
def npm_listener() -> Path:
    """The npm package `eventsource`, installed, and the script that uses it."""
    return npm.install(Path(__file__).resolve().parent / "eventsource") / "listen.mjs"


@pytest.fixture(params=["httpx-sse", "npm eventsource", "Chromium"])
def listen(request: pytest.FixtureRequest) -> Iterator[Listen]:
    """Listens at a URL until the last number."""
    if request.param == "httpx-sse":
        yield listen_with_httpx_sse
    elif request.param == "Chromium":
        page = request.getfixturevalue("browser").new_page()
        yield lambda url: listen_in_page(page, url)
        page.close()
    else:
        script = request.getfixturevalue("npm_listener")
        processes: list[subprocess.Popen] = []

        def start(url: str) -> list[int]:
            command = ["node", script, url]
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, text=True, env=npm.environment()
            )
            processes.append(process)
            return numbers(line.strip() for line in process.stdout)

        yield start
        for process in processes:
            process.kill()
            process.communicate()


def listen_in_page(page: object, url: str) -> list[int]:
    """EventSource in a browser."""
    page.goto(url.replace("/events", "/"))
    return page.evaluate(
        """([url, last]) => new Promise((resolve) => {
            const heard = [];
            new EventSource(url).onmessage = (event) => {
                if (event.data !== 'begin') heard.push(Number(event.data));
                if (heard.at(-1) === last) resolve(heard);
            };
        })""",
        [url, COUNT - 1],
    )


def test_connection_that_is_cut(start_board, listen: Listen) -> None:
    board = start_board(PROGRAM.format(retry=0.1, count=COUNT, restarts=()))
    proxy = CuttingProxy(board.port)
    assert listen(f"http://127.0.0.1:{proxy.port}/events") == list(range(COUNT))
    assert proxy.cuts > 3
    proxy.close()


def test_server_that_starts_again(start_board, listen: Listen) -> None:
    """Its ids are other ones, so clients that reconnect get everything that it has."""
    board = start_board(PROGRAM.format(retry=1, count=COUNT, restarts=(100, 200)))
    assert listen(f"http://{board.host}/events") == list(range(COUNT))
