# SPDX-License-Identifier: MIT
"""The npm package micropython-ctl, unmodified, on a board with littlefs.

It compares whole frames with what it expects, and does everything by scripts in raw mode.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import npm
from tests.support.ram_disk import ram_disk

from .board import Board

PASSWORD = "python"
ACCEPTS = "lambda listener: webrepl.accept_conn(listener)"
PROGRAM = """
import os, webrepl
webrepl.start({port}, {password!r}{handler})
print('PORT {port}')
"""
Play = Callable[..., list]


@pytest.fixture(params=["served", "accepted"])
def board(request: pytest.FixtureRequest, start_board, free_port: int) -> Board:
    """A board whose sessions are served by the firmware, or accepted by the program."""
    handler = f", {ACCEPTS}" if request.param == "accepted" else ""
    start = PROGRAM.format(port=free_port, password=PASSWORD, handler=handler)
    return start_board(ram_disk("VfsLfs2", "/flash", blocks=128) + start)


@pytest.fixture(scope="session")
def script() -> Path:
    """The script that calls the package's methods."""
    return npm.install(Path(__file__).resolve().parent / "micropython-ctl") / "play.mjs"


@pytest.fixture
def play(board: Board, script: Path) -> Play:
    """Connects, calls methods and disconnects. Returns their results."""

    def run(*calls: list, password: str = PASSWORD) -> list:
        return npm.run(script, board.host, password, told=calls)

    return run


def test_a_wrong_password_is_told(play: Play) -> None:
    assert play(password="nothyp")[0]["message"] == "REPL password invalid"


def test_its_version_is_asked_for(play: Play) -> None:
    (version,) = play(["getVer"])
    assert len(version.split(".")) == 3


def test_scripts_run(play: Play) -> None:
    script = "total = 0\nfor i in range(100):\n  total += i\nprint('größe', total)\n" + "# " * 200
    output, state = play(["runScript", script], ["isTerminalMode"])
    assert output.encode("latin-1").decode() == "größe 4950"
    assert state is True


def test_a_script_that_fails_is_told(play: Play) -> None:
    failed = play(["runScript", "print('before')\n1/0"])[0]
    assert "ZeroDivisionError" in failed["message"]


def test_files_are_put_listed_read_and_removed(play: Play) -> None:
    contents = os.urandom(1000)
    results = play(
        ["putFile", "/flash/data.bin", {"hex": contents.hex()}],
        ["listFiles", "/flash"],
        ["getFile", "/flash/data.bin"],
        ["statPath", "/flash/data.bin"],
        ["mkdir", "/flash/lib"],
        ["rename", "/flash/data.bin", "/flash/lib/new.bin"],
        ["getFileHash", "/flash/lib/new.bin"],
        ["listFiles", "/flash", {"recursive": True}],
        ["remove", "/flash/lib/new.bin"],
        ["remove", "/flash/lib", True],
        ["listFiles", "/flash"],
    )
    assert len(results) == 11, results
    assert results[0] is True
    assert names(results[1]) == {"/flash/data.bin": 1000}
    assert results[2] == {"hex": contents.hex()}
    assert results[3] == {"exists": True, "isDir": False, "size": 1000}
    assert results[6] == hashlib.sha256(contents).hexdigest()
    assert names(results[7]) == {"/flash": 0, "/flash/lib": 0, "/flash/lib/new.bin": 1000}
    assert names(results[10]) == {}


def names(listed: list[dict]) -> dict[str, int]:
    return {entry["filename"]: entry["size"] for entry in listed}


def test_a_missing_file_is_told(play: Play) -> None:
    assert "ENOENT" in play(["getFile", "/flash/missing"])[0]["message"]


def test_it_comes_back_after_it_has_disconnected(play: Play) -> None:
    for n in range(3):
        assert play(["runScript", f"print({n})"]) == [str(n)]
