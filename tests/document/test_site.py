# SPDX-License-Identifier: MIT
"""The documentation as a site."""

from __future__ import annotations

import subprocess
import sys

from tests.support.paths import BUILD, ROOT


def test_the_site_is_built_without_a_warning() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "site.py"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    site = BUILD / "site"
    assert "def hello(req)" not in (site / "index.html").read_text("utf-8")  # it is coloured
    assert "uhttpd_ws_group_send" in (site / "docs" / "reference-c-uhttpd_ws_group").joinpath(
        "index.html"
    ).read_text("utf-8")
    assert "main.py" in (site / "examples" / "chat" / "index.html").read_text("utf-8")
