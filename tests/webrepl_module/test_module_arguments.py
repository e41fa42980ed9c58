# SPDX-License-Identifier: MIT
"""Errors name the wrong argument, and nothing has happened."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.program import Run

EVALUATOR = """
import _webrepl, io, json, webrepl
for line in open('expressions'):
    try:
        result = str(eval(line))
    except Exception as error:
        result = type(error).__name__ + ': ' + str(error)
    print('RESULT', json.dumps(result))
print('LEFT', webrepl.listen_s, webrepl.client_s)
"""

NO_STREAM = "TypeError: stream: a stream expected, to be read, written and controlled"
NO_TEXT = "TypeError: password: str or bytes-like expected"
ONE_LINE = "ValueError: password must not contain CR, LF or NUL"
EMPTY = "ValueError: password must not be empty"

CASES = {
    "webrepl.start('8266', 'x')": "TypeError: port: int expected",
    "webrepl.start(None, 'x')": "TypeError: port: int expected",
    "webrepl.start(80.0, 'x')": "TypeError: port: int expected",
    "webrepl.start(-1, 'x')": "ValueError: port must be 0 to 65535",
    "webrepl.start(65536, 'x')": "ValueError: port must be 0 to 65535",
    "webrepl.start(10**30, 'x')": "ValueError: port must be 0 to 65535",
    "webrepl.start('x', 'x', print)": "TypeError: port: int expected",
    "webrepl.start(65536, 'x', print)": "ValueError: port must be 0 to 65535",
    "webrepl.start(0, 'x', 5)": "TypeError: accept_handler must be callable",
    "webrepl.start(0, 'x', 'print')": "TypeError: accept_handler must be callable",
    "webrepl.start(0, '')": EMPTY,
    "webrepl.start(0, 'a\\n')": ONE_LINE,
    "webrepl.start(0, b'a\\0')": ONE_LINE,
    "webrepl.start(0, '', print)": EMPTY,
    "webrepl.start(0, 'a\\r', print)": ONE_LINE,
    "webrepl.start_foreground('x', 'x')": "TypeError: port: int expected",
    "webrepl.start_foreground(0, '')": EMPTY,
    "webrepl.start(0, 'x', origins=['*'])": (
        "ValueError: origins: '*' is none; write scheme://host or scheme://host:port without a "
        "path, or 'null'"
    ),
    "_webrepl.password('')": EMPTY,
    "_webrepl.password('a\\nb')": ONE_LINE,
    "_webrepl.password(None)": "None",
    "_webrepl.password(bytearray(b'any'))": "None",
    "_webrepl._webrepl()": "TypeError: _webrepl() needs 'stream'",
    "_webrepl._webrepl(None)": NO_STREAM,
    "_webrepl._webrepl(5)": NO_STREAM,
    "_webrepl._webrepl('text')": NO_STREAM,
    "_webrepl._webrepl([])": NO_STREAM,
    "_webrepl.WebSocket()": "TypeError: WebSocket() needs 'stream'",
    "_webrepl.WebSocket(5)": NO_STREAM,
    "_webrepl.WebSocket(io.BytesIO()).ioctl(77, 0)": "OSError: [Errno 22] EINVAL",
    "_webrepl.WebSocket(io.BytesIO()).ioctl(9, 7)": "OSError: [Errno 22] EINVAL",
    "_webrepl.serve(0, 'x', 5, print, None)": "TypeError: page must be callable",
    "_webrepl.serve(0, 'x', print, 5, None)": "TypeError: trace must be callable",
    "_webrepl.serve(-1, 'x', print, print, None)": "ValueError: port must be 0 to 65535",
    "_webrepl.remote()": "None",
    "_webrepl.disconnect()": "None",
    "_webrepl.end()": "None",
}
NAMES = ["accept_conn", "server_handshake", "send_html"]
WRONG = ["None", "5", "'text'", "[]", "object()"]


def test_errors_name_the_argument(run: Run, tmp_path: Path) -> None:
    (tmp_path / "expressions").write_text("".join(f"{case}\n" for case in CASES))
    output = run(EVALUATOR).finish()
    lines = [line for line in output.splitlines() if line.startswith("RESULT ")]
    assert dict(zip(CASES, (json.loads(line[7:]) for line in lines))) == CASES
    assert "LEFT None None" in output


def test_arguments_that_are_no_sockets_raise(run: Run, tmp_path: Path) -> None:
    calls = [f"webrepl.{name}({wrong})" for name in NAMES for wrong in WRONG]
    (tmp_path / "expressions").write_text("".join(f"{call}\n" for call in calls))
    output = run(EVALUATOR).finish()
    lines = [line for line in output.splitlines() if line.startswith("RESULT ")]
    assert len(lines) == len(calls)
    assert all("Error: " in line for line in lines), lines
