# SPDX-License-Identifier: MIT
"""Two lives of a board: MicroPython programs whose RAM disk remembers every write.

The first serves the disk while a client changes a file. The writes up to any moment are what a
power cut would have left then. The second mounts several of those disks side by side, and starts a
server that receives into all of them.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.paths import SHIPPED
from tests.support.process import require
from tests.support.program import Program
from tests.support.waiting import PATIENCE

DISK = """
import binascii, gc, hashlib, json, os, struct, uhttpd, vfs

class Disk:
    def __init__(self, base=None):
        self.base, self.written, self.log = base or bytes(512 * {blocks}), {{}}, None
    def sector(self, n):
        if n in self.written:
            return self.written[n]
        return memoryview(self.base)[n * 512 : n * 512 + 512]
    def pieces(self, n, buf, offset):
        buf, done = memoryview(buf), 0
        while done < len(buf):
            size = min(512 - offset, len(buf) - done)
            yield n, offset, buf[done : done + size]
            n, offset, done = n + 1, 0, done + size
    def readblocks(self, n, buf, offset=0):
        for n, offset, piece in self.pieces(n, buf, offset):
            piece[:] = self.sector(n)[offset : offset + len(piece)]
    def writeblocks(self, n, buf, offset=0):
        for n, offset, piece in self.pieces(n, buf, offset):
            self.write(n, offset, piece)
    def write(self, n, offset, piece):
        if n not in self.written:
            self.written[n] = bytearray(self.sector(n))
        self.written[n][offset : offset + len(piece)] = piece
        if self.log is not None:
            self.log.append((n, offset, bytes(piece)))
    def ioctl(self, command, argument):
        return {{4: {blocks}, 5: 512}}.get(command, 0)

def read(path):
    with open(path, 'rb') as file:
        return file.read()

def write(path, data):
    with open(path, 'wb') as file:
        file.write(data)

def tree(path):
    found = {{}}
    for entry in os.ilistdir(path):
        name = path + '/' + entry[0]
        digest = entry[1] & 0x8000 and hashlib.sha256(read(name)).digest()
        found.update({{name: binascii.hexlify(digest).decode()}} if digest else tree(name))
    return found

def state(count):
    start = '/%d' % count
    lines = sorted(name[len(start) + 1 :] + ' ' + digest for name, digest in tree(start).items())
    return binascii.hexlify(hashlib.sha256('\\n'.join(lines)).digest()).decode()

def start(routes):
    global httpd
    httpd = uhttpd.Server(0, routes=routes)
    httpd.route('/do', uhttpd.POST, lambda req: req.write(str(eval(req.read()))))
    httpd.ws('/repl', 'secret')
"""

FIRST_LIFE = (
    DISK
    + """
disk = None

def lay():
    global disk
    if disk:
        vfs.umount('/disk')
    disk = Disk()
    vfs.{kind}.mkfs(disk)
    vfs.mount(vfs.{kind}(disk), '/disk')

def record():
    disk.log = []
    gc.collect()
    write('base', b''.join(bytes(disk.sector(n)) for n in range({blocks})))

def save():
    log, disk.log = disk.log, None
    write('log', b''.join(struct.pack('<III', *at, len(piece)) + piece for *at, piece in log))

start(16)
httpd.receive(prefix='/up', base='/disk', delete=True)
httpd.receive(False, '/named', base='/disk')
print('PORT', httpd.port())
input()
"""
)

SECOND_LIFE = (
    DISK
    + """
def find(first, last):
    base, log, count, cuts = read('base'), open('log', 'rb'), 0, range(first, last)
    disk = Disk(base)
    while True:
        if count in cuts:
            found = Disk(base)
            found.written = {{n: bytes(data) for n, data in disk.written.items()}}
            found.written = {{n: bytearray(data) for n, data in found.written.items()}}
            vfs.mount(vfs.{kind}(found), '/%d' % count)
        head = log.read(12)
        if not head or count + 1 == last:
            break
        n, offset, size = struct.unpack('<III', head)
        disk.write(n, offset, log.read(size))
        count += 1
    return range(first, count + 1)

def states(wanted):
    return json.dumps([[count, state(count)] for count in wanted or cuts])

print('ready')
while bounds := input():
    cuts = find(*map(int, bounds.split()))
    start(len(cuts) + 8)
    for count in cuts:
        httpd.receive(prefix='/up%d' % count, base='/%d' % count)
    print('PORT', httpd.port())
    input()
    httpd.stop()
    httpd = None
    for count in cuts:
        vfs.umount('/%d' % count)
    gc.collect()
    print('ready')
"""
)


class Life(Program):
    """One life.

    It runs without sanitizers. MicroPython itself reads before the beginning of a table if a file
    on FAT has no date, such as one that was new when the power went.
    """

    def __init__(self, text: str, folder: Path) -> None:
        """Starts it in that folder."""
        require(SHIPPED)
        super().__init__(text, folder, firmware=SHIPPED)

    def do(self, text: str) -> str:
        """Makes it evaluate an expression."""
        reply = httpx.post(self.url("/do"), content=text, timeout=PATIENCE)
        assert reply.is_success, (text, self.receive(time.monotonic() + 1), self.screen)
        return reply.text


def first_life(kind: str, blocks: int, folder: Path) -> Life:
    """A board whose `/disk` can be set up again."""
    return Life(FIRST_LIFE.format(kind=kind, blocks=blocks), folder)


class SecondLife(Life):
    """A board that starts again."""

    def __init__(self, kind: str, blocks: int, folder: Path) -> None:
        """Starts it. It waits for its disks."""
        super().__init__(SECOND_LIFE.format(kind=kind, blocks=blocks), folder)
        self.expect("ready")

    @contextmanager
    def begun(self, first: int, last: int) -> Iterator[SecondLife]:
        """Starts it with the disks that were cut after these numbers of writes. Stops it."""
        self.type(f"{first} {last}\n")
        self._port = 0
        assert self.port
        try:
            yield self
        finally:
            self.type("\n")
            self.expect("ready")

    def states(self, cuts: list[int]) -> dict[int, str]:
        """Digests of the disks' contents, by cut; all cuts if none is named."""
        return dict(json.loads(self.do(f"states({cuts})")))

    def files(self, count: int) -> list[str]:
        """The names on one of the disks."""
        return sorted(json.loads(self.do(f"json.dumps(list(tree('/{count}')))")))


def state(files: dict[str, bytes]) -> str:
    """The digest of a disk with these files and no others."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    lines = sorted(f"{name} {digest}" for name, digest in digests.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
