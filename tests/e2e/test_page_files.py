# SPDX-License-Identifier: MIT
"""The file panel of the terminal page, in Chromium, against a board that runs MicroPython."""

from __future__ import annotations

import io
import os
import zipfile
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
    becomes,
    faultless_page,
    login,
    open_files,
    read,
    row,
    shows,
    transferred,
    upload,
    upload_folder,
)


@pytest.fixture
def board(start_board) -> Board:
    """A board with some files."""
    board = start_board(PROGRAM)
    (board.directory / "lib" / "deep").mkdir(parents=True)
    (board.directory / "lib" / "mod.py").write_text("answer = 42\n")
    (board.directory / "lib" / "deep" / "data.json").write_text('{"a": [1, 2, 3]}')
    (board.directory / "main.py").write_text("# first\nprint('from', 'main')\n")
    return board


@pytest.fixture
def page(board: Board, browser: Browser) -> Iterator[Page]:
    """The page, logged in, with its file panel open."""
    with faultless_page(browser, board) as page:
        login(page)
        open_files(page)
        yield page


def test_the_tree_opens_directory_by_directory(page: Page) -> None:
    expect(row(page, "lib/mod.py")).to_have_count(0)
    row(page, "lib").click()
    row(page, "lib/deep").click()
    expect(row(page, "lib/deep/data.json")).to_be_visible()
    row(page, "lib").click()
    expect(row(page, "lib/deep/data.json")).to_have_count(0)


def test_files_are_uploaded_with_a_bar_and_equal_bytes(
    page: Page, board: Board, tmp_path: Path
) -> None:
    big, small = tmp_path / "big.bin", tmp_path / "ümläut 文.txt"
    big.write_bytes(os.urandom(1_000_000))
    small.write_text("small")
    upload(page, [big, small])
    transferred(page, 2)
    assert read(board, "big.bin") == big.read_bytes()
    assert read(board, small.name) == b"small"
    expect(row(page, "big.bin")).to_contain_text("977 KB")


def test_a_folder_is_uploaded_with_all_that_is_in_it(
    page: Page, board: Board, tmp_path: Path
) -> None:
    (tmp_path / "app" / "static").mkdir(parents=True)
    (tmp_path / "app" / "app.py").write_text("run = True\n")
    (tmp_path / "app" / "static" / "style.css").write_text("body {}\n")
    upload_folder(page, tmp_path / "app")
    transferred(page, 2)
    assert read(board, "app/app.py") == b"run = True\n"
    assert read(board, "app/static/style.css") == b"body {}\n"


def test_what_is_there_is_replaced_only_if_people_say_so(
    page: Page, board: Board, tmp_path: Path
) -> None:
    new = tmp_path / "main.py"
    new.write_text("print('new')\n")
    for button, content in (
        ("Cancel", b"# first\nprint('from', 'main')\n"),
        ("Replace", b"print('new')\n"),
    ):
        upload(page, new)
        answer(page, None, button)
        if button == "Replace":
            transferred(page, 1)
        assert read(board, "main.py") == content


