# SPDX-License-Identifier: MIT
"""Serial tools work through a bridge: a pty, or a TCP port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import serial
import webrepl_client
from webrepl_client import serial_port

from tests.support.waiting import PATIENCE

from .desktop import COMMAND, PASSWORD, environment


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


def test_a_bridge_outlives_a_busy_board(board, bridge) -> None:
    url = bridge("--tcp", 0)
    host, port = url.removeprefix("socket://").split(":")
    with webrepl_client.connect(board.url, PASSWORD) as holder:
        holder.eval("1")
        with socket.create_connection((host, int(port)), PATIENCE) as client:
            client.sendall(b"\r")
            said = b""
            while piece := client.recv(1000):
                said += piece
        assert b"held the terminal" in said or b"in use" in said
    with serial.serial_for_url(url, timeout=PATIENCE) as port:
        assert run(port, b"print(6 * 7)") == b"OK42\r\n\x04\x04>"


def test_a_port_of_a_board_that_has_gone_is_closed_at_once(board) -> None:
    serial.protocol_handler_packages.append("webrepl_client.urlhandler")
    serial_port.given.password = PASSWORD
    port = serial.serial_for_url(board.url, timeout=PATIENCE)
    board.process.kill()
    board.process.wait()
    time.sleep(0.5)  # the connection is lost, and another one is tried
    closing = threading.Thread(target=port.close, daemon=True)
    closing.start()
    closing.join(15)
    assert not closing.is_alive()


FINALISER = """
import os, signal, weakref
from webrepl_client.cli import main
class Thing: pass
def gone(ref):
    os.kill(os.getpid(), signal.SIGTERM)
    for _ in range(1000): pass
main._end_on_sigterm()
thing = Thing()
ref = weakref.ref(thing, gone)
del thing
signal.pause()
"""


def test_sigterm_in_a_finaliser_ends_the_command_too() -> None:
    """Python ignores what is raised there, and there is no second signal."""
    command = [sys.executable, "-c", FINALISER]
    ended = subprocess.run(command, env=environment(), timeout=PATIENCE)
    assert ended.returncode == 128 + signal.SIGTERM
