# SPDX-License-Identifier: MIT
"""The page, open for long: a chatty program, reconnections, transfers, and its memory.

python -m tests.e2e.soak_page --minutes 10 --transfers 200

Prints the page's heap after each round; fails if it grows by more than a fifth after the first.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from .board import Board
from .conftest import ARGUMENTS
from .pages import PROGRAM, answer, login, open_files, open_page, row, state, upload

ROUNDS = 10
GROWTH = 1.2
CHATTER = """
import _thread, time
def chat():
    n = 0
    while True:
        print('t=%d, h=%d' % (n % 50, n % 70), 'x' * (n % 60))
        n += 1
        time.sleep_ms(5)
_thread.start_new_thread(chat, ())
"""


def heap(session: CDPSession) -> int:
    """Bytes that the page's script holds, when what nobody needs is gone."""
    session.send("HeapProfiler.collectGarbage")
    return session.send("Runtime.getHeapUsage")["usedSize"]


def transfer(page: Page, files: list[Path]) -> None:
    """Uploads files, and forgets the list of transfers."""
    upload(page, files)
    question = page.locator("dialog.question")
    page.wait_for_function(
        "() => document.querySelector('dialog.question, .transfers:not([hidden])')"
    )
    if question.count() > 0:
        answer(page, None, "Replace")
    clear = page.get_by_role("button", name="Clear", exact=True)
    clear.and_(page.locator(".transfers button")).click()
    page.locator(".transfers").wait_for(state="hidden")


def edit(page: Page, number: int) -> None:
    """Writes a file in the editor, and closes it."""
    row(page, "0.bin").wait_for()
    row(page, "main.py").dblclick()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(f"number = {number}\n")
    page.keyboard.press("Control+s")
    page.locator(".editor .note", has_text="Saved").wait_for()
    page.get_by_role("button", name="Close main.py").click()


def reconnect(page: Page) -> None:
    """Loses the connection, and waits until the page has another one."""
    page.click("#disconnect")
    state(page, "closed")
    page.click("#again")
    login(page)


def soak(minutes: float, transfers: int) -> bool:
    """Works on a board for so long."""
    folder, local = Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
    (folder / "main.py").write_text("number = 0\n")
    files = [local / f"{number}.bin" for number in range(max(1, transfers // ROUNDS))]
    for file in files:
        file.write_bytes(os.urandom(20_000))
    board = Board(PROGRAM + CHATTER, folder)
    sizes: list[int] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=ARGUMENTS
        )
        page = open_page(browser, board)
        login(page)
        open_files(page)
        session = page.context.new_cdp_session(page)
        for number in range(ROUNDS):
            end = time.monotonic() + minutes * 60 / ROUNDS
            transfer(page, files)
            edit(page, number)
            reconnect(page)
            while time.monotonic() < end:
                page.wait_for_timeout(200)
            sizes.append(heap(session))
            print(f"round {number + 1}: {sizes[-1] / 1e6:.1f} MB", flush=True)
        browser.close()
    board.close()
    return max(sizes[1:]) <= GROWTH * sizes[1]


def main() -> int:
    """Runs it as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--transfers", type=int, default=200)
    arguments = parser.parse_args()
    return 0 if soak(arguments.minutes, arguments.transfers) else 1


if __name__ == "__main__":
    sys.exit(main())
