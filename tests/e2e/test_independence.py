# SPDX-License-Identifier: MIT
"""A callback that sleeps and a client that is stuck in its headers hold up nobody else."""

from __future__ import annotations

import httpx

from tests.support.http import HttpClient
from tests.support.terminal import Terminal

PROGRAM = """
import time, uhttpd

def sleep(req):
    time.sleep(5)
    req.write('slept')

httpd = uhttpd.Server(0)
httpd.route('/sleep', uhttpd.GET, sleep)
httpd.route('/hello', uhttpd.GET, lambda req: req.write('hello'))
httpd.ws('/ws', 'pw')
print('PORT', httpd.port())
"""


def test_others_notice_nothing(start_board) -> None:
    """Everything here is done before the callback has slept."""
    board = start_board(PROGRAM)
    with (
        HttpClient(board.port) as stuck,
        HttpClient(board.port) as sleeper,
        Terminal(f"ws://{board.host}/ws") as terminal,
        httpx.Client() as client,
    ):
        stuck.send(b"GET /hello HTTP/1.1\r\nHo")
        sleeper.send(b"GET /sleep HTTP/1.1\r\nHost: x\r\n\r\n")
        terminal.login("pw")
        for number in range(20):
            assert client.get(f"http://{board.host}/hello").text == "hello"
            assert terminal.run(f"{number}+1") == f"{number + 1}\r\n"
        assert sleeper.is_silent(0), "the sleeping callback was done first"
        assert sleeper.response().text == "slept"
        stuck.send(b"st: x\r\n\r\n")
        assert stuck.response().text == "hello"
