# SPDX-License-Identifier: MIT
"""The terminal at /ws."""

from __future__ import annotations

from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.terminal import Terminal

from .device import PASSWORD, Device


@pytest.fixture
def micropython(device: Device) -> Device:
    """A device with Python."""
    if device.firmware != "micropython":
        pytest.skip("this firmware runs no Python")
    return device


def test_a_command(device: Device) -> None:
    with device.terminal() as terminal:
        for _ in range(3):
            assert device.words.answer in terminal.run(device.words.command)


def test_long_names_stay_on_their_lines(device: Device, tmp_path: Path) -> None:
    if device.firmware != "c" or device.target not in ("desktop", "linux"):
        pytest.skip("the test does not reach its storage")
    names = ["b" * 200, "c" * 250]
    for name in names:
        (tmp_path / name).touch()
    with device.terminal() as terminal:
        lines = terminal.run("ls").splitlines()
    assert set(names) <= {line.split()[-1] for line in lines if line}


def test_a_wrong_password(device: Device) -> None:
    with Terminal(f"ws://{device.host}:{device.port}/ws") as terminal:
        terminal.expect("Password: ")
        terminal.send("wrong\r")
        terminal.expect("Access denied")
        with pytest.raises(ConnectionClosed):
            terminal.socket.recv(timeout=30)
    with device.terminal() as terminal:
        assert device.words.answer in terminal.run(device.words.command)


def test_a_second_client_gets_the_reason(device: Device) -> None:
    with device.terminal() as first:
        with Terminal(f"ws://{device.host}:{device.port}/ws") as second:
            with pytest.raises((ConnectionClosed, AssertionError)) as refusal:
                second.login(PASSWORD)
            assert "4000" in str(refusal.value) or second.socket.close_code == 4000
        assert device.words.answer in first.run(device.words.command)


def test_the_page_of_the_terminal(device: Device) -> None:
    response = device.get("/ws")
    assert response.code == 200
    assert response.header("Content-Encoding") == "gzip"
    assert response.body.startswith(b"\x1f\x8b")


def test_a_busy_program_is_interrupted(micropython: Device) -> None:
    with micropython.terminal() as terminal:
        for program in ("while True: pass", "import time; time.sleep(1000)"):
            terminal.enter_raw()
            terminal.send(f"print('begun')\n{program}\x04")
            terminal.expect("OKbegun\r\n")
            terminal.send("\x03")
            terminal.expect("KeyboardInterrupt")
            terminal.expect("\x04>")
            terminal.send("\x02")
            terminal.expect(">>> ")


def test_a_paste_without_a_pause(micropython: Device) -> None:
    lines = [f"x = {n}" for n in range(1000)]
    with micropython.terminal() as terminal:
        terminal.enter_raw()
        assert terminal.run_raw("\n".join(lines) + "\nprint(x)") == ("999\r\n", "")


def test_characters_arrive_whole(micropython: Device) -> None:
    with micropython.terminal() as terminal:
        terminal.enter_raw()
        output, error = terminal.run_raw("print('äöü€😀' * 300)")
    assert (output, error) == ("äöü€😀" * 300 + "\r\n", "")
