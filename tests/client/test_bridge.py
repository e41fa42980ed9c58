# SPDX-License-Identifier: MIT
"""Serial tools work through a bridge: a pty, or a TCP port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import serial

from tests.support.waiting import PATIENCE

from .desktop import COMMAND, environment


@pytest.fixture
def bridge(board, edition, here: Path) -> Callable[..., str]:
    """Starts a bridge. Returns the name that it says can be opened."""
    running = []

    def start(*words: object) -> str:
        process = subprocess.Popen(
            [*COMMAND, *edition, "-c", board.address, "bridge", *map(str, words)],
            cwd=here,
            env=environment(),
            stdout=subprocess.PIPE,
        )
        running.append(process)
        return process.stdout.readline().decode().strip()

    yield start
    for process in running:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 128 + signal.SIGTERM
        process.stdout.close()


def run(port: serial.SerialBase, code: bytes) -> bytes:
    """Runs code through the raw REPL, as serial tools do."""
    port.write(b"\r\x03\x03\x01")
    port.read_until(b"raw REPL; CTRL-B to exit\r\n>")
    port.write(code + b"\x04")
    output = port.read_until(b"\x04>")
    port.write(b"\x02")
    return output


def test_a_pty(bridge, here: Path) -> None:
    assert bridge("--pty", "board") == "board"
    for _ in range(2):
        with serial.Serial(str(here / "board"), timeout=PATIENCE) as port:
            assert run(port, b"print(6 * 7)") == b"OK42\r\n\x04\x04>"


def test_the_name_of_a_pty_goes_with_it(board, edition, here: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, *edition, "-c", board.address, "bridge", "--pty", "board"],
        cwd=here,
        env=environment(),
        stdout=subprocess.PIPE,
    )
    with process.stdout:
        process.stdout.readline()
    assert os.path.lexists(here / "board")
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 130
    assert not os.path.lexists(here / "board")


def test_a_tcp_port(bridge) -> None:
    url = bridge("--tcp", 0)
    for _ in range(2):
        with serial.serial_for_url(url, timeout=PATIENCE) as port:
            assert run(port, b"print(6 * 7)") == b"OK42\r\n\x04\x04>"


def test_mpremote_over_a_pty(bridge, here: Path) -> None:
    bridge("--pty", "board")
    name = os.path.realpath(here / "board")
    done = subprocess.run(
        [sys.executable, "-m", "mpremote", "connect", name, "resume", "exec", "print(6 * 7)"],
        capture_output=True,
        timeout=PATIENCE,
    )
    assert done.stdout.strip() == b"42", done


def test_a_port_survives_a_soft_reset(board, bridge) -> None:
    with serial.serial_for_url(bridge("--tcp", 0), timeout=PATIENCE) as port:
        assert run(port, b"x = 1") == b"OK\x04\x04>"
        port.write(b"\r\x03\x01")
        port.read_until(b"raw REPL; CTRL-B to exit\r\n>")
        port.write(b"\x04")
        assert port.read_until(b"soft reboot\r\n").endswith(b"soft reboot\r\n")
        assert port.read_until(b"raw REPL; CTRL-B to exit\r\n>").endswith(b"exit\r\n>")
        port.write(b"print('x' in globals())\x04")
        assert port.read_until(b"\x04>") == b"OKFalse\r\n\x04\x04>"
    board.wait_for_life(2)
