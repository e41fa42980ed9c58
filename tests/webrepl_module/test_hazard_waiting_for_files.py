# SPDX-License-Identifier: MIT
"""Whoever waits for a file system lets the thread that is using it go on."""

from __future__ import annotations

from pathlib import Path

from tests.support.http import whole_request
from tests.support.program import Run

from .streams import PIPE

PROGRAM = (
    PIPE
    + """
import _thread, gc, os, time, uhttpd, vfs

is_asked = may_answer = is_over = False

class Slow:
    def mount(self, readonly, mkfs):
        pass

    def stat(self, path):
        global is_asked
        is_asked = True
        while not may_answer:
            time.sleep_ms(1)
        raise OSError(errno.ENOENT)

os.chdir({folder!r})
vfs.mount(Slow(), '/slow')
httpd = uhttpd.Server(0)
httpd.serve('/slow', '/slow')
pipe, dropped = session(b'secret\\r', header(1, b'dropped', 1000), (2, bytes(100)))
dropped.read(1)

def read_file():
    global is_over
    pipe, one = session(b'secret\\r', header(2, b'file'))
    one.read(1)
    is_over = True

print('PORT', httpd.port())
while not is_asked:
    time.sleep_ms(1)
_thread.start_new_thread(read_file, ())
for i in range(50):
    time.sleep_ms(1)
show(is_over)
pipe = dropped = None
gc.collect()
may_answer = True
while not is_over:
    time.sleep_ms(1)
print('OVER')
input()
"""
)


def test_the_interpreter_goes_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    board = run(PROGRAM.replace("{folder!r}", repr(str(tmp_path))))
    client = board.connect()
    client.send(whole_request("/slow/file"))
    board.expect("False\nOVER")
    assert client.response().code == 404
