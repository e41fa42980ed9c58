# SPDX-License-Identifier: MIT
"""Every character that people type or paste at the prompt arrives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from .board import Board
from .demo_board import PASSWORD as FIRMWARE_PASSWORD
from .pages import PROGRAM, act, faultless_page, login, open_files, row, shows
from .test_files_page import firmware


@pytest.fixture
def board(start_board) -> Board:
    """A board at its prompt, with a file."""
    board = start_board(PROGRAM)
    (board.directory / "müll.py").write_text("print('from', 'müll')\n")
    return board


@pytest.fixture
def page(board: Board, browser: Browser) -> Iterator[Page]:
    """The page of the board, logged in."""
    with faultless_page(browser, board) as page:
        login(page)
        yield page


def text(page: Page) -> str:
    """Everything in the terminal."""
    return page.evaluate("window.webrepl.text()")


def paste(page: Page, pasted: str) -> None:
    """Pastes into the terminal."""
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true});
            document.querySelector('.xterm-helper-textarea').dispatchEvent(event);
        }""",
        pasted,
    )


def test_other_characters_are_typed_and_run(page: Page) -> None:
    page.keyboard.type("print('grüße', '文字', '𝄞')\n")
    shows(page, "\ngrüße 文字 𝄞\n>>>")
    assert text(page).endswith(">>> print('grüße', '文字', '𝄞')\ngrüße 文字 𝄞\n>>>")
    page.keyboard.type("6 * 7\n")
    shows(page, "\n42\n>>>")


def test_values_are_shown_and_names_stay(page: Page) -> None:
    page.keyboard.type("größe = 'ß'\n")
    page.keyboard.type("größe * 3\n")
    shows(page, "\n'\\xdf\\xdf\\xdf'\n>>>")  # as MicroPython shows them
    assert "paste mode" not in text(page)
    assert "===" not in text(page)
    assert "compile" not in text(page)


def test_a_loop_is_typed(page: Page) -> None:
    page.keyboard.type("for x in 'äö':\nprint(x, 'ü')\n")
    page.keyboard.press("Backspace")
    page.keyboard.type("\n")
    shows(page, "\nä ü\nö ü\n>>>")


def test_a_loop_that_begins_in_ascii_is_typed(page: Page) -> None:
    page.keyboard.type("for x in range(2):\n")
    shows(page, "\n...")
    page.keyboard.type("print(x, 'ü')\n\n\n")
    shows(page, "\n0 ü\n1 ü\n>>>")


def test_a_line_is_edited(page: Page) -> None:
    page.keyboard.type("print('ab')")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("üx")
    page.keyboard.press("Backspace")
    page.keyboard.press("Home")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    shows(page, "\naüb\n>>>")
    assert ">>> print('aüb')\n" in text(page)


def test_a_line_is_given_up(page: Page) -> None:
    page.keyboard.type("print('ü")
    page.keyboard.press("Control+c")
    page.keyboard.type("print('after', 'that')\n")
    shows(page, "\nafter that\n>>>")


def test_a_program_is_pasted_as_it_is(page: Page) -> None:
    paste(
        page,
        "def f(x):\n    if x:\n        return 'ü'\n\n    return 'nothing'\n\nprint(f(1), f(0))\n",
    )
    shows(page, "\nü nothing\n>>>")
    assert "paste mode" not in text(page)


def test_indented_lines_are_pasted_as_they_are(page: Page) -> None:
    lines = (
        "for i in range(2):",
        "    if i:",
        "        print('odd', i)",
        "    else:",
        "        print('even', i)",
        "",
    )
    paste(page, "\n".join(lines))
    shows(page, "\neven 0\nodd 1\n>>>")


def test_a_program_with_another_name_runs(page: Page) -> None:
    open_files(page)
    row(page, "müll.py").click()
    act(page, "run")
    shows(page, "\nfrom müll\n>>>")


def test_an_error_is_shown_and_the_prompt_comes_back(page: Page) -> None:
    page.keyboard.type("'ü' + 1\n")
    shows(page, "TypeError")
    page.keyboard.type("import time; print('lies', 'ü'); time.sleep(1000)\n")
    shows(page, "\nlies ü")
    page.keyboard.press("Control+c")
    shows(page, "KeyboardInterrupt")
    page.keyboard.type("print('still', 'here')\n")
    shows(page, "\nstill here\n>>>")


def test_a_console_that_takes_every_character_gets_it(
    tmp_path: Path, free_port: int, browser: Browser
) -> None:
    """The firmware in plain C has commands instead of Python behind the same prompt."""
    with firmware(tmp_path, free_port) as folder:
        (folder / "müll.txt").write_text("found")
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{free_port}/ws")
        login(page, FIRMWARE_PASSWORD)
        page.keyboard.type("cat müll.txt\n")
        shows(page, "\nfound")
        page.close()
