# SPDX-License-Identifier: MIT
"""How the page looks is up to people: sizes, colours, borders, links, the plotter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .board import Board
from .pages import PATIENCE, PROGRAM, faultless_page, login, open_files, row, shows, state


@pytest.fixture
def board(start_board) -> Board:
    """A board with a program that fails."""
    board = start_board(PROGRAM)
    (board.directory / "wrong.py").write_text("x = 1\ny = 2\nz = x / 0\n")
    return board


@pytest.fixture
def page(board: Board, browser: Browser) -> Iterator[Page]:
    """The page, logged in."""
    with faultless_page(browser, board, color_scheme="dark") as page:
        login(page)
        yield page


def columns(page: Page) -> int:
    """How many columns the terminal has."""
    return page.evaluate("window.boards.first.columns")


def test_text_size_and_colours_are_chosen_and_remembered(page: Page) -> None:
    before = columns(page)
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.click("#view")
    for _ in range(4):
        page.get_by_role("button", name="Larger").click()
    page.get_by_role("button", name="Light", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.locator("#view-menu")).to_be_hidden()
    page.wait_for_function("before => window.boards.first.columns < before", arg=before)
    light = page.evaluate(ground)
    assert light != dark
    page.reload()
    state(page, "password")
    assert page.evaluate(ground) == light


@pytest.mark.parametrize("way", ["pointer", "key"])
def test_the_file_panel_can_be_resized(page: Page, way: str) -> None:
    open_files(page)
    panel = page.locator("#files")
    before = panel.bounding_box()
    border = page.get_by_role("separator", name="Width of the files")
    if way == "key":
        border.focus()
        for _ in range(5):
            page.keyboard.press("ArrowRight")
    else:
        border.hover()
        page.mouse.down()
        page.mouse.move(before["x"] + before["width"] + 120, 300)
        page.mouse.up()
    assert panel.bounding_box()["width"] > before["width"] + 60


def click_on(page: Page, text: str) -> None:
    """Clicks on text in the terminal."""
    rows = page.locator(".xterm-rows > div").filter(has_text=text).first
    box = rows.bounding_box()
    assert box
    place = rows.evaluate("(row, text) => row.textContent.indexOf(text)", text)
    cell = page.evaluate(
        "document.querySelector('.xterm-screen').clientWidth / window.boards.first.columns"
    )
    page.mouse.move(box["x"] + cell * (place + 1), box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + cell * (place + 2.5), box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + cell * (place + 2.5), box["y"] + box["height"] / 2)


def test_the_place_of_an_error_opens_in_the_editor(page: Page) -> None:
    page.keyboard.type("execfile('wrong.py')\n")
    shows(page, 'File "wrong.py", line 3')
    click_on(page, 'File "wrong.py", line 3')
    expect(page.locator("[data-tab='wrong.py']")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".cm-activeLine")).to_have_text("z = x / 0")


def test_an_address_opens_elsewhere(page: Page, board: Board) -> None:
    page.keyboard.type(f"print('see', 'http://{board.host}/ws?x')\n")
    shows(page, f"see http://{board.host}/ws?x")
    with page.context.expect_page() as other:
        click_on(page, f"http://{board.host}/ws?x")
    assert other.value.url.endswith("/ws?x")


def test_numbers_are_drawn_as_curves(page: Page) -> None:
    page.click("#view")
    page.get_by_role("button", name="Plotter").click()
    page.keyboard.press("Escape")
    page.click("#terminal")
    page.keyboard.type("for i in range(50): print('t=%d, h=%d' % (i, i * i))\n\n\n\n")
    shows(page, "t=49, h=2401")
    expect(page.locator(".legend")).to_contain_text("t 49", timeout=PATIENCE)
    expect(page.locator(".legend")).to_contain_text("h 2401")
    painted = page.evaluate(
        """() => {
            const canvas = document.querySelector('.plot canvas');
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )
    assert painted > 5
    plot, screen = (page.locator(name).bounding_box() for name in (".plot", ".screen"))
    assert plot["height"] < screen["height"] / 2


def test_the_page_says_what_its_keys_are(page: Page) -> None:
    expect(page.locator("#files-toggle")).to_have_attribute("title", "Files (Alt-F)")
    open_files(page)
    row(page, "wrong.py").dblclick()
    expect(page.locator("#editor-toggle")).to_have_attribute("title", "Editor (Alt-E)")
