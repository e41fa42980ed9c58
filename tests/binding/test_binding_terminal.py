# SPDX-License-Identifier: MIT
"""Server.ws() and the module webrepl: which server has the terminal, and for how long."""

from __future__ import annotations

from pathlib import Path

from websockets.sync.client import connect

from tests.support.program import Run


def password_prompt(port: int, path: str = "/") -> str:
    with connect(f"ws://127.0.0.1:{port}{path}", open_timeout=60) as client:
        text = ""
        while not text.endswith(": "):
            text += str(client.recv(timeout=60))
        return text


def test_one_ws_in_all_servers(run: Run) -> None:
    output = run(
        """
import gc, uhttpd
first, second = uhttpd.Server(0), uhttpd.Server(0)
def attempt(server, url):
    try:
        server.ws(url, 'secret')
        print('offered')
    except RuntimeError as error:
        print(error)
attempt(first, '/ws')
attempt(first, '/other')
attempt(second, '/ws')
first.stop()
attempt(second, '/ws')
"""
    ).finish()
    refused = "ws() was called before: there can be one in all servers"
    assert output.splitlines() == ["offered", refused, refused, "offered"]


def test_ws_asks_for_the_password(run: Run) -> None:
    program = run(
        """
import uhttpd
httpd = uhttpd.Server(0)
httpd.ws('/ws', b'secret')
print('PORT', httpd.port())
input()
"""
    )
    assert password_prompt(program.port, "/ws") == "Password: "


def test_webrepl_starts_and_stops(run: Run, free_port: int) -> None:
    program = run(
        f"""
import webrepl
webrepl.stop()
webrepl.start({free_port}, 'first')
webrepl.start({free_port}, password='second')
print('PORT', {free_port})
input()
webrepl.stop()
webrepl.stop()
import socket
try:
    socket.socket().connect(socket.getaddrinfo('127.0.0.1', {free_port})[0][-1])
except OSError:
    print('closed')
"""
    )
    for path in ("/", "/any"):
        assert password_prompt(program.port, path) == "Password: "
    program.type("\n")
    assert program.finish().split() == ["closed"]


def test_webrepl_without_a_password_warns(run: Run) -> None:
    output = run("import webrepl\nwebrepl.start()\nwebrepl.stop()").finish()
    assert output.startswith("WebREPL is not started: no password")


def test_webrepl_takes_the_configured_password(run: Run, tmp_path: Path, free_port: int) -> None:
    (tmp_path / "webrepl_cfg.py").write_text("PASS = 'configured'\n")
    program = run(
        f"import webrepl\nwebrepl.start({free_port})\nprint('PORT', {free_port})\ninput()"
    )
    assert password_prompt(program.port) == "Password: "


def test_webrepl_on_a_taken_port(run: Run) -> None:
    output = run(
        """
import errno, uhttpd, webrepl
httpd = uhttpd.Server(0)
try:
    webrepl.start(httpd.port(), 'secret')
except OSError as error:
    print(error.errno == errno.EADDRINUSE, error.args[1] == 'port %d' % httpd.port())
"""
    ).finish()
    assert output.splitlines() == ["True True"]
