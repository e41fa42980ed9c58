# SPDX-License-Identifier: MIT
"""The editor of the page: with CodeMirror from the firmware, and the plain field without it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .board import Board
from .pages import (
    PASSWORD,
    PATIENCE,
    PROGRAM,
    act,
    answer,
    faultless_page,
    login,
    open_files,
    open_page,
    read,
    row,
    shows,
    state,
)

TEXT = "# first\nprint('from', 'main')\nfor i in range(3):\n    print(i)\n"


@pytest.fixture
def board(start_board) -> Board:
    """A board with two programs."""
    board = start_board(PROGRAM)
    (board.directory / "main.py").write_text(TEXT)
    (board.directory / "other.py").write_text("other = 1\n")
    return board


@pytest.fixture(params=["CodeMirror", "plain"])
def page(board: Board, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page with main.py open; with and without the editor's own file."""
    with faultless_page(browser, board) as page:
        if request.param == "plain":
            page.route("**/ws?editor", lambda route: route.fulfill(status=404))
        login(page)
        open_files(page)
        row(page, "main.py").dblclick()
        expect(text_of(page)).to_be_visible(timeout=PATIENCE)
        expect(page.locator(".cm-editor")).to_have_count(1 if request.param == "CodeMirror" else 0)
        yield page


def text_of(page: Page) -> Locator:
    """Where the text is typed."""
    return page.locator(".editor .cm-content, .editor .plain textarea:first-child")


def value(page: Page) -> str:
    """The text in the editor."""
    return page.evaluate(
        """() => {
            const field = document.querySelector('.editor .plain textarea');
            if (field) return field.value;
            const lines = document.querySelectorAll('.editor .cm-line');
            return [...lines].map((line) => line.textContent).join('\\n');
        }"""
    )


def note(page: Page) -> Locator:
    """What the editor says about the file in front."""
    return page.locator(".editor .note")


