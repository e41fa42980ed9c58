# SPDX-License-Identifier: MIT
"""The page of files, which is the terminal page's panel: of the firmware in C, and of the demo."""

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
from .pages import PATIENCE, act, answer, row, transferred, upload

PROGRAM = SHIPPED.with_name("firmware")


@contextmanager
def firmware(tmp_path: Path, port: int, password: str = PASSWORD) -> Iterator[Path]:
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
                "FIRMWARE_PASSWORD": password,
                "FIRMWARE_PUBLIC": "" if password else "yes",
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
    """Opens the page with the right password. Its scripts must not throw."""
    context = browser.new_context(http_credentials={"username": "me", "password": PASSWORD})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"http://127.0.0.1:{free_port}/files")
    expect(row(page, "old & new.txt")).to_be_visible(timeout=PATIENCE)
    yield page
    context.close()
    assert errors == []


def test_files_are_uploaded_and_downloaded(page: Page, folder: Path, tmp_path: Path) -> None:
    local = tmp_path / "ä b.txt"
    local.write_text("mine")
    upload(page, local)
    transferred(page, 1)
    assert (folder / "ä b.txt").read_text() == "mine"
    (folder / "ä b.txt.gz").write_bytes(b"not asked for")
    row(page, "ä b.txt").click()
    with page.expect_download() as download:
        act(page, "download")
    assert Path(download.value.path()).read_text() == "mine"


def test_an_upload_replaces_a_file_when_people_say_so(
    page: Page, folder: Path, tmp_path: Path
) -> None:
    local = tmp_path / "old & new.txt"
    local.write_text("new")
    for button, content in (("Cancel", "old"), ("Replace", "new")):
        upload(page, local)
        answer(page, None, button)
        if button == "Replace":
            transferred(page, 1)
        assert (folder / local.name).read_text() == content


def test_files_are_renamed_and_removed(page: Page, folder: Path) -> None:
    row(page, "old & new.txt").click()
    act(page, "rename")
    answer(page, "new.txt", "Rename")
    expect(row(page, "new.txt")).to_be_visible(timeout=PATIENCE)
    assert (folder / "new.txt").read_text() == "old"
    act(page, "remove")
    answer(page, None, "Delete")
    expect(row(page, "new.txt")).to_have_count(0, timeout=PATIENCE)
    assert list(folder.iterdir()) == []


def test_folders_are_made_filled_renamed_and_removed(page: Page, folder: Path) -> None:
    act(page, "newFolder")
    answer(page, "a folder", "Create")
    row(page, "a folder").click()
    act(page, "newFile")
    answer(page, "deep.py", "Create")
    expect(row(page, "a folder/deep.py")).to_be_visible(timeout=PATIENCE)
    assert (folder / "a folder" / "deep.py").read_bytes() == b""
    row(page, "a folder").click()
    act(page, "rename")
    answer(page, "folder #2", "Rename")
    expect(row(page, "folder #2")).to_be_visible(timeout=PATIENCE)
    assert (folder / "folder #2" / "deep.py").exists()
    act(page, "remove")
    answer(page, None, "Delete")
    expect(row(page, "folder #2")).to_have_count(0, timeout=PATIENCE)
    assert not (folder / "folder #2").exists()


def test_a_file_is_edited(page: Page, folder: Path) -> None:
    (folder / "main.py").write_text("")
    act(page, "refresh")
    row(page, "main.py").dblclick()
    page.locator(".cm-content").click()
    page.keyboard.type("print('grüße')")
    expect(page.get_by_role("button", name="Save and run")).to_be_hidden()
    page.keyboard.press("Control+s")
    expect(page.locator(".editor .note")).to_have_text("Saved", timeout=PATIENCE)
    assert (folder / "main.py").read_text() == "print('grüße')"


def test_what_the_board_refuses_is_a_sentence(page: Page, folder: Path) -> None:
    (folder / "old & new.txt").unlink()
    row(page, "old & new.txt").click()
    act(page, "rename")
    answer(page, "other.txt", "Rename")
    expect(page.locator(".files .trouble")).to_have_text(
        "old & new.txt: there is no such file or directory", timeout=PATIENCE
    )


def test_only_trees_of_the_same_board_are_shown(page: Page, free_port: int) -> None:
    page.goto(page.url.replace("/data/", f"//localhost:{free_port}/data/"))
    expect(page.get_by_role("alert")).to_have_text("Files of another server cannot be shown here")


def test_without_a_password_files_can_only_be_read(
    tmp_path: Path, free_port: int, browser: Browser
) -> None:
    with firmware(tmp_path, free_port, password="") as folder:
        (folder / "read me.txt").write_text("read")
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{free_port}/files")
        expect(page.get_by_role("status")).to_have_text("Files, to read only", timeout=PATIENCE)
        for action in ("newFile", "newFolder", "upload", "uploadFolder", "rename", "remove"):
            expect(page.locator(f'[data-action="{action}"]')).to_be_hidden()
        row(page, "read me.txt").click()
        with page.expect_download() as download:
            act(page, "download")
        assert Path(download.value.path()).read_text() == "read"
        page.close()


def test_without_the_password_there_are_no_files(folder: Path, free_port: int) -> None:
    for path in ("/files", "/data/", "/data/old%20%26%20new.txt", "/%64ata/old%20%26%20new.txt"):
        for auth in (None, ("me", "wrong"), ("me", "")):
            for method in ("GET", "PUT", "DELETE"):
                url = f"http://127.0.0.1:{free_port}{path}"
                reply = httpx.request(method, url, auth=auth, timeout=PATIENCE)
                assert reply.status_code in (401, 404, 429), (method, path)
    assert [file.read_text() for file in folder.iterdir()] == ["old"]
