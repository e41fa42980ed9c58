# SPDX-License-Identifier: MIT
"""What `make run` starts, in a browser."""

from __future__ import annotations

from playwright.sync_api import Browser, expect
from terminal import Terminal

PATIENCE = 30_000  # ms
PROGRAM = """
import os
os.putenv('PORT', '{port}')
os.putenv('PASSWORD', 'secret')
exec(open({demo!r}).read())
print('PORT', httpd.port())
"""


def test_events_reach_every_page(start_board, free_port: int, browser: Browser) -> None:
    from board import ROOT

    demo = str(ROOT / "examples" / "demo.py")
    board = start_board(PROGRAM.format(port=free_port, demo=demo))
    pages = [browser.new_page() for _ in range(2)]
    for page in pages:
        with page.expect_response(lambda response: response.url.endswith("/events")):
            page.goto(f"http://{board.host}/")
    with Terminal(f"ws://{board.host}/ws") as terminal:
        terminal.login("secret")
        assert terminal.run("tell('Hello, everybody')") == "True\r\n"
    for page in pages:
        expect(page.locator("#told")).to_have_text("Hello, everybody", timeout=PATIENCE)
        page.close()
