# SPDX-License-Identifier: MIT
"""The program that README.md begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.program import Run, with_any_port

from .documents import blocks_of

NETWORK = """
STA_IF = 0


class WLAN:
    def __init__(self, interface):
        self.asked = 0

    def active(self, is_active):
        print("active", is_active)

    def connect(self, name, password):
        print("joins", name)

    def isconnected(self):
        self.asked += 1
        return self.asked > 1

    def ifconfig(self):
        return ("192.168.4.2", "", "", "")
"""
"""The network of a board, as far as the program knows it."""


@pytest.mark.parametrize("is_board", [False, True])
def test_first_program_does_what_is_said_of_it(run: Run, tmp_path: Path, is_board: bool) -> None:
    program = next(block for block in blocks_of(ROOT / "README.md") if block.kind == "python")
    if is_board:
        (tmp_path / "network.py").write_text(NETWORK)
    (tmp_path / "secret.txt").write_text("not for everybody")
    board = run(with_any_port(program.text))
    if is_board:
        board.expect("joins the name of your network\\s+http://192.168.4.2:8080/\\s")
    assert board.get("/").text == "<h1>Hello World</h1>"
    assert board.get("/lamps/2").json() == {"lamp": 2, "on": True}
    assert board.get("/lamps/4").status_code == 404
    assert "<html" in board.get("/ws").text
    assert board.get("/secret.txt").status_code == board.get("/main.py").status_code == 404
