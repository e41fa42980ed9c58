# SPDX-License-Identifier: MIT
"""The password leaves the page in clear only if somebody has said so."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from .board import Board
from .impostor import impostor
from .pages import PASSWORD, PATIENCE, PROGRAM, login, open_page, state


@pytest.fixture
def board(start_board, free_port: int) -> Board:
    """A board whose port is known beforehand."""
    return start_board(PROGRAM.replace("Server(0", f"Server({free_port}"))


def wait_for(something) -> None:
    """Waits for somebody to come."""
    assert something.came.acquire(timeout=PATIENCE / 1000)


def test_a_reconnection_never_falls_back(board: Board, browser: Browser, free_port: int) -> None:
    page = open_page(browser, board)
    login(page)
    board.type("httpd.stop()\n")
    state(page, "closed")
    with impostor(free_port) as (other, _):
        for _ in range(2):
            wait_for(other)
        state(page, "closed")
        assert other.heard == ""
        assert "webrepl.2" in other.asked_for
    page.close()


def test_a_board_is_known_by_its_edition_after_a_reload(
    board: Board, browser: Browser, start_board
) -> None:
    other = start_board(PROGRAM.replace("Server(0", f"Server(0, origins=['http://{board.host}']"))
    page = open_page(browser, board, f"#{other.host}/ws")
    login(page)
    port = other.port
    other.type("httpd.stop()\n")
    state(page, "closed")
    with impostor(port) as (false, _):
        page.reload()
        wait_for(false)
        expect(page.locator("#status")).not_to_have_attribute(
            "data-state", "connecting", timeout=PATIENCE
        )
        expect(page.locator("#password")).to_be_hidden()
        assert false.heard == ""
    page.close()


def test_an_old_board_gets_the_password_when_people_agree(board: Board, browser: Browser) -> None:
    with impostor() as (old, port):
        page = open_page(browser, board, f"#127.0.0.1:{port}")
        state(page, "password")
        expect(page.locator("#clear")).to_be_visible()
        page.fill("#password", PASSWORD)
        assert old.heard == ""
        page.get_by_role("button", name="Send it in clear").click()
        state(page, "connected")
        assert old.heard == PASSWORD + "\r"
        page.close()
