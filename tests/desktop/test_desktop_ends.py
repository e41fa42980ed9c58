# SPDX-License-Identifier: MIT
"""How the desktop firmware ends, and when it does not."""

from __future__ import annotations

import signal
import subprocess

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.waiting import PATIENCE

RUNNING = {
    "at the prompt": "",
    "in a busy loop": "while True: pass\r\r",
    "asleep": "import time; time.sleep(1000)\r",
    "polling": "import select; select.poll().poll()\r",
    "asleep in milliseconds": "import time; time.sleep_ms(1000000)\r",
    "reading a line": "input('name? ')\r",
    "reading standard input": "import sys; sys.stdin.read(1)\r",
}


@pytest.mark.parametrize("code", RUNNING.values(), ids=RUNNING.keys())
def test_sigterm_ends_it(server, connect, code: str) -> None:
    terminal = connect(server)
    if code:
        terminal.send(code)
        terminal.expect("\n")
    server.process.send_signal(signal.SIGTERM)
    assert server.status() == 0


def test_sigterm_tells_clients(server, connect) -> None:
    terminal = connect(server)
    server.process.send_signal(signal.SIGTERM)
    server.status()
    with pytest.raises(ConnectionClosed) as closed:
        terminal.socket.recv(timeout=PATIENCE)
    assert closed.value.rcvd.code == 1012


def test_sigterm_ends_a_program_without_a_prompt(start) -> None:
    program = start("-c", "print('ready')\nwhile True: pass")
    program.expect("ready")
    program.process.send_signal(signal.SIGTERM)
    assert program.status() == 0


def test_second_sigterm_ends_a_program_that_ignores_the_first(start) -> None:
    program = start(
        "-c",
        "print('ready')\nwhile True:\n  try:\n    while True: pass\n  except: print('no')",
    )
    program.expect("ready")
    program.process.send_signal(signal.SIGTERM)
    program.expect("no")
    program.process.send_signal(signal.SIGTERM)
    assert program.status() == -signal.SIGTERM


def test_sigint_interrupts_a_program(start) -> None:
    program = start("-c", "import time\nprint('ready')\ntime.sleep(1000)")
    program.expect("ready")
    program.process.send_signal(signal.SIGINT)
    assert program.status() != 0
    assert "KeyboardInterrupt" in program.said


def test_sigint_ends_it_where_ctrl_c_is_no_key(server) -> None:
    """Ctrl-C at the prompt of a terminal is a byte. Here it is a signal of the parent."""
    server.expect(">>> ")
    server.process.send_signal(signal.SIGINT)
    assert server.status() == 0


def test_without_standard_input_it_serves_until_the_server_is_stopped(server, connect) -> None:
    terminal = connect(server)
    assert terminal.run("6*7") == "42\r\n"
    terminal.send("httpd.stop()\r")
    assert server.status() == 0


def test_end_of_input_ends_it_when_nothing_is_served(start) -> None:
    program = start("-i", stdin=subprocess.PIPE)
    program.type("print(6*7)\n")
    program.expect("\n42\n")
    program.process.stdin.close()
    assert program.status() == 0


def test_end_of_input_leaves_a_server_serving(start, connect, server) -> None:
    server.process.send_signal(signal.SIGTERM)
    server.status()
    program = start("-i", "server.py", stdin=subprocess.PIPE)
    program.expect(">>> ")
    program.process.stdin.close()
    assert connect(program).run("6*7") == "42\r\n"


@pytest.mark.parametrize(
    ("leave", "status"), [("sys.exit()", 0), ("sys.exit(7)", 7), ("sys.exit('why')", 1)]
)
def test_exit_at_the_prompt(start, leave: str, status: int) -> None:
    program = start("-i", stdin=subprocess.PIPE)
    program.type(f"import sys\n{leave}\n")
    assert program.status() == status


def test_exit_handlers_run(start) -> None:
    program = start("-i", stdin=subprocess.PIPE)
    program.type("import sys\nsys.atexit(lambda: print('good' + 'bye'))\n")
    program.process.stdin.close()
    assert program.status() == 0
    assert "goodbye" in program.said
