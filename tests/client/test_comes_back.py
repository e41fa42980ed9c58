# SPDX-License-Identifier: MIT
"""A client is killed in the middle of something. The next one finds a board that works.

ROUNDS says how often each kind is tried.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.ports import unused_port
from tests.support.waiting import PATIENCE, eventually
from tests.webrepl.second import Second

from .desktop import COMMAND, PASSWORD, Board, environment, webrepl

ROUNDS = int(os.environ.get("ROUNDS", "1"))
SLEEPS = "import time; print('RE' + 'ADY'); time.sleep(20)"
SWITCHES_CTRL_C_OFF = "import micropython, sys; micropython.kbd_intr(-1); print('RE' + 'ADY')\n"

Kill = Callable[[Board, Path], None]


class Victim:
    """A client that is killed."""

    def __init__(self, board: Board, folder: Path, *words: object, **variables: str) -> None:
        """Starts the command."""
        self._process = subprocess.Popen(
            [*COMMAND, "-c", board.address, *map(str, words)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**environment(), **variables},
        )

    def shows(self, text: bytes) -> None:
        """Waits for it."""
        assert self._process.stdout is not None
        seen = b""
        while text not in seen:
            more = os.read(self._process.stdout.fileno(), 4096)
            assert more, seen
            seen += more

    def kill(self) -> None:
        """Ends it, and what it has started, as a power cut does."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)


@contextmanager
def victim(board: Board, folder: Path, *words: object, **variables: str) -> Iterator[Victim]:
    client = Victim(board, folder, *words, **variables)
    try:
        yield client
    finally:
        client.kill()


def kill_mount(board: Board, folder: Path) -> None:
    with victim(board, folder, "mpremote", "mount", ".", "exec", SLEEPS) as client:
        client.shows(b"READY")


def kill_mount_that_answers(board: Board, folder: Path) -> None:
    """The board waits for the client, which waits for a file."""
    os.mkfifo(folder / "slow")
    code = "print('RE' + 'ADY'); open('slow')"
    with victim(board, folder, "mpremote", "mount", ".", "exec", code) as client:
        client.shows(b"READY")
        with open(folder / "slow", "wb"):  # it has opened it
            pass
    (folder / "slow").unlink()


def kill_run(board: Board, folder: Path) -> None:
    (folder / "busy.py").write_text("print('RE' + 'ADY')\nwhile True: pass\n")
    with victim(board, folder, "run", "busy.py") as client:
        client.shows(b"READY")


def kill_deaf_program_that_reads(board: Board, folder: Path) -> None:
    (folder / "deaf.py").write_text(SWITCHES_CTRL_C_OFF + "while True: sys.stdin.read(1)\n")
    with victim(board, folder, "run", "deaf.py") as client:
        client.shows(b"READY")


def kill_deaf_program_that_computes(board: Board, folder: Path) -> None:
    (folder / "deaf.py").write_text(SWITCHES_CTRL_C_OFF + "while True: pass\n")
    with victim(board, folder, "run", "deaf.py") as client:
        client.shows(b"READY")


def kill_put(board: Board, folder: Path) -> None:
    (folder / "large").write_bytes(bytes(8 << 20))
    with victim(board, folder, "put", "large"):
        eventually(lambda: list(board.directory.glob("*.~*")))
    (folder / "large").unlink()


def kill_watch(board: Board, folder: Path) -> None:
    (folder / "watched").mkdir(exist_ok=True)
    (folder / "watched" / "file.txt").write_text("hello")
    with victim(board, folder, "watch", "watched", ":"):
        eventually((board.directory / "file.txt").exists)


def kill_bridge(board: Board, folder: Path) -> None:
    port = unused_port()
    with victim(board, folder, "bridge", "--tcp", port) as client:
        client.shows(str(port).encode())
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as tool:
            tool.sendall(b"\r\x03\x01print('RE' + 'ADY')\x04")
            seen = b""
            while b"READY" not in seen:
                seen += tool.recv(4096)
            tool.sendall(b"print('half")


def kill_edit(board: Board, folder: Path) -> None:
    (board.directory / "edited.txt").write_text("hello")
    (folder / "editor").write_text("#!/bin/sh\necho READY\nsleep 60\n")
    (folder / "editor").chmod(0o755)
    editor = str(folder / "editor")
    with victim(board, folder, "edit", "edited.txt", EDITOR=editor) as client:
        client.shows(b"READY")


def typed(keys: bytes, answer: bytes) -> Kill:
    """Somebody types, and the connection breaks when the board has answered."""

    def kill(board: Board, folder: Path) -> None:
        del folder
        client = Second(board.port, path="/ws")
        client.login(PASSWORD)
        client.attach()
        client.type(keys)
        client.output_until(answer)
        client.close()

    return kill


UNFINISHED = {
    "raw repl": typed(b"\r\x03\x01print('half", b"raw REPL; CTRL-B to exit\r\n>"),
    "raw paste": typed(b"\r\x03\x01\x05A\x01print('half", b"R\x01\x00\x08\x01"),
    "paste mode": typed(b"\x05print('half", b"half"),
    "half a line": typed(b"print('half", b"half"),
    "half a block": typed(b"if True:\rprint('half", b"half"),
}
KINDS = {
    **UNFINISHED,
    "mount": kill_mount,
    "mount that answers": kill_mount_that_answers,
    "run": kill_run,
    "deaf program that reads": kill_deaf_program_that_reads,
    "deaf program that computes": kill_deaf_program_that_computes,
    "put": kill_put,
    "watch": kill_watch,
    "bridge": kill_bridge,
    "edit": kill_edit,
}


@pytest.mark.timeout(120 + 20 * ROUNDS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_next_client_finds_a_board_that_works(board: Board, here: Path, kind: str) -> None:
    """Files first: they do not interrupt what runs."""
    for _ in range(ROUNDS):
        KINDS[kind](board, here)
        (board.directory / "there.txt").write_text("hello")
        assert webrepl("-c", board.address, "cat", "there.txt").out == "hello"
        assert "there.txt" in webrepl("-c", board.address, "ls").out
        assert webrepl("-c", board.address, "eval", "6 * 7").out.strip() == "42"
        code = "import os; print(os.getcwd().startswith('/remote'))"
        assert webrepl("-c", board.address, "exec", code).out.strip() == "False"


@pytest.mark.parametrize("kind", UNFINISHED)
def test_the_next_person_finds_an_empty_line(board: Board, here: Path, kind: str) -> None:
    for _ in range(ROUNDS):
        KINDS[kind](board, here)
        client = Second(board.port, path="/ws")
        client.login(PASSWORD)
        client.attach()
        client.type(b"6 * 7\r")
        assert client.output_until(b"42\r\n>>> ").endswith(b"6 * 7\r\n42\r\n>>> ")
        client.leave()
