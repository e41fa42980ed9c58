# SPDX-License-Identifier: MIT
"""Sessions are dropped, collected and interrupted while workers are at files.

SECONDS says for how long.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.support.program import Program, Run
from tests.support.waiting import PATIENCE

from .streams import PIPE

SECONDS = float(os.environ.get("SECONDS", "2"))
PROGRAM = (
    PIPE
    + """
import gc, random, time, uhttpd
httpd = uhttpd.Server(0)
httpd.serve('/fs', {folder!r})
httpd.receive(True, '/fs', base={folder!r})
def sleep(req):
    time.sleep(0.01)
    req.write('awake')
httpd.route('/sleep', uhttpd.GET, sleep)
print('PORT', httpd.port())

PUT = header(1, b'{folder}/dropped', 100000)
GET = header(2, b'{folder}/large')

def drop(last):
    pipe, one = session(b'secret\\r', last, (2, bytes(random.randrange(4000))))
    one.read(1)
    if random.random() < 0.5:
        one.close()

end = time.ticks_add(time.ticks_ms(), int({seconds} * 1000))
def work():
    while time.ticks_diff(end, time.ticks_ms()) > 0:
        drop(random.choice((PUT, GET)))
        if random.random() < 0.3:
            gc.collect()
    gc.collect()
    print('OVER')
    input()
    raise SystemExit

while True:
    try:
        try:
            work()
        except KeyboardInterrupt:
            pass
    except KeyboardInterrupt:  # one that came on the heels of another
        pass
"""
)


def visit(board: Program, stop: threading.Event, failures: list[str]) -> None:
    """Downloads, uploads and calls, until told to stop."""
    with httpx.Client(timeout=PATIENCE, base_url=board.url("")) as client:
        number = 0
        while not stop.is_set():
            number += 1
            name = f"/fs/{threading.get_ident()}"
            answers = (
                client.get("/fs/large"),
                client.put(name, content=bytes(20_000)),
                client.get("/sleep"),
            )
            failures += [
                f"{answer} {answer.url} {answer.text}"
                for answer in answers
                if not answer.is_success
            ]


@contextlib.contextmanager
def visitors(board: Program, count: int) -> Iterator[list[str]]:
    """Clients that do all the time what clients do. Yields what has failed."""
    stop, failures = threading.Event(), []
    threads = [threading.Thread(target=visit, args=(board, stop, failures)) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield failures
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@pytest.mark.timeout(SECONDS + 3 * PATIENCE)
def test_sessions_are_dropped_while_files_are_under_way(run: Run, tmp_path) -> None:
    """The interpreter goes on, no client sees an error, and nothing is left behind."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "large").write_bytes(bytes(200_000))
    board = run(PROGRAM.format(folder=str(folder), seconds=SECONDS))
    assert board.port
    with visitors(board, 3) as failures:
        while "OVER" not in board.screen:
            # The fourth signal in a row that a program has not noticed would end it.
            board.interrupt()
            board.receive(time.monotonic() + 0.3)
            assert board.runs(), board.screen
    assert failures == [], board.screen
    assert not list(folder.glob("*.~*"))
    assert httpx.get(board.url("/sleep"), timeout=PATIENCE).text == "awake"
