# SPDX-License-Identifier: MIT
"""Three readers and a listener stall at once, next to a callback that sleeps."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from tests.support.http import HttpClient
from tests.support.program import Program, Run

SIZE = 30_000_000  # more than any socket buffers
ANSWER = 1_500_000  # more than this one buffers while its client reads nothing


def stall(program: Program, path: str) -> HttpClient:
    """A client that reads the head of a response and then stops reading."""
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"
    client = program.connect(request.encode(), receive_buffer=4096)
    assert client.receive(15) == b"HTTP/1.1 200 OK"
    return client


def test_others_notice_nothing(run: Run, tmp_path: Path) -> None:
    with (tmp_path / "long").open("wb") as file:
        file.truncate(SIZE)
    program = run(f"""
import time, uhttpd
def sleep(req):
    print('SLEEPS')
    time.sleep(1000000)
httpd = uhttpd.Server(0, workers=2, events=2, send_timeout=3600)
httpd.route('/sleep', uhttpd.GET, sleep)
httpd.route('/big', uhttpd.GET, lambda req: req.write(bytes({ANSWER})))
httpd.route('/page', uhttpd.GET, lambda req: req.write('fine'))
httpd.event('/events')
httpd.serve('/fs', {str(tmp_path)!r})
print('PORT', httpd.port())
while True:
    httpd.dispatch('x' * 100)
    time.sleep(0.01)
""")
    with ExitStack() as stalled:
        for path in ("/fs/long", "/fs/long", "/fs/long", "/events"):
            stalled.enter_context(stall(program, path))
        answers = [stalled.enter_context(stall(program, "/big")) for _ in range(2)]
        sleeping = program.connect(b"GET /sleep HTTP/1.1\r\nHost: x\r\n\r\n")
        program.expect("SLEEPS")
        for _ in range(20):
            assert program.get("/page").text == "fine"
        assert len(program.get("/fs/long").content) == SIZE
        sleeping.close()
        for answer in answers:
            answer.read_until(b"\r\n\r\n")
            assert answer.read_exactly(ANSWER) == bytes(ANSWER)
