#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes the pictures of docs/: the terminal page of the demo in Chromium.

terminal.png shows a short dialogue, files.png the file panel next to it, editor.png a file in the
editor, and phone.png the page on a small screen.

Needs `make build`, and Chromium: tools/bootstrap test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PORT = "8099"  # visible in the picture
DOCS = ROOT / "docs"

# The same options as in tests: no sandbox for root, and no requests to the internet.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]

DIALOGUE = [
    "import sys, gc; sys.version",
    "[n * n for n in range(12)]",
    "greeting = 'Good morning'   # /my says so from now on",
    "gc.mem_free()",
]


FILES = {
    "boot.py": "import network\n",
    "config.json": '{"name": "greenhouse", "pins": [2, 4, 5]}\n',
    "lib/blink.py": "# On and off.\nfrom time import sleep_ms\n\n\n"
    "def blink(pin, times=3):\n    for _ in range(times):\n        pin.on()\n"
    "        sleep_ms(100)\n        pin.off()\n        sleep_ms(100)\n",
    "lib/sensor.py": "",
    "log/monday.csv": "21.4,48\n" * 400,
}


def log_in(page: Page, url: str) -> None:
    """Opens the page and waits for the prompt."""
    page.goto(url)
    page.fill("#password", "changeme")
    page.click("#connect")
    expect(page.locator("#status")).to_have_attribute("data-state", "connected")


def type_lines(page: Page) -> None:
    """Types the dialogue, line by line."""
    for line in DIALOGUE:
        prompts = page.evaluate("window.webrepl.text().split('>>>').length")
        page.keyboard.type(line + "\n")
        page.wait_for_function(
            "count => window.webrepl.text().split('>>>').length > count", arg=prompts
        )


def open_files(page: Page) -> None:
    """Opens the file panel, and a directory in it."""
    page.click("#files-toggle")
    page.click('[data-path="lib"]')
    expect(page.locator('[data-path="lib/blink.py"]')).to_be_visible()


def take(url: str) -> None:
    """Takes all pictures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        new_page = partial(browser.new_page, device_scale_factor=1.5, color_scheme="dark")
        page = new_page(viewport={"width": 860, "height": 420})
        log_in(page, url)
        type_lines(page)
        page.screenshot(path=DOCS / "terminal.png")
        open_files(page)
        page.screenshot(path=DOCS / "files.png")
        page.set_viewport_size({"width": 1160, "height": 520})
        page.dblclick('[data-path="lib/blink.py"]')
        expect(page.locator(".cm-line span").first).to_be_visible()
        page.screenshot(path=DOCS / "editor.png")
        page.close()
        page = new_page(viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
        log_in(page, url)
        open_files(page)
        page.screenshot(path=DOCS / "phone.png")
        browser.close()


def lay_out(directory: Path) -> None:
    """Writes the files that the pictures show."""
    for name, text in FILES.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def main() -> None:
    """Takes the pictures of a demo with a few files."""
    with tempfile.TemporaryDirectory() as directory:
        lay_out(Path(directory))
        run_demo(directory)


def run_demo(directory: str) -> None:
    """Starts the demo in a directory, takes its pictures, and ends it."""
    demo = subprocess.Popen(
        [ROOT / "build" / "host" / "micropython", "-i", ROOT / "examples" / "demo.py"],
        cwd=directory,
        env={**os.environ, "PORT": PORT, "FOLDER": directory},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert demo.stdout
        for line in demo.stdout:
            if "/ws" in line:
                take(f"http://127.0.0.1:{PORT}/ws")
                return
        sys.exit("the demo has not started")
    finally:
        demo.terminate()
        demo.wait()


if __name__ == "__main__":
    main()
