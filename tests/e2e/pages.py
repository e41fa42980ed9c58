# SPDX-License-Identifier: MIT
"""Helpers for tests of the terminal page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support.waiting import eventually

from .board import Board

PASSWORD = "correct horse battery staple"
PATIENCE = 30_000  # ms

PROGRAM = f"""
import uhttpd
httpd = uhttpd.Server(0, max_sockets=16)
httpd.ws('/ws', {PASSWORD!r})
print('PORT', httpd.port())
"""

SERVED = """
import os
httpd.serve('/data', os.getcwd(), index=None)
httpd.receive(prefix='/data', base=os.getcwd(), delete=True)
"""
"""Its files by HTTP, too."""


def open_page(browser: Browser, board: Board, hash_: str = "", **options: object) -> Page:
    """Opens the page of a board; `hash_` names another board to talk to."""
    page = browser.new_page(**{"viewport": {"width": 1100, "height": 700}, **options})
    page.set_default_timeout(PATIENCE)
    page.goto(f"http://{board.host}/ws{hash_}")
    return page


@contextmanager
def faultless_page(browser: Browser, board: Board, **options: object) -> Iterator[Page]:
    """The page of a board while a test uses it; its scripts must not throw meanwhile."""
    page = open_page(browser, board, **options)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close(run_before_unload=False)
    assert errors == []


def state(page: Page, name: str, suffix: str = "") -> None:
    """Waits for a state of a session; `suffix` is "-2" for the second board, and so on."""
    locator = page.locator(f"#status{suffix}")
    expect(locator).to_have_attribute("data-state", name, timeout=PATIENCE)


def login(page: Page, password: str = PASSWORD, suffix: str = "") -> None:
    """Gives the password and waits until the terminal is there."""
    state(page, "password", suffix)
    page.fill(f"#password{suffix}", password)
    page.click(f"#connect{suffix}")
    state(page, "connected", suffix)


def shows(page: Page, text: str) -> None:
    """Waits until the first board's terminal shows `text`."""
    page.wait_for_function("text => window.webrepl.text().includes(text)", arg=text)


def open_files(page: Page) -> None:
    """Opens the file panel of the first board."""
    page.click("#files-toggle")
    expect(page.locator(".tree li").first).to_be_visible(timeout=PATIENCE)


def row(page: Page, path: str):
    """The row of a file or directory."""
    return page.locator(f'.tree li[data-path="{path}"]')


def act(page: Page, action: str) -> None:
    """Presses a button of the file panel."""
    page.click(f'[data-action="{action}"]')


def upload(page: Page, files: Path | list[Path]) -> None:
    """Chooses files to upload."""
    choose(page, "upload", files)


def upload_folder(page: Page, folder: Path) -> None:
    """Chooses a folder to upload."""
    choose(page, "uploadFolder", folder)


def choose(page: Page, action: str, files: Path | list[Path]) -> None:
    """Presses a button that asks for files, and chooses them."""
    with page.expect_file_chooser() as chooser:
        act(page, action)
    chooser.value.set_files(files)


def answer(page: Page, text: str | None, button: str) -> None:
    """Answers a question of the page."""
    dialog = page.locator("dialog.question")
    if text is not None:
        dialog.locator("input").fill(text)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_have_count(0)


def transferred(page: Page, count: int) -> None:
    """Waits until that many transfers have succeeded."""
    expect(page.locator(".transfer.done")).to_have_count(count, timeout=PATIENCE)


def read(board: Board, name: str) -> bytes:
    """Reads a file of the board from outside."""
    return (Path(board.directory) / name).read_bytes()


def becomes(board: Board, name: str, contents: bytes) -> None:
    """Waits until a file of the board has these contents."""
    eventually(lambda: read(board, name) == contents, failures=(OSError,))
