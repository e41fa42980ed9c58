# SPDX-License-Identifier: MIT
"""A callback that raises."""

from __future__ import annotations

import pytest

from tests.support.program import Run
from tests.support.scripts import with_callback


@pytest.mark.parametrize(
    ("statement", "last_line"),
    [
        ("raise ValueError('wrong')", "ValueError: wrong"),
        ("1 / 0", "ZeroDivisionError: "),
        ("sys.exit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt: "),
        ("_thread.exit()", "SystemExit: "),
        ("req.nothing()", "AttributeError: "),
    ],
)
def test_exception_gives_500_and_a_traceback(run: Run, statement: str, last_line: str) -> None:
    program = run(with_callback(f"def callback(req):\n {statement}"))
    for _ in range(5):  # more than there are workers: none of them has died
        response = program.get("/a")
        assert response.status_code == 500
        assert "rong" not in response.text
        shown = program.expect(rf"{last_line}[^\n]*\n")
        assert "uhttpd: the callback of /a raised\nTraceback (most recent call last):" in shown
        assert "in callback" in shown
    assert program.get("/b").text == "fine"


def test_exception_after_the_answer_leaves_the_answer(run: Run) -> None:
    program = run(
        with_callback("def callback(req):\n req.write('all')\n raise ValueError('late')")
    )
    assert program.get("/a").text == "all"
    program.expect("ValueError: late")


def test_exception_between_chunks_ends_the_connection(run: Run) -> None:
    program = run(with_callback("def callback(req):\n req.send_chunk('some')\n raise ValueError"))
    answer = program.connect(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n").read_to_end()
    assert answer.endswith(b"4\r\nsome\r\n"), "the client must see that the end is missing"


def test_exception_that_cannot_be_printed(run: Run) -> None:
    program = run(
        with_callback(
            "class Bad(Exception):\n def __str__(self): raise Bad\ndef callback(req):\n raise Bad"
        )
    )
    assert [program.get("/a").status_code for _ in range(5)] == [500] * 5
    assert program.get("/b").text == "fine"
