# SPDX-License-Identifier: MIT
"""`import webrepl_setup`: whether WebREPL starts on boot, and with which password."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.program import Run

SETUP = "import webrepl_setup\nprint('END')"


@pytest.fixture
def answer(run: Run) -> Callable[[str], str]:
    """Runs the dialogue with these answers, one a line. Returns its output."""

    def dialogue(answers: str) -> str:
        program = run(SETUP)
        program.type(answers)
        return program.finish()

    return dialogue


def test_it_is_enabled_with_a_password(answer, tmp_path: Path) -> None:
    shown = answer("e\nlong enough for anybody: \"'\\\nlong enough for anybody: \"'\\\nn\n")
    assert "starts on boot: no" in shown
    assert shown.endswith("END\n")
    assert (tmp_path / "boot.py").read_text() == "import webrepl\nwebrepl.start()\n"
    configuration: dict[str, str] = {}
    exec((tmp_path / "webrepl_cfg.py").read_text(), configuration)
    assert configuration["PASS"] == "long enough for anybody: \"'\\"


def test_an_enabled_webrepl_starts(answer, run, tmp_path: Path, free_port: int) -> None:
    from tests.support.terminal import Terminal

    answer("e\nx\nx\nn\n")
    boot = (tmp_path / "boot.py").read_text().replace("start()", f"start({free_port})")
    program = run(boot + f"print('PORT {free_port}')", prompt=True)
    with Terminal(f"ws://127.0.0.1:{program.port}/") as terminal:
        terminal.login("x")


def test_it_is_disabled_and_enabled_again(answer, tmp_path: Path) -> None:
    boot = "# boot\n#import webrepl\n#webrepl.start(8266)\nprint('mine')"
    (tmp_path / "boot.py").write_text(boot)
    (tmp_path / "webrepl_cfg.py").write_text("PASS = 'old'\n")
    answer("E\n\nn\n")
    enabled = "# boot\nimport webrepl\nwebrepl.start(8266)\nprint('mine')\n"
    assert (tmp_path / "boot.py").read_text() == enabled
    assert "starts on boot: yes" in answer("d\nn\n")
    assert (tmp_path / "boot.py").read_text() == boot + "\n"
    assert (tmp_path / "webrepl_cfg.py").read_text() == "PASS = 'old'\n"


@pytest.mark.parametrize("answers", ["\n", "d\n"])
def test_nothing_changes_when_nothing_is_to_change(answer, tmp_path: Path, answers: str) -> None:
    assert "stays as it is" in answer(answers)
    assert not (tmp_path / "boot.py").exists()
    assert not (tmp_path / "webrepl_cfg.py").exists()


def test_another_password_keeps_the_rest(answer, tmp_path: Path) -> None:
    (tmp_path / "boot.py").write_text("import webrepl\nwebrepl.start()\n")
    (tmp_path / "webrepl_cfg.py").write_text("PASS = 'old'\nBASE = 'http://x/'\n")
    answer("e\ny\nnew\nnew\n")
    assert (tmp_path / "webrepl_cfg.py").read_text() == "PASS = 'new'\nBASE = 'http://x/'\n"


def test_wrong_answers_are_asked_for_again(answer, tmp_path: Path) -> None:
    shown = answer("perhaps\ne\n\none\nother\none\none\nwhat\nn\n")
    assert "must not be empty" in shown
    assert "They differ" in shown
    assert (tmp_path / "webrepl_cfg.py").read_text() == "PASS = 'one'\n"


def test_rebooting_ends_the_program(answer) -> None:
    assert "END" not in answer("e\nx\nx\ny\n")


def test_letters_of_any_language_are_a_password(answer, tmp_path: Path) -> None:
    answer("e\ntrübe€\x7f😀\ntrüb\x08be😀\nn\n")
    assert eval((tmp_path / "webrepl_cfg.py").read_text().removeprefix("PASS = ")) == "trübe😀"


def test_a_block_stays_a_block(answer, tmp_path: Path) -> None:
    """boot.py runs whether WebREPL is switched off or on."""
    boot = "import webrepl\nif True:\n    webrepl.start(8266)\nprint('mine')\n"
    (tmp_path / "boot.py").write_text(boot)
    (tmp_path / "webrepl_cfg.py").write_text("PASS = 'old'\n")
    answer("d\nn\n")
    off = (tmp_path / "boot.py").read_text()
    assert "\n    webrepl" not in off
    exec(off.replace("webrepl.", "unknown."), {})
    answer("e\n\nn\n")
    assert (tmp_path / "boot.py").read_text() == boot


def test_a_byte_order_mark_is_no_part_of_a_name(answer, tmp_path: Path) -> None:
    (tmp_path / "boot.py").write_text("\ufeffimport webrepl\nwebrepl.start()\n")
    (tmp_path / "webrepl_cfg.py").write_text("\ufeffPASS = 'old'\nBASE = 'http://x/'\n")
    answer("e\ny\nnew\nnew\n")
    assert (tmp_path / "webrepl_cfg.py").read_text() == "PASS = 'new'\nBASE = 'http://x/'\n"
