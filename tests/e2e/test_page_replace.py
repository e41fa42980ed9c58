# SPDX-License-Identifier: MIT
"""The page replaces no file of the board unless somebody has said so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .board import Board
from .pages import (
    PATIENCE,
    PROGRAM,
    act,
    answer,
    faultless_page,
    login,
    open_files,
    read,
    row,
    upload_folder,
)

OLD = b"answer = 42\n"


@pytest.fixture
def board(start_board) -> Board:
    """A board with a file in a folder."""
    board = start_board(PROGRAM)
    (board.directory / "lib").mkdir()
    (board.directory / "lib" / "mod.py").write_bytes(OLD)
    (board.directory / "main.py").write_text("new\n")
    return board


@pytest.fixture
def page(board: Board, browser: Browser) -> Iterator[Page]:
    """The page; the folder is closed in it."""
    with faultless_page(browser, board) as page:
        login(page)
        open_files(page)
        yield page


def asked_about(page: Page, path: str) -> None:
    """Says no to the question whether that file may be replaced."""
    expect(page.locator("dialog.question")).to_contain_text(path, timeout=PATIENCE)
    answer(page, None, "Cancel")


def test_by_an_upload_into_a_closed_folder(page: Page, board: Board, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "mod.py").write_text("new\n")
    upload_folder(page, tmp_path / "lib")
    asked_about(page, "lib/mod.py")
    assert read(board, "lib/mod.py") == OLD


def test_by_a_drop_onto_a_closed_folder(page: Page, board: Board) -> None:
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(['new'], 'mod.py'));
            const target = document.querySelector('[data-path="lib"]');
            const options = {dataTransfer: data, bubbles: true, cancelable: true};
            target.dispatchEvent(new DragEvent('drop', options));
        }"""
    )
    asked_about(page, "lib/mod.py")
    assert read(board, "lib/mod.py") == OLD


def test_by_a_new_name(page: Page, board: Board) -> None:
    row(page, "main.py").click()
    act(page, "rename")
    page.locator("dialog.question input").fill("lib/mod.py")
    page.keyboard.press("Enter")
    asked_about(page, "lib/mod.py")
    assert read(board, "lib/mod.py") == OLD
    assert read(board, "main.py") == b"new\n"


def test_by_a_new_file(page: Page, board: Board) -> None:
    act(page, "newFile")
    answer(page, "lib/mod.py", "Create")
    expect(page.locator(".files .trouble")).to_contain_text("exists", timeout=PATIENCE)
    assert read(board, "lib/mod.py") == OLD
