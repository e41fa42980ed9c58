# SPDX-License-Identifier: MIT
"""The fixture micropython_board, as a project of somebody else uses it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import CLIENT_SOURCE, SHIPPED
from tests.support.process import require

TESTS = """
def test_files(micropython_board, tmp_path):
    micropython_board.write_bytes("mine.py", b"def answer(): return 42")
    assert (tmp_path / "board" / "mine.py").exists()
    assert micropython_board.eval("__import__('mine').answer()") == 42


def test_each_test_has_a_board_of_its_own(micropython_board):
    assert micropython_board.listdir() == []


def test_a_tree_goes_into_its_directory(micropython_board, tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "theirs.py").write_text("def answer(): return 43")
    micropython_board.put_tree(tmp_path / "src", ".")
    assert micropython_board.eval("__import__('theirs').answer()") == 43
"""


@pytest.fixture
def run(tmp_path: Path):
    """Runs the tests of that project."""
    require(SHIPPED)
    (tmp_path / "test_mine.py").write_text(TESTS)
    plugin = ["-p", "webrepl_client.pytest_plugin", "-p", "no:cacheprovider", "-p", "no:embedded"]

    def go(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *plugin, "--rootdir", tmp_path, *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(CLIENT_SOURCE), "PATH": os.defpath},
            capture_output=True,
            text=True,
        )

    return go


def test_programs_are_tested_on_a_board(run) -> None:
    done = run(f"--micropython={SHIPPED}")
    assert "3 passed" in done.stdout, done


def test_a_firmware_that_was_named_must_be_there(run) -> None:
    done = run("--micropython=/no/such/file")
    assert done.returncode == 1
    assert "there is no desktop firmware at /no/such/file" in done.stdout, done


def test_without_a_firmware_the_tests_are_skipped(run) -> None:
    done = run()
    assert "3 skipped" in done.stdout, done
