# SPDX-License-Identifier: MIT
"""The second edition of the protocol, tested with the project's own client."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from webrepl_client import Board, connect
from webrepl_client.errors import RemoteFileError

from .device import PASSWORD, Device, eventually
from .web_files import noise

NAME = "second.bin"
BUSY = "print('begun')\nwhile True: pass"


def session(device: Device) -> Board:
    """Opens a client that is logged in."""
    return connect(f"ws://{device.host}:{device.port}/ws", PASSWORD)


@pytest.fixture
def board(device: Device) -> Iterator[Board]:
    with session(device) as board:
        assert board.edition == 2
        yield board


@pytest.fixture
def python(device: Device) -> Iterator[Board]:
    """A device with Python."""
    if device.firmware != "micropython":
        pytest.skip("this firmware runs no Python")
    with session(device) as board:
        yield board


@pytest.mark.parametrize("size", [0, 1, 4096, 100_001])
def test_an_uploaded_file_is_downloaded_again(board: Board, size: int) -> None:
    board.write_bytes(NAME, b"what was there before")
    board.write_bytes(NAME, noise(size))
    assert board.read_bytes(NAME) == noise(size)
    assert board.digest(NAME) == hashlib.sha256(noise(size)).digest()


def test_files_are_listed_renamed_and_removed(board: Board) -> None:
    board.mkdir("folder")
    board.write_bytes("folder/old", b"12345")
    board.rename("folder/old", "folder/new")
    assert [(entry.name, entry.size) for entry in board.listdir("folder")] == [("new", 5)]
    board.remove("folder/new")
    board.rmdir("folder")
    assert "folder" not in [entry.name for entry in board.listdir()]


def test_a_name_that_is_too_long(device: Device, board: Board) -> None:
    if device.firmware == "micropython":
        pytest.skip("file systems of MicroPython have errors of their own")
    for operation in (board.read_bytes, board.listdir, board.remove, board.mkdir, board.rmdir):
        with pytest.raises(RemoteFileError, match="long"):
            operation("n" * 200)
    with pytest.raises(RemoteFileError, match="long"):
        board.write_bytes("n" * 200, b"1")
    with pytest.raises(RemoteFileError, match="long"):
        board.rename(NAME, "n" * 200)


def begin(board: Board, program: str) -> None:
    """Starts a program, and waits until it says that it runs."""
    board.start(program)
    shown = b""
    while b"begun" not in shown:
        shown += board.read()


def interrupted(board: Board) -> bool:
    """Whether Ctrl-C ends the running program."""
    board.interrupt()
    shown = b""
    while b"KeyboardInterrupt" not in shown:
        shown += board.read()
    return board.eval("6 * 7") == 42


def test_a_busy_program_is_interrupted(python: Board) -> None:
    begin(python, BUSY)
    assert interrupted(python)


def test_files_while_a_program_is_busy(python: Board) -> None:
    begin(python, BUSY)
    python.write_bytes(NAME, noise(20_000))
    assert python.read_bytes(NAME) == noise(20_000)
    assert interrupted(python)


def test_a_second_client_works_on_files_meanwhile(device: Device, python: Board) -> None:
    begin(python, BUSY)
    with session(device) as second:
        second.write_bytes(NAME, noise(5000))
        assert second.read_bytes(NAME) == noise(5000)
    assert interrupted(python)


def test_a_soft_reset(device: Device, python: Board) -> None:
    python.exec("left_over = 1")
    python.soft_reset()
    with eventually(lambda: session(device)) as again:
        assert again.eval("'left_over' in globals()") is False
