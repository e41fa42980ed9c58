# SPDX-License-Identifier: MIT
"""Errors are one sentence, with a status for scripts, and nothing is left behind."""

from __future__ import annotations

import json
import os
import socket
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.ports import unused_port

from .desktop import webrepl

pytestmark = pytest.mark.filterwarnings("error")


def sentence(done) -> str:
    """Returns the one line of an error."""
    lines = done.error.splitlines()
    assert len(lines) == 1, done
    assert lines[0].startswith("webrepl: ")
    return lines[0]


def test_wrong_password(board, edition) -> None:
    done = webrepl(*edition, "-c", board.address, "ls", password="wrong")
    assert done.status == 5
    assert sentence(done) == "webrepl: wrong password"


def test_no_password_and_nobody_to_ask(board) -> None:
    done = webrepl("-c", board.address, "ls", password=None)
    assert done.status == 5
    assert "WEBREPL_PASSWORD" in sentence(done)


def test_nobody_there() -> None:
    port = unused_port()
    done = webrepl("-c", f"127.0.0.1:{port}", "ls")
    assert done.status == 3
    assert sentence(done) == f"webrepl: nobody listens at 127.0.0.1 port {port}"


def test_no_such_host() -> None:
    done = webrepl("-c", "no-such-board.invalid", "ls")
    assert done.status == 3
    assert sentence(done) == "webrepl: no host is called no-such-board.invalid"


def test_another_server(board) -> None:
    done = webrepl("-c", f"ws://{board.address}/nothing", "ls")
    assert done.status == 4
    assert "no WebREPL at" in sentence(done)


def test_a_server_that_is_none(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with closing(listener.accept()[0]) as client:
                client.recv(1000)
                client.sendall(b"220 mail.example ESMTP\r\n" * 100)
                client.recv(1000)

        thread = threading.Thread(target=answer)
        thread.start()
        done = webrepl("-c", f"ws://127.0.0.1:{listener.getsockname()[1]}/ws", "ls")
        thread.join()
    assert done.status == 4
    assert "no WebREPL at" in sentence(done)


def test_a_server_that_hangs_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: listener.accept()[0].close())
        thread.start()
        done = webrepl("-c", f"ws://127.0.0.1:{listener.getsockname()[1]}/ws", "ls")
        thread.join()
    assert done.status == 6
    assert "hangs up" in sentence(done)


@pytest.mark.parametrize("address", ["ftp://x", "a b", "ws://user@x/"])
def test_no_address(address: str) -> None:
    done = webrepl("-c", address, "ls")
    assert done.status == 2
    assert address in sentence(done)


def test_two_users_at_once(board, edition) -> None:
    from webrepl_client import connect

    with connect(board.url, "swordfish") as session:
        session.eval("1")
        done = webrepl(*edition, "-c", board.address, "eval", "2")
        assert done.status == 6
        assert "127.0.0.1" in sentence(done)
        assert session.eval("3") == 3


@pytest.mark.parametrize(
    "words",
    [
        ["ls", "--bad"],
        ["ls", "+", "bogus"],
        ["cp", "a"],
        ["cp", "a", "b"],
        ["mv", "a"],
        ["bridge", "--tcp", "x"],
        ["sleep", "soon"],
        ["--bad", "ls"],
    ],
    ids=" ".join,
)
def test_wrong_command_lines(board, words) -> None:
    done = webrepl("-c", board.address, *words)
    assert done.status == 2
    sentence(done)


def test_files_here_that_cannot_be_read(command, here: Path) -> None:
    done = command("cp", "nothing", ":")
    assert done.status == 8
    assert sentence(done) == "webrepl: nothing: No such file or directory"
    assert command("run", "nothing").status == 8
    assert command("sync", "nothing").status == 8
    (here / "binary").write_bytes(b"\xff\xfe")
    assert command("run", "binary").status == 2


def test_places_here_that_cannot_be_written(board, command, here: Path) -> None:
    (board.directory / "a").write_text("x")
    done = command("cp", ":a", "no/such/place")
    assert done.status == 8
    assert "No such file or directory" in sentence(done)
    assert os.listdir(here) == []


def test_a_directory_where_a_file_is_meant(board, command) -> None:
    (board.directory / "lib").mkdir()
    for words in (["cat", "lib"], ["rm", "lib"], ["get", "lib"], ["rmdir", "nothing"]):
        done = command(*words)
        assert done.status == 1
        sentence(done)


def test_errors_as_json(command) -> None:
    done = command("-j", "ls", "+", "cat", "nothing")
    first, last = map(json.loads, done.out.splitlines())
    assert first["result"] == []
    assert last["command"] == "cat"
    assert last["status"] == done.status == 1
    assert last["error"] == ":nothing: No such file or directory"
    assert done.error == ""


def test_a_full_disk(start_board, edition, here: Path, tmp_path: Path) -> None:
    board = start_board(more="import os")
    small = tmp_path / "small"
    small.mkdir()
    if os.system(f"mount -t tmpfs -o size=64k none {small} 2>/dev/null"):
        pytest.skip("a small disk needs root")
    try:
        (small / "old").write_text("still here")
        (here / "big").write_bytes(os.urandom(1_000_000))
        done = webrepl(*edition, "-c", board.address, "cp", here / "big", f":{small}/old")
        assert done.status == 9
        assert "full" in sentence(done)
        assert os.listdir(small) == ["old"]
        assert (small / "old").read_text() == "still here"
    finally:
        os.system(f"umount {small}")


def test_a_board_that_ends_in_the_middle(board, edition, here: Path) -> None:
    done = webrepl(*edition, "-c", board.address, "exec", "import os; os.system('kill -9 $PPID')")
    assert done.status == 7
    assert "lost" in sentence(done)


def test_a_board_that_is_reset_in_the_middle(board, edition) -> None:
    done = webrepl(*edition, "-c", board.address, "exec", "import machine; machine.reset()")
    assert done.status in (1, 7)
    assert len(done.error.splitlines()) >= 1
