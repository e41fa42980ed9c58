# SPDX-License-Identifier: MIT
"""A person at the prompt."""

from __future__ import annotations

import contextlib

import pytest
from websockets.sync.client import connect


@pytest.fixture
def prompt(board, edition, person):
    person = person(*edition, board.address)
    person.expect("Connected to ws://127.0.0.1.*Ctrl-]")
    person.expect(">>> ")
    return person


def test_keys_go_there_and_output_comes_back(prompt) -> None:
    prompt.type("print('gr' + chr(246) + chr(223) + 'e' + str(6 * 7))\r")
    prompt.expect("größe42\r\n>>> ")


@pytest.mark.parametrize("key", ["\x1d", "\x18"], ids=["Ctrl-]", "Ctrl-X"])
def test_a_key_leaves(board, prompt, key: str) -> None:
    prompt.type("x = 1\r")
    prompt.expect(">>> ")
    prompt.type(key)
    assert prompt.status() == 0


def test_ctrl_c_is_the_boards(prompt) -> None:
    prompt.type("while True: pass\r\r")
    prompt.expect("pass")
    prompt.type("\x03")
    prompt.expect("KeyboardInterrupt")
    prompt.type("1 + 1\r")
    prompt.expect("2\r\n>>> ")


def test_a_paste_of_any_size_arrives(prompt) -> None:
    prompt.type("\x05")
    prompt.expect("=== ")
    lines = [f"total = {number} # {'x' * 60}\r" for number in range(200)]
    prompt.type("".join(lines))
    prompt.type("print('TOTAL', total)\r\x04")
    prompt.expect("TOTAL 199\r\n")


def test_a_reset_is_survived(board, prompt) -> None:
    prompt.type("\x04")
    prompt.expect("starts again|connection was lost|soft reboot")
    prompt.expect(r"\[connected\]")
    prompt.expect(">>> ")
    prompt.type("40 + 2\r")
    prompt.expect("42\r\n")
    board.wait_for_life(2)


def test_waiting_for_a_board_can_be_left(board, prompt) -> None:
    board.process.kill()
    prompt.expect("connecting again in")
    prompt.type("\x1d")
    assert prompt.status() in (0, 7)


def test_the_password_is_asked_for(board, edition, person) -> None:
    somebody = person(*edition, board.address, password=None)
    somebody.expect("Password of 127.0.0.1: ")
    somebody.type("swordfish\r")
    somebody.expect(">>> ")
    assert "swordfish" not in somebody.screen


def test_a_person_may_look_for_the_password_for_long(board, edition, person) -> None:
    """Meanwhile the board hangs up; here, since others log in."""
    somebody = person(*edition, board.address, password=None)
    somebody.expect("Password of 127.0.0.1: ")
    with contextlib.ExitStack() as others:
        for _ in range(3):
            others.enter_context(connect(board.url)).recv()
        somebody.type("swordfish\r")
        somebody.expect(">>> ")


def test_without_a_terminal_input_is_piped(board, edition) -> None:
    import subprocess

    from .desktop import COMMAND, environment

    done = subprocess.run(
        [*COMMAND, *edition, board.address],
        input=b"print(6 * 7)\r\x1d",
        capture_output=True,
        env=environment(),
        timeout=60,
    )
    assert done.returncode == 0, done
