# SPDX-License-Identifier: MIT
"""A callback that answers twice."""

from __future__ import annotations

import pytest

from tests.support.program import Run
from tests.support.scripts import with_callback

FIRST = {
    "write": "req.write('first')",
    "chunks": "req.send_chunk('first'); req.send_chunk(None)",
    "verbatim": "req.send('HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nfirst')",
}
AGAIN = ["req.write('second')", "req.send_chunk('second')", "req.send_chunk(None)"]
OTHERS = [(name, again) for name in FIRST for again in [*AGAIN, "req.send('second')"]]


@pytest.mark.parametrize(("name", "again"), OTHERS)
def test_the_first_answer_counts(run: Run, name: str, again: str) -> None:
    if name == "verbatim" and again.startswith("req.send("):
        pytest.skip("bytes may be sent in pieces")
    program = run(with_callback(f"def callback(req):\n {FIRST[name]}\n {again}"))
    assert program.get("/a").text == "first"
    program.expect("RuntimeError: the request has been answered already")
    assert program.get("/b").text == "fine"
