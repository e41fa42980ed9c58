# SPDX-License-Identifier: MIT
"""accept_conn(), server_handshake() and send_html(), for programs with sockets of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.http import Closed
from tests.support.program import Program, Run
from tests.support.terminal import Terminal
from tests.support.websocket import ACCEPT, KEY, Frame, frame
from tests.webrepl.firmware import FrameClient, upgrade

UPGRADE = (
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    f"Sec-WebSocket-Key: {KEY}\r\n\r\n"
)

# Passes each connection to one function of the module, and prints its result.
HANDING_OVER = """
import socket, webrepl
{before}
listen_sock = socket.socket()
listen_sock.bind(socket.getaddrinfo('127.0.0.1', {port})[0][-1])
listen_sock.listen(1)
print('PORT {port}')
while True:
    {body}
"""


def exchange(program: Program, request: bytes | str) -> bytes:
    """Sends a request. Returns everything until the end."""
    with program.connect(request) as client:
        return client.read_to_end()


@pytest.fixture
def shaking(run: Run, free_port: int) -> Program:
    """A program that shakes hands with every client, and closes."""
    body = """cl, _ = listen_sock.accept()
    print('RESULT', webrepl.server_handshake(cl))
    cl.close()"""
    return run(HANDING_OVER.format(before="", port=free_port, body=body))


def test_a_handshake_is_answered_with_the_key_that_belongs_to_it(shaking: Program) -> None:
    answer = exchange(shaking, UPGRADE).decode()
    assert answer.startswith("HTTP/1.1 101 Switching Protocols\r\n")
    assert "\r\nUpgrade: websocket\r\n" in answer
    assert f"\r\nSec-WebSocket-Accept: {ACCEPT}\r\n" in answer
    assert answer.endswith("\r\n\r\n")
    shaking.expect("RESULT True")


@pytest.mark.parametrize(
    "old",
    [
        UPGRADE.replace("Connection: Upgrade", "connection: keep-alive, upgrade"),
        UPGRADE.replace(KEY, "foo").replace("Host: x", "Host: echo.websocket.org"),
        UPGRADE.replace("websocket\r\n", "WebSocket\r\n"),
    ],
    ids=["browser", "webrepl_cli", "capitals"],
)
def test_handshakes_of_all_kinds_of_clients(shaking: Program, old: str) -> None:
    assert exchange(shaking, old).startswith(b"HTTP/1.1 101 ")
    shaking.expect("RESULT True")


@pytest.mark.parametrize(
    "request_",
    [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        UPGRADE.replace("Connection: Upgrade\r\n", ""),
        UPGRADE.replace("Upgrade: websocket\r\n", ""),
        UPGRADE.replace(f"Sec-WebSocket-Key: {KEY}\r\n", ""),
        UPGRADE.replace("Upgrade: websocket", "Upgrade: h2c"),
        "\r\n\r\n",
        b"\xff\xfe\r\n\x00\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET /" + 2000 * "a" + " HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n" + 70 * "a: b\r\n" + "\r\n",
    ],
)
def test_any_other_request_is_no_handshake(shaking: Program, request_: bytes | str) -> None:
    with shaking.connect(request_):
        shaking.expect("RESULT False")


@pytest.mark.parametrize("half", ["", "GET / HTT", UPGRADE[:-2]])
def test_a_client_that_goes_in_the_middle(shaking: Program, half: str) -> None:
    shaking.connect(half).close()
    shaking.expect("RESULT False")
    assert exchange(shaking, UPGRADE).startswith(b"HTTP/1.1 101 ")


def test_nothing_behind_the_request_is_read(run: Run, free_port: int) -> None:
    body = """cl, _ = listen_sock.accept()
    print('RESULT', webrepl.server_handshake(cl), cl.read(4))
    cl.close()"""
    program = run(HANDING_OVER.format(before="", port=free_port, body=body))
    exchange(program, UPGRADE + "next")
    program.expect("RESULT True b'next'")


HTML = """cl, _ = listen_sock.accept()
    if not webrepl.server_handshake(cl):
        webrepl.send_html(cl)
    try:
        print('RESULT', cl.write(b'x'))
    except OSError:
        print('RESULT closed')"""


@pytest.mark.parametrize(
    ("before", "base"),
    [
        ("", "https://micropython.org/webrepl/"),
        ("webrepl.static_host = 'http://10.0.0.1/'", "http://10.0.0.1/"),
        ("webrepl.static_host = 'http://x/\"><i>'", "http://x/%22><i>"),
    ],
)
def test_the_page_loads_its_client_from_the_static_host(
    run: Run, free_port: int, before: str, base: str
) -> None:
    program = run(HANDING_OVER.format(before=before, port=free_port, body=HTML))
    answer = exchange(program, "GET / HTTP/1.1\r\n\r\n").decode()
    assert answer.startswith("HTTP/1.0 200 OK\r\n")
    assert f'<base href="{base}">' in answer
    assert '<script src="webrepl_content.js">' in answer
    program.expect("RESULT closed")


def test_the_configuration_names_the_static_host(evaluate, tmp_path: Path, free_port: int) -> None:
    (tmp_path / "webrepl_cfg.py").write_text("PASS = 'x'\nBASE = 'http://there/'\n")
    output = evaluate(f"import webrepl\nwebrepl.start({free_port})\nprint(webrepl.static_host)\n")
    assert output.split() == ["http://there/"]


def page(program: Program) -> bytes:
    """The page that a browser gets."""
    return exchange(program, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")


def test_the_page_is_the_boards_own_unless_another_host_is_named(native: Program) -> None:
    assert b"Content-Encoding: gzip" in page(native)
    native.type("webrepl.static_host = 'http://there/'\r")
    native.expect("there.*\n>>> ")
    assert b'<base href="http://there/">' in page(native)


def test_the_default_page_of_a_program_that_accepts_itself(accepting: Program) -> None:
    assert b'<base href="https://micropython.org/webrepl/">' in page(accepting)
    accepting.expect("ACCEPTED False")


# accept_conn()


def test_the_handler_gets_the_listening_socket(run: Run, free_port: int) -> None:
    program = run(f"""
