# SPDX-License-Identifier: MIT
"""Network clients can reset a board, but not end the desktop's program."""

from __future__ import annotations

import os
import time

import pytest

WAYS = {"Ctrl-D": "\x04", "sys.exit()": "import sys; sys.exit(3)\r", "raw": "\x01\x04"}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_the_same_program_starts_again(server, connect, way: str) -> None:
    terminal = connect(server)
    terminal.run("left = 'behind'")
    terminal.send(way)
    terminal.expect("MPY: soft reboot\r\n")
    again = connect(server, life=2)
    assert "NameError" in again.run("left")
    assert server.process.poll() is None


def test_it_starts_where_it_started_first(server, connect) -> None:
    terminal = connect(server)
    terminal.run("import os; os.chdir('/')")
    terminal.send("\x04")
    assert "server" in connect(server, life=2).run("httpd; __file__")


def test_nothing_is_left_open(server, connect) -> None:
    def descriptors() -> int:
        return len(os.listdir(f"/proc/{server.process.pid}/fd"))

    terminal = connect(server)
    before = descriptors()
    terminal.run("import socket; kept = [socket.socket() for _ in range(20)]")
    terminal.send("\x04")
    connect(server, life=2)
    assert descriptors() <= before


def test_the_port_is_free_at_once(start, connect, tmp_path, free_port: int) -> None:
    (tmp_path / "fixed.py").write_text(
        f"import uhttpd\nhttpd = uhttpd.Server({free_port})\n"
        f"httpd.ws('/ws', 'swordfish')\nprint('PORT {free_port}')\n"
    )
    program = start("-i", "fixed.py")
    for life in range(1, 4):
        connect(program, life).send("\x04")
    connect(program, 4)


@pytest.mark.parametrize("delay_ms", range(0, 60, 6))
def test_a_signal_in_the_middle_is_not_forgotten(server, connect, delay_ms: int) -> None:
    connect(server).send("\x04")
    time.sleep(delay_ms / 1000)
    server.process.terminate()
    assert server.status() == 0
