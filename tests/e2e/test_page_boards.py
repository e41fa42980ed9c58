# SPDX-License-Identifier: MIT
"""Several boards on one page, boards that restart, and people who share a board."""

from __future__ import annotations

import re
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, expect
from websockets.exceptions import ConnectionClosed

from tests.support.terminal import Terminal
from tests.support.waiting import eventually

from .board import Board
from .pages import PASSWORD, PATIENCE, PROGRAM, answer, login, open_page, shows, state


def friend_of(board: Board) -> str:
    """A program for another board, which allows pages of this one."""
    return PROGRAM.replace("max_sockets=16", f"origins=['http://{board.host}'], max_sockets=16")


def add_board(page: Page, host: str) -> None:
    page.click("#add")
    answer(page, host, "Open")


def somebody_at(board: Board) -> Terminal | None:
    """Somebody else who holds the terminal, unless it is still in use."""
    terminal = Terminal(f"ws://{board.host}/ws")
    try:
        terminal.login(PASSWORD)
    except ConnectionClosed:
        terminal.close()
        return None
    return terminal


def listed(page: Page, board: Board) -> str:
    """What the list of boards says of one."""
    page.click("#add")
    entry = page.locator(".known li").filter(has_text=board.host).locator(".state")
    expect(entry).not_to_contain_text("Looking", timeout=PATIENCE)
    text = entry.inner_text()
    page.keyboard.press("Escape")
    return text


def test_two_boards_side_by_side(start_board, browser: Browser) -> None:
    first = start_board(PROGRAM)
    second = start_board(friend_of(first))
    page = open_page(browser, first)
    login(page)
    page.click("#add")
    page.keyboard.type(f"{second.host}\n")
    state(page, "password", "-2")
    page.keyboard.type(f"{PASSWORD}\n")
    state(page, "connected", "-2")
    page.keyboard.type("print('on', 'two')\n")
    page.wait_for_function("() => window.boards.all[1].text().includes('on two')")
    assert "on two" not in page.evaluate("window.webrepl.text()")
    page.close()


def test_addresses_are_remembered_and_passwords_are_not(start_board, browser: Browser) -> None:
    first = start_board(PROGRAM)
    second = start_board(friend_of(first))
    page = open_page(browser, first)
    login(page)
    add_board(page, second.host)
    login(page, suffix="-2")
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert second.host in kept
    assert PASSWORD not in kept
    page.reload()
    state(page, "password")
    state(page, "password", "-2")
    page.click("#remove-2")
    page.reload()
    state(page, "password")
    expect(page.locator("#status-2")).to_have_count(0)
    page.close()


def test_the_page_comes_back_by_itself_after_a_restart(
    start_board, free_port: int, browser: Browser
) -> None:
    board = start_board(PROGRAM.replace("Server(0", f"Server({free_port}"))
    page = open_page(browser, board)
    login(page)
    board.type("httpd.stop()\n")
    state(page, "closed")
    board.type("exec(open('program0.py').read())\n")
    state(page, "connected")
    shows(page, ">>>")
    page.keyboard.type("print('back', 'again')\n")
    shows(page, "back again")
    page.close()


def test_who_finds_the_board_taken_can_watch_or_take_over(start_board, browser: Browser) -> None:
    board = start_board(PROGRAM)
    first, second = open_page(browser, board), open_page(browser, board)
    login(first)
    state(second, "password")
    second.fill("#password", PASSWORD)
    second.click("#connect")
    state(second, "busy")
    expect(second.locator("#message")).to_contain_text("127.0.0.1")
    second.click("#watch")
    state(second, "connected")
    first.keyboard.type("print('seen', 'by', 'both')\n")
    shows(second, "seen by both")
    second.click("#disconnect")
    second.click("#again")
    state(second, "password")
    second.fill("#password", PASSWORD)
    second.click("#connect")
    state(second, "busy")
    second.click("#takeover")
    state(second, "connected")
    expect(first.locator("#status")).to_have_attribute("data-state", "closed", timeout=PATIENCE)
    first.close()
    second.close()


@pytest.mark.parametrize(
    "program",
    [
        PROGRAM,
        f"import webrepl\nwebrepl.start(0, {PASSWORD!r})\nprint('PORT', webrepl.listen_s.port())",
    ],
    ids=["uhttpd", "webrepl"],
)
def test_a_board_that_refuses_this_page_says_what_to_set(
    start_board, browser: Browser, program: str
) -> None:
    first, second = start_board(PROGRAM), start_board(program)
    page = open_page(browser, first)
    login(page)
    add_board(page, second.host)
    message = page.locator("#message-2")
    expect(message).to_contain_text(f'origins=["http://{first.host}"]', timeout=PATIENCE)
    expect(page.locator("#again-2")).to_have_text("Connect", timeout=PATIENCE)
    page.close()


def test_a_board_that_webrepl_started_lets_a_listed_page_in(start_board, browser: Browser) -> None:
    first = start_board(PROGRAM)
    second = start_board(
        f"import webrepl\nwebrepl.start(0, {PASSWORD!r}, origins=['http://{first.host}'])\n"
        "print('PORT', webrepl.listen_s.port())"
    )
    page = open_page(browser, first)
    login(page)
    add_board(page, second.host)
    login(page, suffix="-2")
    page.close()


def test_boards_that_were_added_are_listed_with_their_state(start_board, browser: Browser) -> None:
    first = start_board(PROGRAM)
    second = start_board(friend_of(first))
    stranger = start_board(PROGRAM)
    page = open_page(browser, first)
    login(page)
    for number, board in ((2, second), (3, stranger)):
        add_board(page, board.host)
        expect(page.locator(f"#status-{number}")).to_be_visible()
        if board is second:
            login(page, suffix="-2")
        page.click(f"#remove-{number}")
    known = page.locator(".known li")
    with eventually(partial(somebody_at, second)):
        assert re.search(
            r"Online, in use by 127\.0\.0\.1 for \d+ s · version \d+\.\d+\.\d+$",
            listed(page, second),
        )
    eventually(lambda: "Online · version" in listed(page, second))
    page.click("#add")
    expect(known.filter(has_text=stranger.host)).to_contain_text(
        "does not let this page in", timeout=PATIENCE
    )
    stranger.type("httpd.stop()\n")
    page.keyboard.press("Escape")
    page.click("#add")
    expect(known.filter(has_text=stranger.host)).to_contain_text("No answer", timeout=PATIENCE)
    known.filter(has_text=second.host).get_by_role("button").first.click()
    login(page, suffix="-4")
    page.close()
