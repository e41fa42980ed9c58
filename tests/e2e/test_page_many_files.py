# SPDX-License-Identifier: MIT
"""Many files at once in the file panel: selected, moved, packed, cancelled."""

from __future__ import annotations

import io
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
    faultless_page,
    login,
    open_files,
    read,
    row,
    upload,
    upload_folder,
)

COUNT = 300


@pytest.fixture
def board(start_board) -> Board:
    """A board with some files and folders."""
    board = start_board(PROGRAM)
    (board.directory / "lib").mkdir()
    (board.directory / "lib" / "mod.py").write_text("answer = 42\n")
    for name in ("a.txt", "b.txt", "c.txt", "mod.py"):
        (board.directory / name).write_text(name)
    return board


@pytest.fixture
def page(board: Board, browser: Browser) -> Iterator[Page]:
    """The page with the file panel open."""
    with faultless_page(browser, board) as page:
        login(page)
        open_files(page)
        yield page


def selected(page: Page) -> list[str]:
    """The paths of the rows that are selected."""
    return page.evaluate(
        "[...document.querySelectorAll('.tree [aria-selected=true]')]"
        ".map(({dataset}) => dataset.path)"
    )


def many(tmp_path: Path) -> Path:
    """A folder with many small files."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(COUNT):
        (folder / f"{number}.txt").write_text(f"{number}\n" * 20)
    return folder


def test_rows_are_selected_by_click_and_by_key(page: Page) -> None:
    row(page, "a.txt").click()
    row(page, "c.txt").click(modifiers=["Shift"])
    assert selected(page) == ["a.txt", "b.txt", "c.txt"]
    row(page, "b.txt").click(modifiers=["Control"])
    assert selected(page) == ["a.txt", "c.txt"]
    row(page, "a.txt").click()
    page.keyboard.press("Shift+ArrowDown")
    assert selected(page) == ["a.txt", "b.txt"]
    expect(page.locator('[data-action="rename"]')).to_be_disabled()
    page.keyboard.press("Control+a")
    assert len(selected(page)) >= 5


def test_all_that_is_selected_is_deleted(page: Page, board: Board) -> None:
    row(page, "a.txt").click()
    row(page, "lib").click(modifiers=["Control"])
    act(page, "remove")
    answer(page, None, "Delete")
    expect(row(page, "lib")).to_have_count(0, timeout=PATIENCE)
    assert not (board.directory / "a.txt").exists()
    assert not (board.directory / "lib").exists()
    assert (board.directory / "b.txt").exists()


def test_all_that_is_selected_is_downloaded_as_an_archive(page: Page) -> None:
    row(page, "a.txt").click()
    row(page, "lib").click(modifiers=["Control"])
    with page.expect_download() as download:
        act(page, "download")
    archive = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert sorted(archive.namelist()) == ["a.txt", "lib/mod.py"]


def test_files_are_moved_by_dragging_them_onto_a_folder(page: Page, board: Board) -> None:
    row(page, "a.txt").click()
    row(page, "b.txt").click(modifiers=["Control"])
    row(page, "a.txt").drag_to(row(page, "lib"))
    expect(row(page, "a.txt")).to_have_count(0, timeout=PATIENCE)
    expect(row(page, "b.txt")).to_have_count(0, timeout=PATIENCE)
    assert read(board, "lib/a.txt") == b"a.txt"
    assert read(board, "lib/b.txt") == b"b.txt"


def test_moving_asks_before_it_replaces(page: Page, board: Board) -> None:
    row(page, "mod.py").drag_to(row(page, "lib"))
    answer(page, None, "Cancel")
    assert read(board, "lib/mod.py") == b"answer = 42\n"
    row(page, "mod.py").drag_to(row(page, "lib"))
    answer(page, None, "Replace")
    expect(row(page, "mod.py")).to_have_count(0, timeout=PATIENCE)
    assert read(board, "lib/mod.py") == b"mod.py"


def test_a_file_has_a_date(page: Page) -> None:
    assert "," in (row(page, "a.txt").get_attribute("title") or "")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_is_unpacked(page: Page, board: Board, tmp_path: Path, method: int) -> None:
    archive = tmp_path / "app.zip"
    with zipfile.ZipFile(archive, "w", method) as packed:
        packed.writestr("app/deep/x.txt", "x" * 5000)
        packed.writestr("app/ü.txt", "ü")
        packed.writestr("../outside.txt", "no")
        packed.writestr("mod.py", "new")
    for button in ("Cancel", "Replace"):
        upload(page, archive)
        page.get_by_role("button", name="Unpack", exact=True).click()
        expect(page.locator("dialog.question")).to_contain_text("mod.py", timeout=PATIENCE)
        answer(page, None, button)
    expect(page.locator(".transfer.done")).to_have_count(3, timeout=PATIENCE)
    assert read(board, "app/deep/x.txt") == b"x" * 5000
    assert read(board, "app/ü.txt") == "ü".encode()
    assert read(board, "mod.py") == b"new"
    assert not (board.directory.parent / "outside.txt").exists()


def test_an_archive_goes_as_it_is(page: Page, board: Board, tmp_path: Path) -> None:
    archive = tmp_path / "app.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("x.txt", "x")
    upload(page, archive)
    answer(page, None, "As it is")
    expect(row(page, "app.zip")).to_be_visible(timeout=PATIENCE)
    assert read(board, "app.zip") == archive.read_bytes()


def test_many_small_files_arrive(page: Page, board: Board, tmp_path: Path) -> None:
    folder = many(tmp_path)
    upload_folder(page, folder)
    head = page.locator(".transfers .head")
    expect(head).to_contain_text(f"{COUNT} of {COUNT} transferred", timeout=PATIENCE)
    for path in folder.iterdir():
        assert read(board, f"many/{path.name}") == path.read_bytes()


def test_many_transfers_are_cancelled_at_once(page: Page, board: Board, tmp_path: Path) -> None:
    folder = many(tmp_path)
    (folder / "0.txt").write_bytes(b"0" * 20_000_000)
    upload_folder(page, folder)
    cancel = page.get_by_role("button", name="Cancel all")
    cancel.click()
    expect(page.locator(".transfers .head")).to_contain_text("cancelled", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Clear", exact=True)).to_be_visible(timeout=PATIENCE)
    assert not (board.directory / "many" / "0.txt").exists()
