# SPDX-License-Identifier: MIT
"""A buffer that another thread resizes while a callback waits for its client to fill it."""

from __future__ import annotations

import pytest

from tests.support.program import Run

PROGRAM = """
import time, uhttpd
memory = bytearray(1000)
def callback(req):
    print('READS')
    try:
        req.write(bytes([req.readinto(memory)]) + memory[:6])
    except ValueError as error:
        req.write(repr(error))
httpd = uhttpd.Server(0, body_buffer=0)
httpd.route('/a', uhttpd.POST, callback)
print('PORT', httpd.port())
input()
time.sleep(0.1)  # until the callback waits
{change}
others = [bytearray(1000) for _ in range(200)]
print('CHANGED')
input()
print('INTACT', not any(map(any, others)))
input()
"""


@pytest.mark.parametrize(
    ("change", "answers"),
    [
        ("memory.extend(bytes(100000))", [b"\x06abcdef"]),
        # It may also be small before the callback waits.
        (
            "memory[:] = bytes(3)",
            [b"ValueError('buffer became too small meanwhile',)", b"\x03abc"],
        ),
    ],
)
def test_the_body_goes_where_the_buffer_is_then(
    run: Run, change: str, answers: list[bytes]
) -> None:
    program = run(PROGRAM.format(change=change))
    client = program.connect(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc")
    program.expect("READS")
    program.type("\n")
    program.expect("CHANGED")
    client.send(b"def")
    assert client.response().body in answers
    program.type("\n")
    program.expect("INTACT True")
