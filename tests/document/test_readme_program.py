# SPDX-License-Identifier: MIT
"""The program that README.md begins with."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.program import Run


def test_first_program_does_what_is_said_of_it(run: Run, tmp_path: Path) -> None:
    found = re.search("```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert found
    (tmp_path / "hello.txt").write_text("a file")
    program = found[1].replace("Server()", "Server(0)").replace("/www", str(tmp_path))
    board = run(f"{program}\nprint('PORT', httpd.port())\ninput()\n")
    assert board.get("/my").text == "Hello World"
    assert board.get("/lamps/2").json() == {"lamp": 2, "on": True}
    assert board.get("/lamps/4").status_code == 404
    assert "<html" in board.get("/ws").text
    assert board.get("/hello.txt").text == "a file"