def type_over(page: Page, text: str) -> None:
    """Replaces the whole text by hand; `text` needs no indentation."""
    text_of(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def saved(page: Page) -> None:
    """Saves by key, and waits until the board has it."""
    page.keyboard.press("Control+s")
    expect(note(page)).to_have_text("Saved", timeout=PATIENCE)


def test_tab_indents_what_is_selected_and_undo_brings_all_back(page: Page) -> None:
    text_of(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Tab")
    assert value(page).startswith("    # first\n    print('from', 'main')\n    for")
    assert "        print(i)" in value(page)
    page.keyboard.press("Shift+Tab")
    assert value(page) == TEXT
    page.keyboard.press("Tab")
    page.keyboard.press("Control+z")
    assert value(page) == TEXT


def test_save(page: Page, board: Board) -> None:
    type_over(page, "print('edited')\n")
    expect(note(page)).to_have_text("Not saved")
    expect(page.locator(".tabs .dot")).to_have_count(1)
    saved(page)
    expect(page.locator(".tabs .dot")).to_have_count(0)
    assert read(board, "main.py") == b"print('edited')\n"


def test_line_ends_stay_as_they_were(page: Page, board: Board) -> None:
    (board.directory / "dos.py").write_bytes(b"a = 1\r\nb = 2\r\n")
    act(page, "refresh")
    row(page, "dos.py").dblclick()
    expect(page.locator("[data-tab='dos.py'][aria-current=true]")).to_be_visible(timeout=PATIENCE)
    type_over(page, "a = 1\nb = 3\n")
    saved(page)
    assert read(board, "dos.py") == b"a = 1\r\nb = 3\r\n"


def test_save_and_run_stays_in_the_editor(page: Page) -> None:
    type_over(page, "print('edited', 'and', 'run')\n")
    page.keyboard.press("Control+Enter")
    shows(page, "edited and run")
    expect(text_of(page)).to_be_focused()
    expect(page.locator("#terminal")).to_be_visible()


def test_the_selection_runs_by_itself(page: Page) -> None:
    type_over(page, "if True:\n    print('one', 'line')")
    page.keyboard.press("Shift+Enter")
    shows(page, "\none line")


def test_files_are_in_tabs_and_closing_asks(page: Page) -> None:
    row(page, "other.py").dblclick()
    expect(page.locator(".tabs li")).to_have_count(2, timeout=PATIENCE)
    assert value(page) == "other = 1\n"
    type_over(page, "other = 2\n")
    page.click("[data-tab='main.py']")
    assert value(page) == TEXT
    page.get_by_role("button", name="Close other.py").click()
    answer(page, None, "Cancel")
    page.click("[data-tab='other.py']")
    assert value(page) == "other = 2\n"
    page.get_by_role("button", name="Close other.py").click()
    answer(page, None, "Discard")
    page.get_by_role("button", name="Close main.py").click()
    expect(page.locator("#editor")).to_be_hidden()


def test_a_file_that_changed_elsewhere_is_not_replaced_unseen(page: Page, board: Board) -> None:
    type_over(page, "mine = 1\n")
    (board.directory / "main.py").write_text("theirs = 1\n")
    page.keyboard.press("Control+s")
    expect(page.locator(".banner")).to_contain_text("has changed", timeout=PATIENCE)
    theirs = page.locator(".cm-deletedChunk, .plain textarea[readonly]")
    expect(theirs).to_be_visible()
    shown = theirs.evaluate("(element) => element.value ?? element.textContent")
    assert shown.strip() == "theirs = 1"
    assert read(board, "main.py") == b"theirs = 1\n"
    page.get_by_role("button", name="Save mine").click()
    expect(note(page)).to_have_text("Saved", timeout=PATIENCE)
    expect(page.locator(".banner")).to_be_hidden()
    assert read(board, "main.py") == b"mine = 1\n"


def test_the_board_s_version_can_be_taken_and_undone(page: Page, board: Board) -> None:
    type_over(page, "mine = 1\n")
    (board.directory / "main.py").write_text("theirs = 1\n")
    page.keyboard.press("Control+s")
    page.get_by_role("button", name="Take the board’s").click()
    expect(note(page)).to_have_text("Saved", timeout=PATIENCE)
    assert value(page) == "theirs = 1\n"
    text_of(page).focus()
    page.keyboard.press("Control+z")
    assert value(page) == "mine = 1\n"


def test_a_change_elsewhere_shows_where_nothing_was_typed(page: Page, board: Board) -> None:
    (board.directory / "main.py").write_text("theirs = 1\n")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(note(page)).to_contain_text("changed", timeout=PATIENCE)
    assert value(page) == "theirs = 1\n"


def test_unsaved_text_survives_a_reload_which_warns(page: Page, board: Board) -> None:
    type_over(page, "unsaved = 1\n")
    warnings = []
    page.on("dialog", lambda dialog: (warnings.append(dialog.type), dialog.accept()))
    page.reload()
    assert warnings == ["beforeunload"]
    expect(text_of(page)).to_be_visible(timeout=PATIENCE)
    assert value(page) == "unsaved = 1\n"
    login(page)
    text_of(page).focus()
    saved(page)
    assert read(board, "main.py") == b"unsaved = 1\n"
    page.reload()
    state(page, "password")
    expect(page.locator("#editor")).to_be_hidden()
    kept = page.evaluate("JSON.stringify({...localStorage})")
    assert "unsaved" not in kept
    assert PASSWORD not in kept


@pytest.mark.parametrize("page", ["CodeMirror"], indirect=True)
def test_two_tabs_keep_their_own_unsaved_text(page: Page) -> None:
    def opened(text: str) -> Page:
        with page.expect_popup() as popup:  # it begins with all that this tab has kept
            page.evaluate("void window.open(location)")
        tab = popup.value
        tab.on("dialog", lambda dialog: dialog.accept())
        if text:
            expect(text_of(tab)).to_contain_text(text, timeout=PATIENCE)
        return tab

    page.on("dialog", lambda dialog: dialog.accept())
    type_over(page, "first = 1\n")
    page.reload()
    other = opened("")
    state(other, "password")
    login(page)
    other.fill("#password", PASSWORD)
    other.click("#connect")
    state(other, "busy")  # its files can be worked on
    open_files(other)
    row(other, "main.py").dblclick()
    expect(text_of(other)).to_contain_text("'from', 'main'", timeout=PATIENCE)
    type_over(other, "second = 2\n")
    for tab, text in ((page, "first = 1"), (other, "second = 2")):
        tab.reload()
        expect(text_of(tab)).to_contain_text(text, timeout=PATIENCE)
        assert tab.locator(".tabs li").count() == 1
    other.close()
    third = opened("second = 2")
    assert third.locator(".tabs li").count() == 1
    third.close()


def test_what_is_typed_while_the_board_is_away_is_saved_later(
    start_board, browser: Browser, free_port: int
) -> None:
    board = start_board(PROGRAM.replace("Server(0", f"Server({free_port}"))
    (board.directory / "main.py").write_text(TEXT)
    page = open_page(browser, board)
    login(page)
    open_files(page)
    row(page, "main.py").dblclick()
    expect(text_of(page)).to_be_visible(timeout=PATIENCE)
    board.type("httpd.stop()\n")
    state(page, "closed")
    expect(page.locator("#again")).to_be_visible()
    page.keyboard.press("Control+a")  # the focus is where it was
    page.keyboard.insert_text("late = 1\n")
    page.keyboard.press("Control+s")
    expect(note(page)).to_contain_text("Not saved: there is no connection")
    board.type("exec(open('program0.py').read())\n")
    state(page, "connected")
    expect(text_of(page)).to_be_focused()
    saved(page)
    assert read(board, "main.py") == b"late = 1\n"
    page.close()


def test_the_editor_may_lie_in_the_board_s_files(board: Board, browser: Browser) -> None:
    page = open_page(browser, board)
    packed = page.request.get(
        f"http://{board.host}/ws?editor", headers={"Accept-Encoding": "gzip"}
    )
    assert packed.ok
    (board.directory / "webrepl_editor.js.gz").write_bytes(gzip.compress(packed.body()))
    page.route("**/ws?editor", lambda route: route.fulfill(status=404))
    login(page)
    open_files(page)
    row(page, "main.py").dblclick()
    expect(page.locator(".cm-content")).to_be_visible(timeout=PATIENCE)
    page.close()


def test_another_editor_is_not_run(board: Board, browser: Browser) -> None:
    page = open_page(browser, board)
    page.route("**/ws?editor", lambda route: route.fulfill(body="window.evil = 1"))
    login(page)
    open_files(page)
    row(page, "main.py").dblclick()
    expect(page.locator(".plain textarea").first).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("window.evil") is None
    page.close()


@pytest.mark.parametrize("page", ["CodeMirror"], indirect=True)
def test_find_and_replace_and_colours_and_numbers(page: Page) -> None:
    expect(page.locator(".cm-lineNumbers .cm-gutterElement").last).to_have_text("5")
    colours = page.evaluate(
        "new Set([...document.querySelectorAll('.cm-line span')]"
        ".map((span) => getComputedStyle(span).color)).size"
    )
    assert colours >= 4
    text_of(page).focus()
    page.keyboard.press("Control+f")
    for width in (900, 610, 400):
        page.locator("#editor").evaluate(
            "(editor, width) => editor.style.flexBasis = `${width}px`", width
        )
        replace = page.locator("input[name=replace]").bounding_box()
        by_word = page.locator("label", has_text="by word").bounding_box()
        assert by_word["y"] + by_word["height"] <= replace["y"], width
    page.keyboard.type("print")
    page.locator("input[name=replace]").fill("show")
    page.get_by_role("button", name="replace all", exact=True).click()
    assert "print" not in value(page)
    assert value(page).count("show(") == 2
