# SPDX-License-Identifier: MIT
"""The page for people's files: that of the firmware in plain C, and that of the demo."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.paths import SHIPPED

from .board import Board
from .demo_board import PASSWORD, demo_program

PROGRAM = SHIPPED.with_name("firmware")
PATIENCE = 30_000  # ms


@contextmanager
def firmware(tmp_path: Path, port: int) -> Iterator[Path]:
    """Runs the firmware in plain C. Returns where its files are."""
    folder = tmp_path / "served"
    folder.mkdir()
    with (tmp_path / "output").open("wb") as output:
        process = subprocess.Popen(
            [PROGRAM, folder],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "FIRMWARE_PORT": str(port),
                "FIRMWARE_PASSWORD": PASSWORD,
            },
        )
    while b"listens" not in (tmp_path / "output").read_bytes():
        assert process.poll() is None, (tmp_path / "output").read_text()
    yield folder
    process.terminate()
    process.wait(PATIENCE // 1000)


@contextmanager
def demo(tmp_path: Path, port: int) -> Iterator[Path]:
    """Runs the demo in Python. Returns where its files are."""
    directory = tmp_path / "board"
    directory.mkdir()
    with closing(Board(demo_program(port), directory)):
        yield directory / "files"


@pytest.fixture(params=[firmware, demo])
def folder(request: pytest.FixtureRequest, tmp_path: Path, free_port: int) -> Iterator[Path]:
    """The folder of a board that serves files."""
    with request.param(tmp_path, free_port) as folder:
        (folder / "old & new.txt").write_text("old")
        yield folder


@pytest.fixture
def page(folder: Path, free_port: int, browser: Browser) -> Iterator[Page]:
    """Opens the page with the right password."""
    context = browser.new_context(http_credentials={"username": "me", "password": PASSWORD})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{free_port}/files")
    yield page
    context.close()


def answer(page: Page, text: str = "") -> None:
    """Answers the page's questions with yes, or with a text."""
    page.once("dialog", lambda dialog: dialog.accept(text))


def row(page: Page, name: str):
    """The row of a file."""
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def test_files_are_uploaded_and_read(page: Page, folder: Path, tmp_path: Path) -> None:
    local = tmp_path / "ä b.txt"
    local.write_text("mine")
    page.locator("#choice").set_input_files(local)
    expect(row(page, "ä b.txt")).to_contain_text("4", timeout=PATIENCE)
    assert (folder / "ä b.txt").read_text() == "mine"
    row(page, "ä b.txt").get_by_role("link").click()
    expect(page.locator("body")).to_have_text("mine", timeout=PATIENCE)


def test_files_are_renamed_and_removed(page: Page, folder: Path) -> None:
    answer(page, "new.txt")
    row(page, "old & new.txt").get_by_role("button", name="Rename").click()
    expect(row(page, "new.txt")).to_be_visible(timeout=PATIENCE)
    assert (folder / "new.txt").read_text() == "old"
    answer(page)
    row(page, "new.txt").get_by_role("button", name="Remove").click()
    expect(row(page, "new.txt")).to_have_count(0, timeout=PATIENCE)
    assert list(folder.iterdir()) == []


def test_folders_are_made_entered_and_removed(page: Page, folder: Path, tmp_path: Path) -> None:
    answer(page, "a folder")
    page.get_by_role("button", name="New folder").click()
    row(page, "a folder/").get_by_role("link").click()
    expect(page.locator("#where")).to_have_text("/a folder/", timeout=PATIENCE)
    (tmp_path / "deep.txt").write_text("deep")
    page.locator("#choice").set_input_files(tmp_path / "deep.txt")
    expect(row(page, "deep.txt")).to_be_visible(timeout=PATIENCE)
    assert (folder / "a folder" / "deep.txt").read_text() == "deep"
    row(page, "../").get_by_role("link").click()
    answer(page)
    row(page, "a folder/").get_by_role("button", name="Remove").click()
    expect(row(page, "a folder/")).to_have_count(0, timeout=PATIENCE)
    assert not (folder / "a folder").exists()


def test_a_name_that_is_taken_is_told(page: Page, folder: Path) -> None:
    (folder / "other.txt").write_text("other")
    page.reload()
    answer(page, "other.txt")
    row(page, "old & new.txt").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("status")).to_contain_text(
        "Renaming old & new.txt: ", timeout=PATIENCE
    )
    assert (folder / "other.txt").read_text() == "other"


def test_without_the_password_there_are_no_files(folder: Path, free_port: int) -> None:
    for path in ("/files", "/data/", "/data/old%20%26%20new.txt", "/%64ata/old%20%26%20new.txt"):
        for auth in (None, ("me", "wrong"), ("me", "")):
            for method in ("GET", "PUT", "DELETE"):
                url = f"http://127.0.0.1:{free_port}{path}"
                reply = httpx.request(method, url, auth=auth, timeout=PATIENCE)
                assert reply.status_code in (401, 404, 429), (method, path)
    assert [file.read_text() for file in folder.iterdir()] == ["old"]
