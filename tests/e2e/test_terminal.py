# SPDX-License-Identifier: MIT
"""The REPL over the network, which is the same as on the board's own terminal."""

from __future__ import annotations

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.terminal import Terminal

PASSWORD = "correct horse battery staple"
PROGRAM = f"""
import uhttpd
httpd = uhttpd.Server(0)
httpd.ws('/ws', {PASSWORD!r})
print('PORT', httpd.port())
"""


@pytest.fixture
def board(start_board):
    return start_board(PROGRAM)


@pytest.fixture
def terminal(board):
    with Terminal(f"ws://{board.host}/ws") as terminal:
        terminal.login(PASSWORD)
        yield terminal


def test_python_answers(terminal) -> None:
    assert terminal.run("print(6*7)") == "42\r\n"


def test_both_terminals_are_one_repl(board, terminal) -> None:
    terminal.run("x = 'from the network'")
    board.expect(r"from the network'\r*\n>>> ")
    board.type("print(x.upper())\r")
    board.expect(r"FROM THE NETWORK\r*\n>>> ")
    terminal.expect("FROM THE NETWORK\r\n>>> ")


def test_ctrl_c_ends_a_busy_loop(terminal) -> None:
    for _ in range(5):
        terminal.send("while True: pass\r")
        terminal.expect("... ")
        terminal.send("\r")
        terminal.expect("\r\n")
        terminal.send("\x03")
        terminal.expect("KeyboardInterrupt")
        terminal.expect(">>> ")


@pytest.mark.parametrize(
    "wait",
    [
        "import time; print('go'); time.sleep(1000)",
        "import time; print('go'); time.sleep_ms(1000000)",
        "import select; p = select.poll(); print('go'); p.poll(1000000)",
    ],
)
def test_ctrl_c_ends_a_wait(terminal, wait: str) -> None:
    terminal.send(wait + "\r")
    terminal.expect("\r\ngo\r\n")
    terminal.send("\x03")
    terminal.expect("KeyboardInterrupt")
    terminal.expect(">>> ")


def test_raw_repl_without_any_pause(terminal) -> None:
    """Enters raw mode, runs code and leaves it in one message, again and again."""
    for number in range(50):
        terminal.send(f"\r\x03\x03\x01print({number}*2)\x04\x02")
        terminal.expect("raw REPL; CTRL-B to exit\r\n>")
        terminal.expect(f"OK{number * 2}\r\n\x04\x04>")
        terminal.expect(">>> ")


def test_a_megabyte_pasted_in_raw_mode_arrives_whole(terminal) -> None:
    lines = "".join(f"total += {i}  # {'x' * 40}\n" for i in range(16000))
    assert len(lines) > 1_000_000 * 0.9
    code = "total = 0\n" + lines + "#" * (1_100_000 - len(lines)) + "\nprint(total)\n"
    terminal.enter_raw()
    assert terminal.run_raw(code, patience=100) == (f"{sum(range(16000))}\r\n", "")


def test_raw_paste_mode(terminal) -> None:
    terminal.enter_raw()
    terminal.send("\x05A\x01")
    message = terminal.socket.recv(timeout=30)
    while "R\x01" not in terminal.shown + message:
        terminal.shown += message
        message = terminal.socket.recv(timeout=30)


def test_every_frame_of_utf8_output_is_whole(terminal) -> None:
    """The library `websockets` fails if a text frame is not UTF-8."""
    text = "aß€𝄞" * 20000
    terminal.enter_raw()
    output, error = terminal.run_raw("print('aß€𝄞' * 20000)", patience=60)
    assert (output, error) == (text + "\r\n", "")
    assert len(text.encode()) >= 200_000


def test_wrong_password(board) -> None:
    with Terminal(f"ws://{board.host}/ws") as terminal:
        terminal.expect("Password: ")
        terminal.send("wrong\r")
        terminal.expect("\r\nAccess denied\r\n")
        with pytest.raises(ConnectionClosed):
            terminal.expect("anything")


def test_second_client_is_told_who_holds_the_terminal(board, terminal) -> None:
    with Terminal(f"ws://{board.host}/ws") as second:
        second.expect("WebREPL is in use by 127.0.0.1 since ")
        with pytest.raises(ConnectionClosed) as closed:
            second.expect("anything")
    assert closed.value.rcvd.code == 4000
    assert "127.0.0.1" in closed.value.rcvd.reason
    assert terminal.run("1+1") == "2\r\n"


def test_terminal_is_free_again_after_its_client_has_gone(board) -> None:
    for _ in range(5):
        with Terminal(f"ws://{board.host}/ws") as terminal:
            terminal.login(PASSWORD)
