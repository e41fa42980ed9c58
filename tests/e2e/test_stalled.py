# SPDX-License-Identifier: MIT
"""A stalled download, listener and WebSocket, and a sleeping callback, all at once."""

from __future__ import annotations

import httpx
from playwright.sync_api import Browser

from tests.support.http import HttpClient, whole_request
from tests.support.websocket import handshake

PROGRAM = """
import os, time, uhttpd

def sleep(req):
    print('asleep')
    time.sleep(3600)

def echo(ws, data):
    if data is not None:
        ws.send(data)

httpd = uhttpd.Server(0, events=4, max_sockets=24)
httpd.route('/', uhttpd.GET, lambda req: req.write('<p>page'))
httpd.route('/sleep', uhttpd.GET, sleep)
httpd.serve('/files', os.getcwd())
httpd.event('/events', buffer=65536)
chat = httpd.websocket('/echo', echo)
with open('big.bin', 'w') as file:
    for _ in range(1000):
        file.write('0123456789' * 500)
print('PORT', httpd.port())
"""

PAGE = """async () => {
    const source = new EventSource('/events');
    const events = [];
    source.onmessage = (event) => events.push(event.data);
    await new Promise((resolve) => { source.onopen = resolve; });
    const socket = new WebSocket(location.origin.replace('http', 'ws') + '/echo');
    await new Promise((resolve) => { socket.onopen = resolve; });
    const echo = (text) => new Promise((resolve) => {
        socket.onmessage = (message) => resolve(message.data === text);
        socket.send(text);
    });
    for (let i = 0; i < 20; i++) {
        if (!await echo(`number ${i}`)) return 'no echo';
        const page = await fetch('/');
        if (await page.text() !== '<p>page') return 'no page';
    }
    window.events = events;
    return 'all well';
}"""


def stalled(port: int, request: bytes | str) -> HttpClient:
    """A client that sends a request and never reads the answer."""
    client = HttpClient(port, receive_buffer=2048)
    client.send(request)
    return client


def test_the_others_notice_nothing(start_board, browser: Browser) -> None:
    board = start_board(PROGRAM)
    clients = [
        stalled(board.port, whole_request(target))
        for target in ("/sleep", "/files/big.bin", "/events")
    ]
    clients.append(stalled(board.port, handshake("/echo")))
    board.expect("asleep")
    board.type("_ = [(httpd.dispatch('x' * 500), chat.send('x' * 500)) for n in range(100)]\r")
    board.type("print('done', 1)\r")
    board.expect("done 1")
    page = browser.new_page()
    page.goto(f"http://{board.host}/")
    assert page.evaluate(PAGE) == "all well"
    board.type("httpd.dispatch('hello')\r")
    page.wait_for_function("() => window.events.includes('hello')")
    assert httpx.get(f"http://{board.host}/files/big.bin").content == b"0123456789" * 500_000
    page.close()
    for client in clients:
        client.close()
