# SPDX-License-Identifier: MIT
"""start(), start_foreground() and stop(): when a server runs, where, and with whose password."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.support.ports import is_open
from tests.support.program import Program, Run
from tests.support.scripts import IS_OPEN
from tests.support.terminal import Terminal, close_code_of
from tests.support.waiting import eventually
from tests.support.websocket import handshake


def test_a_client_has_the_prompt(program: Program, login) -> None:
    assert login(program).run("6*7") == "42\r\n"


def test_the_port_is_8266_by_default(run: Run) -> None:
    if is_open(8266):
        pytest.skip("somebody else listens on 8266")
    program = run("import webrepl\nwebrepl.start(password='x')\nprint('PORT 8266')\ninput()")
    with Terminal(f"ws://127.0.0.1:{program.port}/") as terminal:
        terminal.login("x")


@pytest.mark.parametrize("handler", ["", ", accept_handler=lambda sock: None"])
def test_the_port_that_is_named_is_taken(evaluate, free_port: int, handler: str) -> None:
    output = evaluate(
        f"{IS_OPEN}import webrepl\nprint(is_open({free_port}))\n"
        f"webrepl.start({free_port}, 'x'{handler})\nprint(is_open({free_port}))"
    )
    assert output.split() == ["False", "True"]


def status_of(port: int) -> str:
    """The status of a GET on a new connection; none if nobody listens, or the server stops."""
    try:
        with socket.create_connection(("127.0.0.1", port)) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return sock.recv(12).decode().removeprefix("HTTP/1.1 ")
    except OSError:
        return ""


def test_no_client_comes_before_the_terminal_is_there(run: Run, free_port: int) -> None:
    """Those that reconnect all the time were told that there is nothing."""
    program = run(
        f"import webrepl\nprint('PORT {free_port}')\nfor i in range(60):\n"
        f"    webrepl.start({free_port}, 'x')\nprint('OVER')\ninput()"
    )
    seen = set()
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            seen.add(status_of(free_port))

    client = threading.Thread(target=ask)
    client.start()
    program.expect("OVER")
    over.set()
    client.join()
    assert status_of(free_port) == "200"
    assert "404" not in seen


@pytest.mark.parametrize("handler", ["", ", lambda sock: None"])
def test_a_port_that_somebody_has_is_refused(evaluate, handler: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        output = evaluate(
            "import errno, webrepl\ntry:\n"
            f"    webrepl.start({port}, 'x'{handler})\n"
            "except OSError as error:\n"
            "    print(error.errno == errno.EADDRINUSE, error.args[1])\n"
            "print(webrepl.listen_s)"
        )
    assert output.splitlines() == [f"True port {port}", "None"]


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
def test_the_configuration_has_password_and_origins(run: Run, tmp_path: Path, mark: str) -> None:
    (tmp_path / "webrepl_cfg.py").write_text(
        f"{mark}PASS = 'configured'\nORIGINS = ['http://other.local', 'null']\n"
    )
    program = run(
        "import webrepl\nwebrepl.start(0)\nprint('PORT', webrepl.listen_s.port())\ninput()"
    )
    with Terminal(f"ws://127.0.0.1:{program.port}/") as terminal:
        terminal.login("configured")
    for origin, code in (("http://other.local", 101), ("null", 101), ("http://x.local", 403)):
        client = program.connect(handshake("/", f"Origin: {origin}"))
        response = client.response()
        assert response.code == code, origin
        assert code == 101 or "the setting `origins`" in response.body.decode()


@pytest.mark.parametrize("contents", [None, "PASS = \n", "import no_such_module\n", "x = 1\n"])
def test_without_a_configuration_a_warning_is_printed_and_nothing_started(
    evaluate, tmp_path: Path, free_port: int, contents: str | None
) -> None:
    if contents is not None:
        (tmp_path / "webrepl_cfg.py").write_text(contents)
    output = evaluate(
        f"{IS_OPEN}import webrepl\nwebrepl.start({free_port})\n"
        f"print(is_open({free_port}), webrepl.listen_s)"
    )
    assert output.startswith("WebREPL is not started: no password")
    assert "webrepl_setup" in output
    assert output.endswith("False None\n")


@pytest.mark.parametrize("call", ["start_foreground({port}, 'x')", "start({port}, 'x', None)"])
def test_the_foreground_waits_for_a_client(run: Run, free_port: int, call: str) -> None:
    program = run(
        f"import webrepl\nprint('PORT {free_port}')\n"
        f"webrepl.{call.format(port=free_port)}\nprint('CLIENT', webrepl.client_s.remote())",
        prompt=True,
    )
    while True:
        try:
            terminal = Terminal(f"ws://127.0.0.1:{program.port}/")
            break
        except (OSError, InvalidStatus):  # it is about to listen, or to have a route
            continue
    with terminal:
        terminal.login("x")
        program.expect(r"CLIENT 127\.0\.0\.1")
        terminal.expect(">>> ")
        assert terminal.run("6*7") == "42\r\n"


def test_ctrl_c_ends_the_wait_in_the_foreground(run: Run, free_port: int) -> None:
    program = run(
        f"{IS_OPEN}import webrepl\nprint('BEGUN')\ntry:\n"
        f"    webrepl.start_foreground({free_port}, 'x')\n"
        f"except KeyboardInterrupt:\n    print(is_open({free_port}), webrepl.listen_s)"
    )
    program.expect("BEGUN")
    eventually(lambda: is_open(free_port))
    program.interrupt()
    assert program.finish().split() == ["False", "None"]


def test_another_start_replaces_the_first(run: Run, free_port: int) -> None:
    program = run(
        f"import webrepl\nwebrepl.start({free_port}, 'first')\n"
        f"webrepl.start({free_port}, 'second')\nprint('PORT {free_port}')\ninput()"
    )
    with Terminal(f"ws://127.0.0.1:{program.port}/") as terminal:
        terminal.login("second")


def test_stop_closes_the_port_and_disconnects(program: Program, login) -> None:
    terminal = login(program)
    program.type("webrepl.stop()\r")
    assert close_code_of(terminal.socket) == 1012
    program.type("print(webrepl.listen_s, webrepl.client_s, __import__('os').dupterm(None))\r")
    program.expect("None None None\r?\n")
    assert not is_open(program.port)


def test_stop_leaves_a_terminal_of_others_alone(evaluate) -> None:
    output = evaluate("""
