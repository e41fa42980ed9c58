# SPDX-License-Identifier: MIT
"""Clients of the last ten years work unmodified."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import webrepl

from tests.support.waiting import PATIENCE

PASSWORD = "python"


@pytest.fixture
def board(start_board, free_port: int):
    return start_board(f"""
import webrepl
webrepl.start(port={free_port}, password={PASSWORD!r})
print('PORT {free_port}')
""")


@pytest.fixture
def client(board):
    client = webrepl.Webrepl(host="127.0.0.1", port=board.port, password=PASSWORD)
    yield client
    client.disconnect()


def test_pypi_webrepl_logs_in(client) -> None:
    assert client.connected
    assert len(client.get_ver()) == 3


@pytest.mark.parametrize("size", [0, 1, 255, 256, 1024, 100_000])
def test_pypi_webrepl_puts_and_gets_files(board, client, tmp_path: Path, size: int) -> None:
    contents = os.urandom(size)
    (tmp_path / "local").write_bytes(contents)
    client.put_file(str(tmp_path / "local"), "remote")
    assert (board.directory / "remote").read_bytes() == contents
    assert client.get_file_content("remote") == contents
    client.get_file("remote", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == contents


def test_pypi_webrepl_runs_commands(client) -> None:
    assert b"42" in client.sendcmd("print(6*7)")
    assert b"program0.py" in client.sendcmd("import os; os.listdir()")


def test_pypi_webrepl_is_a_command(board, tmp_path: Path) -> None:
    """Tests each verb of webreplcmd by itself."""

    def run(*words: str) -> str:
        where = ("--host", "127.0.0.1", "--port", str(board.port), "--password", PASSWORD)
        command = [sys.executable, Path(sys.executable).with_name("webreplcmd"), *where, *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, cwd=here)
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout

    here = tmp_path / "here"
    here.mkdir()
    (here / "local").write_text("a line\n")
    run("put", "local", "remote")
    assert (board.directory / "remote").read_text() == "a line\n"
    assert "'remote'" in run("ls")
    assert run("cat", "remote") == "a line\n\n"
    run("get", "remote", "back")
    assert (here / "back").read_text() == "a line\n"
    assert "42" in run("cmd", "print(6*7)")
    assert "Version" in run("ver")
    run("rm", "remote")
    assert not (board.directory / "remote").exists()


def test_pypi_webrepl_is_refused_with_a_wrong_password(board) -> None:
    stranger = webrepl.Webrepl(host="127.0.0.1", port=board.port, password="nothyp")
    assert not stranger.connected


def test_mpfshell_works_on_files(board, monkeypatch, tmp_path: Path) -> None:
    """It reads exactly 10 characters of the prompt and 25 of the greeting, always on port 8266."""
    link = pytest.importorskip("mp.conwebsock", exc_type=ImportError)
    from mp.mpfexp import MpFileExplorer

    app = link.websocket.WebSocketApp
    monkeypatch.setattr(
        link.websocket,
        "WebSocketApp",
        lambda url, **options: app(f"ws://127.0.0.1:{board.port}", **options),
    )
    # It calls os.uname() for the board's name, which the desktop does not have.
    monkeypatch.setattr(
        MpFileExplorer,
        "_MpFileExplorer__set_sysname",
        lambda shell: setattr(shell, "sysname", "esp32"),
    )
    (tmp_path / "local").write_bytes(os.urandom(1000))
    shell = MpFileExplorer(f"ws:127.0.0.1,{PASSWORD}")
    shell.put(str(tmp_path / "local"), "remote")
    assert (board.directory / "remote").read_bytes() == (tmp_path / "local").read_bytes()
    assert "remote" in shell.ls()
    shell.get("remote", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == (tmp_path / "local").read_bytes()
    shell.rm("remote")
    assert "remote" not in shell.ls()
    shell.close()
