# SPDX-License-Identifier: MIT
"""os.dupterm(): a stream of the program is a terminal beside the others."""

from __future__ import annotations

import time

import pytest

from tests.support.waiting import PATIENCE

STREAM = """
import io, os

class Stream(io.IOBase):
    def __init__(self, typed):
        self.typed = list(typed)
        self.shown = open('shown', 'wb')
    def readinto(self, buffer):
        if not self.typed:
            return END
        buffer[0] = self.typed.pop(0)
        return 1
    def write(self, data):
        self.shown.write(data)
        self.shown.flush()
        return len(data)
    def ioctl(self, request, argument):
        if request == 10:
            raise OSError(22)
        return 0
"""


def run(start, tmp_path, text: str, end: str = "None"):
    """Starts a program that has no other terminal. Returns it, and what it has shown so far."""
    (tmp_path / "program.py").write_text(STREAM.replace("END", end) + text)
    program = start("-i", "program.py")
    path = tmp_path / "shown"
    return program, lambda: path.read_bytes() if path.exists() else b""


def eventually_shows(shown, text: bytes) -> None:
    """Waits until the stream shows a text."""
    deadline = time.monotonic() + PATIENCE
    while text not in shown():
        assert time.monotonic() < deadline, shown()
        time.sleep(0.02)


SERVED = "import uhttpd\nhttpd = uhttpd.Server(0)\n"  # the end of standard input does not end it


def test_it_types_and_sees_output(start, tmp_path) -> None:
    text = SERVED + "os.dupterm(Stream(b'print(6*7)\\r'))\n"
    _, shown = run(start, tmp_path, text)
    eventually_shows(shown, b"print(6*7)\r\n42\r\n>>> ")


def test_input_reads_from_it(start, tmp_path) -> None:
    text = SERVED + "os.dupterm(Stream(b'typed\\r'))\nprint('READ', input('name? '))\n"
    program, shown = run(start, tmp_path, text)
    program.expect("READ typed")
    eventually_shows(shown, b"name? typed\r\nREAD typed\r\n")


@pytest.mark.parametrize("end", ["0", "1 // 0"])
def test_one_that_ends_or_fails_is_given_up(start, tmp_path, end: str) -> None:
    text = SERVED + "os.dupterm(Stream(b''))\n"
    program, _ = run(start, tmp_path, text, end)
    program.expect("dupterm: ")
    time.sleep(0.2)
    assert program.said.count("dupterm: ") == 1
