# SPDX-License-Identifier: MIT
"""A file system in Python that never returns."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.support.program import Program, Run
from tests.support.waiting import PATIENCE

PROGRAM = """
import _thread, io, os, time, uhttpd, vfs

lock = _thread.allocate_lock()
lock.acquire()
is_armed = False

def arm(req):
    global is_armed
    is_armed = True
    req.write('armed')

def hang():
    if is_armed:
        print('HANGS')
        {hang}

class File(io.IOBase):
    def readinto(self, buffer):
        hang()
        return 0

    def write(self, data):
        hang()
        return len(data)

    def ioctl(self, request, argument):
        return 0

class Disk:
    names = ['read', 'write', 'stat', 'open', 'entries', 'remove']

    def mount(self, readonly, mkfs):
        pass

    def stat(self, path):
        name = path.strip('/')
        if name == 'stat':
            hang()
        if name and name not in self.names:
            raise OSError(2)
        return (0x4000 if name in ('', 'entries') else 0x8000, 0, 0, 0, 0, 0, 5, 0, 0, 0)

    def ilistdir(self, path):
        if is_armed:  # what receive() searches at its start is empty
            for name in self.names:
                yield name, 0x8000, 0, 5
        if path.strip('/') == 'entries':
            hang()

    def open(self, path, mode):
        if path.strip('/') == 'open':
            hang()
        return File()

    def remove(self, path):
        if path.strip('/') == 'remove':
            hang()

vfs.mount(Disk(), '/disk')
httpd = uhttpd.Server(0, {settings})
httpd.serve('/disk', '/disk')
httpd.receive(prefix='/disk', base='/disk', delete=True)
httpd.serve('/own', {folder!r})
httpd.route('/arm', uhttpd.GET, arm)
print('PORT', httpd.port())
input()
httpd.stop()
print('STOPPED')
"""

SURVIVES = "while True:\n            try: time.sleep(1)\n            except Exception: pass"
HANGS = {
    "sleeps": "time.sleep(1000)",
    "computes": "while True: pass",
    "survives errors": SURVIVES,
}
REFUSED = ["GET stat", "GET open", "PUT new", "DELETE remove"]
BROKEN_OFF = ["GET read", "GET entries/", "GET "]


def start(run: Run, folder: Path, hang: str, settings: str = "callback_timeout=0.4") -> Program:
    (folder / "file").write_text("a file")
    board = run(PROGRAM.format(hang=hang, folder=str(folder), settings=settings))
    assert board.get("/arm").text == "armed"
    return board


def ask(board: Program, request: str) -> httpx.Response:
    method, _, path = request.partition(" ")
    return httpx.request(method, board.url(f"/disk/{path}"), content="x", timeout=PATIENCE)


@pytest.mark.parametrize("hang", HANGS)
def test_each_operation_ends(run: Run, tmp_path: Path, hang: str) -> None:
    """Its client is told, and other files are there for everybody."""
    board = start(run, tmp_path, HANGS[hang])
    for request in REFUSED:
        assert ask(board, request).status_code == 503, request
        assert board.get("/own/file").text == "a file"
    for request in BROKEN_OFF:
        with pytest.raises(httpx.RemoteProtocolError):
            ask(board, request)
        assert board.get("/own/file").text == "a file"


def test_others_do_not_wait_for_one_that_cannot_be_interrupted(run: Run, tmp_path: Path) -> None:
    board = start(run, tmp_path, "lock.acquire()")
    stuck = board.connect(b"GET /disk/read HTTP/1.1\r\nHost: x\r\n\r\n")
    board.expect("HANGS")
    assert board.get("/own/file").status_code == 503
    stuck.close()


def test_the_server_can_be_stopped(run: Run, tmp_path: Path) -> None:
    board = start(run, tmp_path, SURVIVES, "callback_timeout=0")
    stuck = board.connect(b"GET /disk/read HTTP/1.1\r\nHost: x\r\n\r\n")
    board.expect("HANGS")
    board.type("\n")
    assert board.finish().endswith("STOPPED\n")
    stuck.close()