import webrepl
def accept(listen_sock):
    cl, _ = listen_sock.accept()
    print('SAME', listen_sock is webrepl.listen_s)
    cl.close()
webrepl.start({free_port}, 'x', accept)
print('PORT {free_port}')
while True: pass
""")
    for _ in range(3):
        program.connect(b"").close()
        program.expect("SAME True")


def test_a_handler_that_raises_is_called_again(run: Run, free_port: int) -> None:
    program = run(f"""
import webrepl
def accept(listen_sock):
    listen_sock.accept()[0].close()
    raise ValueError('no')
webrepl.start({free_port}, 'x', accept)
print('PORT {free_port}')
input()
""")
    for _ in range(3):
        program.connect(b"").close()
        program.expect("ValueError: no")


def test_a_session_is_the_duplicated_terminal(accepting: Program, login) -> None:
    terminal = login(accepting)
    accepting.expect("WebREPL connection from: 127.0.0.1")
    accepting.expect("ACCEPTED True")
    shown = terminal.run("import os; t = os.dupterm(None); os.dupterm(t); print(type(t))")
    assert shown.endswith("<class '_webrepl'>\r\n")
    accepting.type("print('hello', 'network')\r")
    terminal.expect("hello network\r\n>>> ")


def test_input_for_a_busy_program_waits_and_is_not_lost(accepting: Program, login) -> None:
    """Nobody else reads from the program's socket. By then a Ctrl-C is only a key."""
    terminal = login(accepting)
    terminal.send("import time; time.sleep(1); print('awa' 'ke')\r")
    terminal.expect("'ke')\r\n")
    lines = [f"print('line', {n})" for n in range(200)]
    terminal.send("\x03" + "\r".join(lines) + "\r")
    terminal.expect("awake\r\n")
    for n in range(200):
        terminal.expect(f"\r\nline {n}\r\n")