def test_files_can_be_dropped(page: Page, board: Board) -> None:
    """Drops a folder synthetically, because scripts cannot make a real drop with a folder."""
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(['dropped'], 'dropped.txt'));
            const target = document.querySelector('[data-path="lib"]');
            const options = {dataTransfer: data, bubbles: true, cancelable: true};
            target.dispatchEvent(new DragEvent('drop', options));
        }"""
    )
    transferred(page, 1)
    assert read(board, "lib/dropped.txt") == b"dropped"


def test_a_file_is_downloaded(page: Page) -> None:
    row(page, "main.py").click()
    with page.expect_download() as download:
        act(page, "download")
    assert Path(download.value.path()).read_text() == "# first\nprint('from', 'main')\n"
    assert download.value.suggested_filename == "main.py"
    expect(row(page, "main.py")).to_be_focused()


def test_a_folder_is_downloaded_as_an_archive(page: Page) -> None:
    row(page, "lib").click()
    with page.expect_download() as download:
        act(page, "download")
    archive = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert sorted(archive.namelist()) == ["lib/deep/", "lib/deep/data.json", "lib/mod.py"]
    assert archive.read("lib/mod.py") == b"answer = 42\n"


def test_a_file_can_be_dragged_out(page: Page) -> None:
    row(page, "main.py").dispatch_event("pointerdown")
    page.wait_for_function(
        """() => {
            const data = new DataTransfer();
            const options = {dataTransfer: data, bubbles: true, cancelable: true};
            const item = document.querySelector('[data-path="main.py"]');
            item.dispatchEvent(new DragEvent('dragstart', options));
            const type = 'application/octet-stream:main.py:blob:';
            return data.getData('DownloadURL').startsWith(type);
        }"""
    )


def test_rename_and_delete(page: Page, board: Board) -> None:
    row(page, "main.py").click()
    act(page, "rename")
    answer(page, "renamed.py", "Rename")
    expect(row(page, "renamed.py")).to_be_visible(timeout=PATIENCE)
    assert not (board.directory / "main.py").exists()
    page.keyboard.press("Delete")
    answer(page, None, "Delete")
    expect(row(page, "renamed.py")).to_have_count(0, timeout=PATIENCE)
    assert not (board.directory / "renamed.py").exists()


def test_a_folder_is_deleted_with_all_that_is_in_it(page: Page, board: Board) -> None:
    row(page, "lib").click()
    act(page, "remove")
    answer(page, None, "Delete")
    expect(row(page, "lib")).to_have_count(0, timeout=PATIENCE)
    assert not (board.directory / "lib").exists()


def test_new_files_and_folders(page: Page, board: Board) -> None:
    act(page, "newFolder")
    answer(page, "fresh", "Create")
    expect(row(page, "fresh")).to_be_visible(timeout=PATIENCE)
    page.set_viewport_size({"width": 700, "height": 700})
    act(page, "newFile")
    page.keyboard.type("note.txt\n")
    expect(page.locator(".editor .cm-content")).to_be_focused(timeout=PATIENCE)
    expect(page.locator("#files")).to_be_hidden()
    becomes(board, "fresh/note.txt", b"")


def test_what_is_no_text_is_not_edited(page: Page, board: Board) -> None:
    (board.directory / "raw.bin").write_bytes(b"\xff\x00\xfe")
    act(page, "refresh")
    row(page, "raw.bin").dblclick()
    expect(page.locator(".files .trouble")).to_contain_text("raw.bin is no text", timeout=PATIENCE)


def test_run_shows_the_output_in_the_terminal(page: Page) -> None:
    row(page, "main.py").click()
    act(page, "run")
    shows(page, "from main")


def test_the_keyboard_is_enough(page: Page, board: Board) -> None:
    page.locator(".tree li").first.focus()
    page.keyboard.press("m")  # typing selects main.py
    page.keyboard.press("F2")
    dialog = page.locator("dialog.question input")
    dialog.fill("keys.py")
    page.keyboard.press("Enter")
    expect(row(page, "keys.py")).to_be_visible(timeout=PATIENCE)
    assert (board.directory / "keys.py").exists()


def test_a_failure_is_one_sentence(page: Page, board: Board) -> None:
    (board.directory / "main.py").unlink()
    row(page, "main.py").dblclick()
    trouble = page.locator(".files .trouble")
    expect(trouble).to_contain_text("main.py", timeout=PATIENCE)
    expect(trouble).to_contain_text("no such file", ignore_case=True)


def test_the_panel_opens_by_key_from_the_terminal(page: Page) -> None:
    page.locator("#terminal").click()
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()
    page.keyboard.press("Alt+f")
    expect(page.locator("#files")).to_be_hidden()
    page.keyboard.press("Alt+f")
    expect(page.locator("#files")).to_be_visible()
