# SPDX-License-Identifier: MIT
"""The terminal page in Chromium, served by the board itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

PASSWORD = "correct horse battery staple"
PROGRAM = f"""
import uhttpd
httpd = uhttpd.Server(0)
httpd.ws('/ws', {PASSWORD!r})
print('PORT', httpd.port())
"""

PATIENCE = 30_000  # ms


@pytest.fixture
def page(start_board, browser: Browser) -> Iterator[Page]:
    """Opens the page. Everything that it loads must come from the board."""
    board = start_board(PROGRAM)
    page = browser.new_page(viewport={"width": 1000, "height": 600})
    page.set_default_timeout(PATIENCE)
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda request: (
            board.host not in request.url
            and not request.url.startswith("data:")
            and elsewhere.append(request.url)
        ),
    )
    page.goto(f"http://{board.host}/ws")
    yield page
    page.close()
    assert elsewhere == []


def state(page: Page, name: str) -> None:
    """Waits for a state of the session."""
    expect(page.locator("#status")).to_have_attribute("data-state", name, timeout=PATIENCE)


def login(page: Page, password: str) -> None:
    state(page, "password")
    page.fill("#password", password)
    page.click("#connect")


def shows(page: Page, text: str) -> None:
    """Waits until the terminal shows `text`."""
    page.wait_for_function("text => window.webrepl.text().includes(text)", arg=text)


def test_login_and_python(page: Page) -> None:
    login(page, PASSWORD)
    state(page, "connected")
    shows(page, "WebREPL connected\n>>>")
    page.keyboard.type("print(6*7)\n")
    shows(page, "\n42\n>>>")


def test_ctrl_c_ends_a_busy_loop(page: Page) -> None:
    login(page, PASSWORD)
    state(page, "connected")
    page.keyboard.type("while True: pass\n\n")
    shows(page, "while True: pass")
    page.keyboard.press("Control+c")
    shows(page, "KeyboardInterrupt")
    page.keyboard.type("print('still', 'here')\n")
    shows(page, "still here")


def test_wrong_password_is_said_and_can_be_mended(page: Page) -> None:
    login(page, "wrong")
    state(page, "denied")
    page.fill("#password", PASSWORD)
    page.click("#connect")
    state(page, "connected")


def test_unicode_output_is_shown(page: Page) -> None:
    """MicroPython's line editor takes only ASCII, so the test types characters as numbers."""
    login(page, PASSWORD)
    state(page, "connected")
    page.keyboard.type(r"print('gr\xfc\xdfe \u20ac', 'x' * 3)" + "\n")
    shows(page, "grüße € xxx")
