# SPDX-License-Identifier: MIT
"""The modules webrepl and _webrepl on a board, tried at its prompt."""

from __future__ import annotations

import pytest
from device import Device
from terminal import Terminal


@pytest.fixture
def prompt(device: Device) -> Terminal:
    """Raw mode of a device with Python."""
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
