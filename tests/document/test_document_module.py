# SPDX-License-Identifier: MIT
"""The document's first page: what the module is, and its example."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.support.paths import MICROPYTHON
from tests.support.terminal import Terminal

from .sentences import checks

PROGRAM = """
# import the module
import uhttpd

# setup the network connection
def setup_network():
    pass

# Custom url handler
def handle_my_url(req):
    req.write('Hello World', mime='text/plain')

# Setup the server
httpd = uhttpd.Server(port=0)
#  - register the custom handler
httpd.route('/my', uhttpd.GET, handle_my_url)
#  - initialize REPL
httpd.ws('/ws', None)
#  - initialize file server
httpd.serve()
"""


@checks("module.example", "module.purpose")
def test_example(run, tmp_path: Path) -> None:
    board = run(f"{PROGRAM}print('PORT', httpd.port())\n", prompt=True)
    reply = board.get("/my")
    assert (reply.status_code, reply.text) == (200, "Hello World")
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    (tmp_path / "hello.txt").write_text("from a file")
    assert board.get(f"{tmp_path}/hello.txt").text == "from a file"
    with Terminal(f"ws://127.0.0.1:{board.port}/ws") as terminal:
        terminal.expect(">>> ")
        assert terminal.run("print(6 * 7)") == "42\r\n"


@checks("module.purpose")
def test_files_are_received_and_passwords_asked_for(run, tmp_path: Path) -> None:
    board = run(f"""
import uhttpd
httpd = uhttpd.Server(0, acl=uhttpd.AUTH_BASIC, auth=b'Basic YW5zd2VyOjQy')
httpd.receive(base={str(tmp_path)!r})
print('PORT', httpd.port())
input()
""")
    url = board.url("/new.txt")
    assert httpx.post(url, content=b"new").status_code == 401
    assert not (tmp_path / "new.txt").exists()
    assert httpx.post(url, content=b"new", auth=("answer", "42")).status_code == 201
    assert (tmp_path / "new.txt").read_text() == "new"


THREADS = """
import uhttpd, _thread, time
main = _thread.get_ident()
def thread(req):
    req.write(repr(_thread.get_ident() == main))
count = 0
def atomic(req):
    global count
    for _ in range(1000):
        count += 1
    req.write('done')
httpd = uhttpd.Server(0, workers=4)
httpd.route('/thread', uhttpd.GET, thread)
httpd.route('/atomic', uhttpd.GET, atomic)
httpd.route('/count', uhttpd.GET, lambda req: req.write(str(count)))
print('PORT', httpd.port())
"""


@checks("module.thread", "module.callback_thread", "server.no_runner")
def test_callbacks_run_in_threads_of_the_server(run) -> None:
    board = run(THREADS + "input()\n")
    assert board.get("/thread").text == "False"


@checks("module.callback_thread")
def test_statements_are_atomic(run) -> None:
    """One after the other, because `+=` on a global takes several steps of the interpreter."""
    board = run(THREADS + "input()\n")
    for _ in range(3):
        board.get("/atomic")
    assert board.get("/count").text == "3000"


@checks("module.gil")
def test_callbacks_run_while_the_program_idles_waits_or_computes(run) -> None:
    for program in ("while True: time.sleep(10)\n", "input()\n", "while True: pass\n"):
        assert run(THREADS + program).get("/thread").text == "False"


@checks("module.port")
def test_the_esp32_port_is_built_with_the_same_sources() -> None:
    assert "glue/*.c" in (MICROPYTHON / "micropython.cmake").read_text()
    assert "glue/*.c" in (MICROPYTHON / "micropython.mk").read_text()
    assert "uhttpd" in (MICROPYTHON / "esp32" / "main" / "CMakeLists.txt").read_text()
