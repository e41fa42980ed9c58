# SPDX-License-Identifier: MIT
"""The demo of `make run`, in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.support.terminal import Terminal

from .board import Board
from .demo_board import demo_program

PATIENCE = 30_000  # ms


@pytest.fixture
def board(start_board: Callable[[str], Board], free_port: int) -> Board:
    """A board that runs the demo."""
    return start_board(demo_program(free_port))


def test_events_reach_every_page(board: Board, browser: Browser) -> None:
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


def test_pages_talk_to_each_other(board: Board, browser: Browser) -> None:
    pages = [browser.new_page() for _ in range(3)]
    for page in pages:
        with page.expect_websocket():
            page.goto(f"http://{board.host}/")
    for n, page in enumerate(pages):
        page.wait_for_function("() => chat.readyState === WebSocket.OPEN")
        page.fill("#say", f"grüße {n}")
        page.click("#talk button")
        for other in pages:
            last = other.locator("#heard li").last
            expect(last).to_have_text(f"127.0.0.1: grüße {n}", timeout=PATIENCE)
    pages[0].close()
    pages[1].fill("#say", "<b>still here</b>")
    pages[1].press("#say", "Enter")
    expect(pages[2].locator("#heard li").last).to_have_text(
        "127.0.0.1: <b>still here</b>", timeout=PATIENCE
    )
    for page in pages[1:]:
        page.close()


def test_the_terminal_has_the_files_that_are_served(board: Board) -> None:
    (board.directory / "files" / "shared.txt").write_text("shared")
    with Terminal(f"ws://{board.host}/ws") as terminal:
        terminal.login("secret")
        assert terminal.run("open('shared.txt').read()") == "'shared'\r\n"
        assert terminal.run("open('made.txt', 'w').write('made')") == "4\r\n"
    assert (board.directory / "files" / "made.txt").read_text() == "made"
