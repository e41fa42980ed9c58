# SPDX-License-Identifier: MIT
"""A callback that reads more than there is."""

from __future__ import annotations

import httpx
import pytest

from tests.support.program import Run
from tests.support.scripts import with_callback
from tests.support.waiting import PATIENCE

READS = {
    "req.read(1000000000)": b"12345",
    "req.read() + req.read() + req.read(5)": b"12345",
    "bytes([req.readinto(memory), req.readinto(memory)])": b"\5\0",
    "bytes([req.readinto(bytearray(0))])": b"\0",
    "req.read(0)": b"",
}


@pytest.mark.parametrize("read", READS)
def test_it_gets_no_more_than_the_body(run: Run, read: str) -> None:
    text = f"def callback(req):\n memory = bytearray(99)\n req.write({read})"
    program = run(with_callback(text).replace("'/a', uhttpd.GET", "'/a', uhttpd.POST"))
    with httpx.Client(timeout=PATIENCE) as client:
        for content in (b"12345", iter([b"12", b"345"])):
            assert client.post(program.url("/a"), content=content).content == READS[read]
        assert client.get(program.url("/b")).text == "fine"


def test_without_a_body(run: Run) -> None:
    program = run(with_callback("def callback(req):\n req.write(repr((req.read(), req.read(9))))"))
    assert program.get("/a").text == "(b'', b'')"


def test_more_than_memory(run: Run) -> None:
    """A length that a client only announces allocates nothing."""
    text = "def callback(req):\n req.read()\n"
    program = run(with_callback(text).replace("'/a', uhttpd.GET", "'/a', uhttpd.POST"))
    head = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n"
    assert program.connect(head).response().code == 413
    assert program.get("/b").text == "fine"
