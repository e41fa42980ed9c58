#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes docs/terminal.png: the demo's terminal in Chromium, after a short dialogue.

Needs `make build`, and Chromium: tools/bootstrap test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PORT = "8099"  # it stands in the picture
TARGET = ROOT / "docs" / "terminal.png"

# The same as the tests': no sandbox for root, and no look for the internet.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]

DIALOGUE = [
    "import sys, gc; sys.version",
    "[n * n for n in range(12)]",
    "greeting = 'Good morning'   # /my says so from now on",
    "gc.mem_free()",
]


def take(url: str) -> None:
    """Logs in, types, and saves the picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        page = browser.new_page(
            viewport={"width": 860, "height": 420}, device_scale_factor=1.5, color_scheme="dark"
        )
        page.goto(url)
        page.fill("#password", "changeme")
        page.click("#connect")
        expect(page.locator("#status")).to_have_attribute("data-state", "connected")
        for line in DIALOGUE:
            prompts = page.evaluate("window.webrepl.text().split('>>>').length")
            page.keyboard.type(line + "\n")
            page.wait_for_function(
                "count => window.webrepl.text().split('>>>').length > count", arg=prompts
            )
        page.screenshot(path=TARGET)
        browser.close()


def main() -> None:
    """Starts the demo, takes the picture, ends the demo."""
    demo = subprocess.Popen(
        [ROOT / "build" / "host" / "micropython", "-i", ROOT / "examples" / "demo.py"],
        env={**os.environ, "PORT": PORT},
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
