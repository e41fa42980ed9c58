# SPDX-License-Identifier: MIT
"""A callback that does not answer."""

from __future__ import annotations

from tests.support.program import Run
from tests.support.scripts import with_callback


def test_callback_that_does_not_answer(run: Run) -> None:
    program = run(with_callback("def callback(req):\n pass"))
    assert program.get("/a").status_code == 500
    program.expect("uhttpd: the callback of /a returned without an answer")
    assert program.get("/b").text == "fine"


def test_chunks_that_do_not_end(run: Run) -> None:
    program = run(with_callback("def callback(req):\n req.send_chunk('some')"))
    answer = program.connect(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n").read_to_end()
    assert answer.endswith(b"4\r\nsome\r\n"), "the client must see that the end is missing"
    assert program.get("/b").text == "fine"