import io, os, webrepl
class Mine(io.IOBase):
    def readinto(self, buffer): return None
    def write(self, data): return len(data)
    def ioctl(self, request, argument): return 0
mine = Mine()
os.dupterm(mine)
webrepl.start(0, 'x')
webrepl.stop()
webrepl.stop()
print(os.dupterm(None) is mine)
""")
    assert output.split() == ["True"]


@pytest.mark.parametrize("handler", ["", ", lambda sock: None"])
def test_the_port_is_free_at_once_again(evaluate, free_port: int, handler: str) -> None:
    output = evaluate(
        f"import webrepl\nfor _ in range(20):\n    webrepl.start({free_port}, 'x'{handler})\n"
        "    webrepl.stop()\nprint('done')"
    )
    assert output.split() == ["done"]


def test_listen_s_and_client_s(native: Program, login) -> None:
    native.type(f"print(webrepl.listen_s.port() == {native.port}, webrepl.client_s)\r")
    native.expect("True None")
    terminal = login(native)
    assert terminal.run("webrepl.client_s.remote()") == "'127.0.0.1'\r\n"
    terminal.send("webrepl.client_s.close()\r")
    assert close_code_of(terminal.socket) == 1000
    native.type("webrepl.listen_s.close()\rprint(webrepl.listen_s, webrepl.client_s)\r")
    native.expect("None None\r?\n")


def test_listen_s_and_client_s_of_a_program_that_accepts_itself(accepting: Program, login) -> None:
    assert accepting.port
    accepting.type("print(type(webrepl.listen_s), webrepl.client_s)\r")
    accepting.expect("<class '_?socket'> None")
    session = login(accepting)
    accepting.expect("ACCEPTED True")  # shown on both terminals, and not within the next input
    assert session.run("type(webrepl.client_s)").startswith("<class '")


def test_an_attribute_that_is_not_there(evaluate) -> None:
    output = evaluate(
        "import webrepl\ntry:\n    webrepl.nothing\nexcept AttributeError as error:\n"
        "    print(error)"
    )
    assert "nothing" in output
