# SPDX-License-Identifier: MIT
"""People who know mpremote find its words here, and a hint where they are mistaken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from webrepl_client.address import candidates
from webrepl_client.cli.official import translate

from .desktop import run_command, webrepl


def test_a_port_and_a_path_are_an_address(board) -> None:
    assert [place.url for place in candidates("10.0.0.1:81/ws")] == ["ws://10.0.0.1:81/ws"]
    assert translate(["10.0.0.1:81/ws", "ls"]) is None
    assert webrepl(f"{board.address}/ws", "eval", "1").out == "1\r\n"


def test_options_may_stand_behind_the_address(board) -> None:
    done = webrepl(board.address, "-j", "-p", "swordfish", "ls", password=None)
    assert json.loads(done.out)["result"] == []


@pytest.mark.parametrize("verb", ["ls", "cat", "rm", "mkdir", "touch", "sha256sum", "tree"])
def test_fs_may_stand_before_verbs_for_files(board, verb: str) -> None:
    (board.directory / "a").write_text("1")
    name = {"mkdir": "b", "tree": ":"}.get(verb, "a")
    done = webrepl(board.address, "resume", "fs", verb, name)
    assert done.status == 0, done


def test_several_names_are_listed(board, command) -> None:
    for name in ("x", "y"):
        (board.directory / name).mkdir()
        (board.directory / name / f"in_{name}").write_text("12345")
    (board.directory / "file").write_text("1")
    assert command("ls", "x", ":y", "file").out.splitlines() == [
        ":x",
        "           5 in_x",
        ":y",
        "           5 in_y",
        "           1 file",
    ]


def test_sizes_in_a_tree(board, command) -> None:
    (board.directory / "a").write_bytes(bytes(2048))
    assert command("tree", "-s").out.splitlines() == [":", "└── a  2048"]
    assert command("tree", "-h").out.splitlines() == [":", "└── a  2.0K"]


def test_mount_and_mip_are_done_by_mpremote(board, here: Path) -> None:
    (here / "mounted.py").write_text("print('imported')\n")
    done = run_command("-c", board.address, "mount", ".", "exec", "import mounted", cwd=here)
    assert done.status == 0, done
    assert "imported" in done.out
    assert "ROMFS" in run_command("-c", board.address, "romfs", "query", cwd=here).out


def test_a_session_can_be_captured(board, edition, person, here: Path) -> None:
    somebody = person(*edition, board.address, "repl", "--capture", "log", cwd=here)
    somebody.expect(">>> ")
    somebody.type("print(6 * 7)\r")
    somebody.expect("42\r\n>>> ")
    somebody.type("\x1d")
    assert somebody.status() == 0
    assert b"print(6 * 7)\r\n42\r\n>>> " in (here / "log").read_bytes()


def test_words_that_say_what_there_is() -> None:
    assert webrepl("version").out == webrepl("--version").out
    assert webrepl("help").out == webrepl("--help").out


def test_a_mistaken_word_gets_a_hint(board) -> None:
    done = webrepl(board.address, "softreset")
    assert (done.status, done.error) == (
        2,
        "webrepl: softreset is no verb; do you mean soft-reset?\n",
    )


def test_a_takeover_is_told_once(board, person) -> None:
    somebody = person(board.address)
    somebody.expect(">>> ")
    assert webrepl("--takeover", board.address, "eval", "1").status == 0
    assert somebody.status() == 7
    assert somebody.screen.count("has taken the terminal") == 1


def test_the_clock_can_be_read(board, command) -> None:
    code = "import sys\nclass RTC:\n def datetime(self): return (2026, 1, 2, 4, 5, 6, 7, 0)\n"
    code += "class machine: pass\nmachine.RTC = RTC\nsys.modules['machine'] = machine"
    done = command("exec", code, "+", "rtc")
    assert done.out.strip() == "(2026, 1, 2, 4, 5, 6, 7, 0)"
