# SPDX-License-Identifier: MIT
"""The example of the uhttpd document runs as it stands, but for its port."""

from __future__ import annotations

import httpx

EXAMPLE = """\
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

print('PORT', httpd.port())
"""


def test_custom_handler_answers(start_board) -> None:
    board = start_board(EXAMPLE)
    response = httpx.get(f"http://{board.host}/my")
    assert (response.status_code, response.text) == (200, "Hello World")
    assert response.headers["Content-Type"] == "text/plain"


def test_repl_needs_no_password_when_none_is_set(start_board) -> None:
    from terminal import Terminal

    board = start_board(EXAMPLE)
    with Terminal(f"ws://{board.host}/ws") as terminal:
        terminal.expect("WebREPL connected\r\n>>> ")
        assert terminal.run("print(6*7)") == "42\r\n"


def test_files_are_served(start_board) -> None:
    board = start_board(EXAMPLE)
    (board.directory / "grüße.txt").write_text("schöne Grüße")
    response = httpx.get(f"http://{board.host}{board.directory}/grüße.txt")
    assert (response.status_code, response.content.decode()) == (200, "schöne Grüße")


def test_directory_is_a_json_document(start_board) -> None:
    board = start_board(EXAMPLE)
    (board.directory / "hello.txt").write_bytes(b"x" * 42)
    (board.directory / "my_folder").mkdir()
    path = f"{board.directory}/"
    document = httpx.get(f"http://{board.host}{path}").json()
    assert document["path"] == path
    assert document["list"][0] == {"path": "..", "type": "directory", "size": 0}
    assert {"path": "my_folder", "type": "directory", "size": 0} in document["list"]
    assert {"path": "hello.txt", "type": "file", "size": 42} in document["list"]
