# SPDX-License-Identifier: MIT
"""A callback that never returns."""

from __future__ import annotations

import pytest

from tests.support.program import Run
from tests.support.scripts import with_callback

HANGS = {
    "sleeps": "time.sleep(1000000)",
    "computes": "while True: pass",
    "swallows": "while True:\n  try:\n   time.sleep(1)\n  except Exception: pass",
    "waits for a lock": "lock = _thread.allocate_lock(); lock.acquire(); lock.acquire()",
}


@pytest.mark.parametrize("hang", HANGS)
def test_others_are_answered(run: Run, hang: str) -> None:
    """Of two workers, one is left."""
    program = run(with_callback(f"def callback(req):\n print('HANGS')\n {HANGS[hang]}"))
    stuck = program.connect(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
    program.expect("HANGS")
    assert [program.get("/b").text for _ in range(10)] == ["fine"] * 10
    stuck.close()
    assert program.get("/b").text == "fine"