def test_a_second_client_is_rejected(accepting: Program, login, connect) -> None:
    first = login(accepting)
    accepting.expect("ACCEPTED True")
    second: FrameClient = connect(accepting)
    frame = second.frame()
    assert (frame.opcode, frame.payload[:2]) == (8, (4000).to_bytes(2, "big"))
    with pytest.raises(Closed):
        second.frame()
    accepting.expect("rejected")
    accepting.expect("ACCEPTED False")
    first.expect("rejected")
    first.expect("ACCEPTED False\r\n")
    first.send("\r")
    first.expect(">>> ")
    assert first.run("6*7") == "42\r\n"


def test_a_client_of_the_firmware_is_one_too(run: Run, free_port: int, login) -> None:
    program = run(
        f"""
import uhttpd, webrepl
httpd = uhttpd.Server(0)
httpd.ws('/ws', 'x')
print('NATIVE', httpd.port())
def accept(listen_sock):
    print('ACCEPTED', webrepl.accept_conn(listen_sock))
webrepl.start({free_port}, 'x', accept)
print('PORT {free_port}')
""",
        prompt=True,
    )
    native = program.expect(r"NATIVE (\d+)").split()[-1]
    with Terminal(f"ws://127.0.0.1:{native}/ws") as terminal:
        terminal.login("x")
        exchange(program, UPGRADE)
        program.expect("ACCEPTED False")


def test_after_one_client_another_may_come(accepting: Program) -> None:
    for _ in range(3):
        with Terminal(f"ws://127.0.0.1:{accepting.port}/") as terminal:
            accepting.expect("ACCEPTED True")  # before the terminal shows what the program prints
            terminal.login("correct horse battery staple")
            assert terminal.run("6*7") == "42\r\n"
        accepting.expect("EOF received")


def test_a_wrong_password_ends_the_session(accepting: Program, connect) -> None:
    client: FrameClient = connect(accepting)
    assert client.frame() == Frame(1, b"Password: ")
    client.say("wrong\r")
    assert client.frame() == Frame(1, b"\r\nAccess denied\r\n")
    with pytest.raises(Closed):
        while True:
            client.frame()


def test_input_of_a_refused_client_does_not_reset_its_connection(accepting: Program) -> None:
    """Closing a socket with unread bytes resets the connection, and can cost the refusal."""
    with accepting.connect() as client:
        client.send(upgrade(1).encode() + frame(1, b"wrong\r") + 10 * frame(2, bytes(100)))
        client.read_until(b"\r\nAccess denied\r\n")
        assert client.read_to_end() == frame(8, (1008).to_bytes(2, "big"), masked=False)


def test_input_with_the_handshake_is_not_lost(accepting: Program) -> None:
    with accepting.connect() as client:
        typed = b"correct horse battery staple\rprint(6*7)\r"
        client.send(upgrade(1).encode() + frame(1, typed))
        client.read_until(b"42")


# Tracing


def test_tracing_is_off_by_default(native: Program, login) -> None:
    assert native.port
    native.type("print('DEBUG', webrepl.DEBUG)\r")
    native.expect("DEBUG 0")
    login(native)
    page(native)
    native.type("print('END')\r")
    assert "HTTP/1.1" not in native.expect("\nEND")


def test_requests_and_handshakes_are_traced(program: Program) -> None:
    assert program.port
    program.type("webrepl.DEBUG = 1\r")
    program.expect("DEBUG = 1.*\n>>> ")
    page(program)
    program.expect("GET / HTTP/1.1\r?\n")
    with Terminal(f"ws://127.0.0.1:{program.port}/") as terminal:
        program.expect("Sec-WebSocket-Key: ")
        with pytest.raises((ConnectionClosed, AssertionError)):
            terminal.login("wrong")
