# SPDX-License-Identifier: MIT
"""A callback that does not answer, or not to the end."""

from __future__ import annotations

from tests.support.program import Run
from tests.support.scripts import with_callback


def test_callback_that_does_not_answer(run: Run) -> None:
    program = run(with_callback("def callback(req):\n pass"))
    answer = program.get("/a")
    assert (answer.status_code, answer.content) == (204, b"")
    assert program.get("/b").text == "fine"


def test_chunks_that_do_not_end(run: Run) -> None:
    program = run(with_callback("def callback(req):\n req.send_chunk('some')"))
    answer = program.connect(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n").read_to_end()
    assert answer.endswith(b"4\r\nsome\r\n"), "the client must see that the end is missing"
    assert program.get("/b").text == "fine"
