# SPDX-License-Identifier: MIT
"""Sessions without pauses work, and a busy program locks nobody out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import webrepl
from websockets.exceptions import ConnectionClosed

from tests.support.program import Program
from tests.support.terminal import Terminal, close_code_of
from tests.support.waiting import eventually

from .servers import NATIVE, PASSWORD

CYCLES = 1000
PASTES = 100
INTERRUPTS = 100

BUSY = {
    "computes": "while True: pass",
    "collects": "while True: [object() for _ in range(50)]",
    "sleeps": "import time; time.sleep(10000)",
    "polls": "import select; select.poll().poll(10000000)",
    "asks": "input()",
    "reads": "import sys; sys.stdin.read(1)",
    "prints": "while True: print('x')",
}


def test_raw_mode_a_thousand_times_in_one_breath(native: Program, login) -> None:
    """Enters, runs code and leaves, and waits only at the very end."""
    terminal = login(native)
    for n in range(CYCLES):
        terminal.send(f"\x01print({n}*2)\x04\x02")
        if n % 50 == 49:  # the output must be read now and then
            terminal.expect(f"OK{n * 2}\r\n\x04\x04>")
    terminal.expect(">>> ")
    assert terminal.run("6*7") == "42\r\n"


def test_every_one_of_them_is_answered(native: Program, login) -> None:
    terminal = login(native)
    for n in range(100):
        terminal.send(f"\x01print({n}*2)\x04\x02")
    for n in range(100):
        terminal.expect("raw REPL; CTRL-B to exit\r\n>")
        assert terminal.expect("\x04\x04>") == f"OK{n * 2}\r\n\x04\x04>"
        terminal.expect(">>> ")


def paste(terminal: Terminal, code: str) -> str:
    """Runs code in raw-paste mode, within the window as clients must. Returns the output."""
    terminal.send("\x05A\x01")
    terminal.expect("R\x01")
    terminal.expect("")
    while len(terminal.shown) < 2:
        terminal.shown += terminal.socket.recv(timeout=30)
    window = ord(terminal.shown[0]) | ord(terminal.shown[1]) << 8
    terminal.shown = terminal.shown[2:]
    room, sent = window, 0
    while sent < len(code):
        if room == 0:
            assert terminal.expect("\x01") == "\x01"
            room += window
        piece = code[sent : sent + room]
        terminal.send(piece)
        sent += len(piece)
        room -= len(piece)
    terminal.send("\x04")
    terminal.expect("\x04")  # it has all of the code
    return terminal.expect("\x04\x04>")[: -len("\x04\x04>")]


def test_raw_paste_mode_again_and_again(native: Program, login) -> None:
    terminal = login(native)
    terminal.enter_raw()
    for n in range(PASTES):
        comment = "#" + "x" * (n * 97 % 6000) + "\n"
        assert paste(terminal, f"{comment}print({n}*3)") == f"{n * 3}\r\n"
    terminal.send("\x02")
    terminal.expect(">>> ")


@pytest.mark.parametrize("code", BUSY.values(), ids=BUSY.keys())
def test_ctrl_c_a_hundred_times_out_of_a_hundred(native: Program, login, code: str) -> None:
    terminal = login(native)
    for _ in range(INTERRUPTS):
        terminal.send(f"\x01print('be' + 'gun')\n{code}\x04")
        terminal.expect("OKbegun\r\n")
        terminal.send("\x03")
        terminal.expect("KeyboardInterrupt")
        terminal.expect("\x04>")
        terminal.send("\x02")
        terminal.expect(">>> ")


@pytest.fixture(params=["computes", "collects", "sleeps", "polls"])
def busy(request: pytest.FixtureRequest, run) -> Program:
    """A program that never comes back to a prompt."""
    text = NATIVE.replace(PASSWORD, "python")
    return run(f"{text}print('BUSY')\n{BUSY[request.param]}", prompt=True)


def log_in(port: int) -> Terminal:
    terminal = Terminal(f"ws://127.0.0.1:{port}/")
    terminal.login("python")
    return terminal


def test_a_client_of_a_busy_program_gets_in(busy: Program, tmp_path: Path) -> None:
    """Logs in, asks for the version, uploads and downloads. Then the program goes on."""
    contents = os.urandom(20_000)
    (tmp_path / "local").write_bytes(contents)
    client = webrepl.Webrepl(host="127.0.0.1", port=busy.port, password="python")
    assert client.connected
    assert len(client.get_ver()) == 3
    client.put_file(str(tmp_path / "local"), "remote")
    assert client.get_file_content("remote") == contents
    client.disconnect()
    # The board may still have to learn that the holder of its terminal has gone.
    with eventually(lambda: log_in(busy.port), failures=(ConnectionClosed,)) as terminal:
        terminal.send("\x03")
        busy.expect("KeyboardInterrupt")
        terminal.expect(">>> ")


RESETS = {"Ctrl-D": "\x04", "raw Ctrl-D": "\x01\x04", "exit": "import sys; sys.exit()\r"}


@pytest.mark.parametrize("reset", RESETS.values(), ids=RESETS.keys())
def test_a_soft_reset_tells_clients_and_they_come_back(
    run, free_port: int, login, reset: str
) -> None:
    program = run(NATIVE.replace("start(0", f"start({free_port}"), prompt=True)
    for _ in range(5):
        terminal = login(program)
        terminal.run("left = 'behind'")
        terminal.send(reset)
        assert close_code_of(terminal.socket) == 1012
        program.expect("MPY: soft reboot")
        program.expect("PORT")
        again = login(program)
        assert "NameError" in again.run("left")
        again.__exit__()


def test_a_reset_ends_a_session_that_the_program_has_accepted(
    run, free_port: int, accepting: Program, login
) -> None:
    terminal = login(accepting)
    terminal.send("\x04")
    close_code_of(terminal.socket)
    accepting.expect("MPY: soft reboot")
    accepting.expect("PORT")
    assert login(accepting).run("6*7") == "42\r\n"
