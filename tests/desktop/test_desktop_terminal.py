# SPDX-License-Identifier: MIT
"""The firmware in a terminal of its own: a pty that behaves like xterm."""

from __future__ import annotations

import os
import signal
import subprocess
import termios
import time

import pytest

from tests.support.paths import SHIPPED
from tests.support.screen import Screen
from tests.support.waiting import PATIENCE


class Tty(Screen):
    """A terminal that runs the firmware, in a session of its own so that Ctrl-C is a signal."""

    def __init__(self, directory, *arguments: str) -> None:
        """Starts it."""
        super().__init__()
        self.process = subprocess.Popen(
            ["setsid", "-c", SHIPPED, *arguments],
            cwd=directory,
            stdin=self.terminal,
            stdout=self.terminal,
            stderr=self.terminal,
            env={**os.environ, "HOME": str(directory)},
        )

    def is_as_found(self) -> bool:
        """Whether lines are edited and Ctrl-C is a signal again."""
        flags = termios.tcgetattr(self.terminal)[3]
        wanted = termios.ICANON | termios.ISIG | termios.ECHO
        return flags & wanted == wanted

    def close(self) -> None:
        """Ends the firmware."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.terminal)


@pytest.fixture
def tty(tmp_path):
    tty = Tty(tmp_path, "-i")
    tty.expect(">>> ")
    yield tty
    tty.close()


def test_ctrl_d_ends_it(tty) -> None:
    tty.type("\x04")
    assert tty.process.wait(PATIENCE) == 0
    assert tty.is_as_found()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_signals_leave_the_terminal_as_found(tty, ending) -> None:
    tty.process.send_signal(ending)
    assert tty.process.wait(PATIENCE) == 0
    assert tty.is_as_found()


@pytest.mark.parametrize("code", ["while True: pass\r\r", "__import__('time').sleep(1000)\r"])
def test_ctrl_c_interrupts(tty, code: str) -> None:
    tty.type(code)
    tty.expect("\n")
    deadline = time.monotonic() + PATIENCE
    while not tty.is_as_found():  # the program runs once Ctrl-C is a signal
        assert time.monotonic() < deadline
    tty.type("\x03")
    tty.expect("KeyboardInterrupt")
    tty.expect(">>> ")
    tty.type("print(6*7)\r")
    tty.expect("\n42\r")


def test_ctrl_c_at_the_prompt_drops_the_line(tty) -> None:
    tty.type("no\x03")
    tty.expect("\n>>> ")
    tty.type("6*7\r")
    tty.expect("42\r\n>>> ")


def test_ctrl_c_ends_input(tty) -> None:
    tty.type("input('name? ')\r")
    tty.expect("\nname\\? ")
    tty.type("\x03")
    tty.expect("KeyboardInterrupt")
    tty.expect(">>> ")


def test_lines_typed_ahead_are_kept(tty) -> None:
    tty.type("__import__('time').sleep(0.5)\r")
    tty.expect("\n")
    tty.type("print('first')\rprint('second')\r")
    tty.expect("\nfirst\r")
    tty.expect("\nsecond\r")


def test_history(tty) -> None:
    tty.type("6*7\r")
    tty.expect("42\r\n>>> ")
    tty.type("\x1b[A\r")
    tty.expect("6\\*7\r+\n42\r\n>>> ")
