# SPDX-License-Identifier: MIT
"""The modules webrepl and _webrepl on a board, tested at its prompt."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.terminal import Terminal

from .device import PASSWORD, PATIENCE, Device, eventually


@pytest.fixture
def prompt(device: Device) -> Terminal:
    """Enters raw mode of a device with Python."""
    if device.firmware != "micropython":
        pytest.skip("this firmware runs no Python")
    with device.terminal() as terminal:
        terminal.enter_raw()
        yield terminal
        terminal.send("\x02")
        terminal.expect(">>> ")


def test_it_starts_and_stops(prompt: Terminal) -> None:
    code = """
import webrepl
for _ in range(3):
    webrepl.start(0, 'any password')
    print(webrepl.listen_s.port() > 0)
    webrepl.stop()
print(webrepl.listen_s)
"""
    assert prompt.run_raw(code) == ("True\r\n" * 3 + "None\r\n", "")


def test_the_holder_of_the_terminal_is_its_client(prompt: Terminal) -> None:
    output, error = prompt.run_raw("import webrepl\nprint(webrepl.client_s.remote())")
    assert error == ""
    assert output.strip().count(".") == 3


def test_the_streams_are_this_projects(prompt: Terminal) -> None:
    """MicroPython's esp32 port has a module of the same name."""
    assert prompt.run_raw("import _webrepl\nprint(_webrepl.WebSocket)") == (
        "<class 'WebSocket'>\r\n",
        "",
    )
    code = "_webrepl.password('longer than nine bytes')\nprint(_webrepl.remote() is not None)"
    assert prompt.run_raw(code) == ("True\r\n", "")


@pytest.fixture
def restarted(device: Device) -> Callable[[str], Terminal]:
    """Replaces the program's server by webrepl.start(). Returns a session with that."""
    if device.firmware != "micropython":
        pytest.skip("this firmware runs no Python")

    def restart(more: str = "") -> Terminal:
        start = f"webrepl.start(port, {PASSWORD!r}{more})"
        with device.terminal() as terminal, pytest.raises(ConnectionClosed):
            terminal.send(f"import webrepl; port = httpd.port(); httpd.stop(); {start}\r")
            terminal.expect("never shown", PATIENCE)
        return eventually(lambda: device.login("/"))

    return restart


@pytest.mark.parametrize("body", ["pass", "print('busy')", "import time; time.sleep(1000)"])
def test_a_busy_program_is_interrupted(restarted: Callable[[str], Terminal], body: str) -> None:
    program = f"print('begun')\nwhile True: {body}"
    with restarted() as terminal:
        for _ in range(3):
            terminal.send(f"exec({program!r})\r")
            terminal.expect("\r\nbegun\r\n")
            terminal.send("\x03")
            terminal.expect("KeyboardInterrupt")
            terminal.expect(">>> ")
            assert "42" in terminal.run("6 * 7")


def test_a_program_that_accepts_by_itself(
    device: Device, restarted: Callable[[str], Terminal]
) -> None:
    if device.target == "desktop":
        pytest.skip("a process without input ends when it serves nobody")
    with restarted(", lambda listener: webrepl.accept_conn(listener)") as terminal:
        assert "True" in terminal.run("webrepl.client_s is not None")
        output = terminal.run("print('x' * 5000)")
        assert "x" * 5000 in output


def test_a_soft_reset_ends_it(device: Device, restarted: Callable[[str], Terminal]) -> None:
    with restarted() as terminal:
        terminal.send("\x04")
        with pytest.raises(ConnectionClosed):
            terminal.expect("never shown", PATIENCE)
        assert terminal.socket.close_code == 1012
    device.wait_until_up()
