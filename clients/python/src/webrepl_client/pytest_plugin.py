# SPDX-License-Identifier: MIT
"""A plugin for pytest: programs for boards are tested on a desktop.

    def test_my_program(micropython_board):
        micropython_board.put_tree("src", ".")
        assert micropython_board.eval("__import__('mine').answer()") == 42

The fixture `micropython_board` is a Board: the desktop firmware of this project at a free port,
started for one test. Its working directory is one in tmp_path. Give it relative paths: its "/" is
that of this machine.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .board import Board, connect

VARIABLE = "MICROPYTHON"
"""Where the firmware is; the option --micropython counts more."""
USUAL = Path("build", "host", "micropython")
"""Where `make build` of this project leaves it."""
START_TIMEOUT = 30.0
PROGRAM = """\
import os, sys, uhttpd
os.chdir({folder!r})
sys.path.insert(0, '')
_server = uhttpd.Server(0, bind='127.0.0.1')
_server.ws('/ws', {password!r})
print('PORT', _server.port())
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --micropython."""
    group = parser.getgroup("micropython")
    group.addoption("--micropython", metavar="FILE", help="desktop firmware with uhttpd")


def firmware(config: pytest.Config) -> Path:
    """The desktop firmware. A test without one is skipped; one that was named must be there."""
    given = config.getoption("--micropython") or os.environ.get(VARIABLE)
    root = config.rootpath
    places = [Path(given)] if given else [folder / USUAL for folder in (root, *root.parents)]
    for place in places:
        if place.is_file():
            return place.resolve()
    if given:
        pytest.fail(f"there is no desktop firmware at {given}", pytrace=False)
    found = shutil.which("micropython-uhttpd")
    if not found:
        pytest.skip(f"no desktop firmware: give --micropython=FILE or {VARIABLE}")
    return Path(found)


@pytest.fixture
def micropython_board(pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[Board]:
    """A board that runs on this machine, logged in, in tmp_path / "board"."""
    program = firmware(pytestconfig)
    folder, password = tmp_path / "board", secrets.token_hex(8)
    folder.mkdir()
    script, log = tmp_path / "board.py", tmp_path / "board.log"
    script.write_text(PROGRAM.format(folder=str(folder), password=password))
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "-i", script],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        with connect(f"127.0.0.1:{_port(process, log)}/ws", password) as board:
            yield board
    finally:
        process.kill()
        process.wait()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """Waits until the board says where it listens."""
    end = time.monotonic() + START_TIMEOUT
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"^PORT (\d+)", log.read_text(errors="replace"), re.MULTILINE)
        if found:
            return int(found[1])
        time.sleep(0.02)
    pytest.fail(f"the board has not started: {log.read_text(errors='replace')}")
