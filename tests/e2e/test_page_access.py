# SPDX-License-Identifier: MIT
"""The page without a mouse, with a screen reader, on a phone, and in dark mode."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.support.paths import BUILD

from .pages import PATIENCE, PROGRAM, SERVED, login, open_files, open_page, row, shows, state

AXE = BUILD / "web-src" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")


def faults(page: Page) -> list[str]:
    """Returns the barriers that axe-core finds."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(({violations}) => violations)")
    return [
        f"{fault['id']}: {[node['html'] for node in fault['nodes']]}"
        for fault in found
        if fault["impact"] in SERIOUS
    ]


def is_faultless(page: Page) -> None:
    """Looks at the page in each width, dark and light."""
    for width, scheme in ((360, "dark"), (360, "light"), (1100, "light"), (1100, "dark")):
        page.set_viewport_size({"width": width, "height": 700})
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == [], (width, scheme)


def test_axe_finds_no_serious_fault(start_board, browser: Browser) -> None:
    board = start_board(PROGRAM + SERVED)
    (board.directory / "main.py").write_text("print('hello')  # comment\n")
    page = open_page(browser, board, bypass_csp=True)
    state(page, "password")
    is_faultless(page)
    login(page)
    is_faultless(page)
    open_files(page)
    is_faultless(page)
    row(page, "main.py").dblclick()
    expect(page.locator(".cm-content")).to_be_visible(timeout=PATIENCE)
    is_faultless(page)
    page.click("#view")
    page.get_by_role("button", name="Plotter").click()
    is_faultless(page)
    page.keyboard.press("Escape")
    page.click("#add")
    expect(page.locator("dialog.question")).to_be_visible()
    is_faultless(page)
    page.goto(f"http://{board.host}/ws?tree=/data/")
    row(page, "main.py").dblclick()
    expect(page.locator(".cm-content")).to_be_visible(timeout=PATIENCE)
    is_faultless(page)
    page.close()


def test_a_phone_sees_all_of_the_page(start_board, browser: Browser) -> None:
    page = open_page(browser, start_board(PROGRAM), viewport={"width": 360, "height": 640})
    login(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for name in ("#files-toggle", "#disconnect"):
        box = page.locator(name).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    page.close()


def test_search_finds_what_was_shown(start_board, browser: Browser) -> None:
    page = open_page(browser, start_board(PROGRAM))
    login(page)
    page.keyboard.type("for i in range(200): print('line', i)\n\n\n\n")
    shows(page, "line 199")
    page.keyboard.press("Control+Shift+F")
    page.keyboard.type("line 17")
    expect(page.locator("#search-count")).to_have_text("11 of 11")  # 17, and 170 to 179
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_hidden()
    page.keyboard.type("print('typed', 'on')\n")
    shows(page, "typed on")
    page.close()
