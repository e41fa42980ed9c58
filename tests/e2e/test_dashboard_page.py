# SPDX-License-Identifier: MIT
"""The page of dashboard() in a browser: plots, texts, and connections that break."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .board import Board

PATIENCE = 30_000  # ms

PROGRAM = """
import uhttpd, uhttpd_dashboard

def start(port):
    global httpd
    httpd = uhttpd.Server(port, events=4)
    uhttpd.dashboard(httpd, '/board', title='A <b> & "c"')
    return httpd.port()

print('PORT', start(0))
"""


@pytest.fixture
def board(start_board) -> Board:
    return start_board(PROGRAM)


def at_prompt(board: Board, line: str) -> None:
    """Has the board run a line."""
    board.type(f"{line}; print('RAN')\r")
    board.expect(r"RAN\r?\n")


def value(page: Page, name: str) -> Locator:
    """Where the page shows the last value of that name."""
    heading = page.get_by_role("heading", name=name, exact=True, level=2)
    return page.locator("section", has=heading).locator("output")


def test_a_dashboard_plots_what_is_dispatched(board: Board, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 900, "height": 500})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(board.url("/board"))
    expect(page.locator("h1")).to_contain_text('A <b> & "c"')
    at_prompt(board, "httpd.dispatch({'a <i>': 1, 'b': -2.5, 'state': '<u>on</u>', 'n': None})")
    shown = page.locator("section")
    expect(shown).to_have_count(4, timeout=PATIENCE)
    at_prompt(board, "_ = [httpd.dispatch({'b': i * i}) for i in range(10)]")
    expect(value(page, "b")).to_have_text("81")
    expect(value(page, "a <i>")).to_have_text("1")
    expect(page.get_by_text("-2.5 to 81 in")).to_be_visible()
    expect(value(page, "state")).to_have_text("<u>on</u>")
    expect(page.locator("canvas")).to_have_count(2)
    at_prompt(board, "httpd.dispatch(7); httpd.dispatch('a line'); httpd.dispatch([1, 2])")
    expect(value(page, "value")).to_have_text("a line")
    expect(shown).to_have_count(7)
    assert complaints == []
    at_prompt(board, "port = httpd.port(); httpd.stop()")
    expect(page.get_by_text("no connection")).to_be_visible(timeout=PATIENCE)
    at_prompt(board, "start(port)")
    expect(page.get_by_text("no connection")).to_be_hidden(timeout=PATIENCE)
    at_prompt(board, "httpd.dispatch({'b': 6})")
    expect(value(page, "b")).to_have_text("6")
    page.close()
