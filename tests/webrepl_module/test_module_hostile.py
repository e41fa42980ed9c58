# SPDX-License-Identifier: MIT
"""Hostile clients, with MicroPython and the file systems of boards."""

from __future__ import annotations

import hostile
import pytest
from conftest import PASSWORD

PROGRAM = """
import vfs, webrepl

class Ram:
    def __init__(self):
        self.data = bytearray(512 * 256)
    def readblocks(self, n, buf, offset=0):
        buf[:] = memoryview(self.data)[n * 512 + offset : n * 512 + offset + len(buf)]
    def writeblocks(self, n, buf, offset=0):
        self.data[n * 512 + offset : n * 512 + offset + len(buf)] = buf
    def ioctl(self, op, arg):
        return {{4: 256, 5: 512, 6: 0}}.get(op)

ram = Ram()
vfs.{kind}.mkfs(ram)
vfs.mount(vfs.{kind}(ram), '/ram')
webrepl.start(0, {password!r})
print('PORT', webrepl.listen_s.port())
"""


@pytest.mark.parametrize("kind", ["VfsLfs2", "VfsFat"])
@pytest.mark.parametrize("attack", hostile.ALL, ids=lambda attack: attack.__name__)
def test_attack(run, kind: str, attack: hostile.Attack) -> None:
    program = run(PROGRAM.format(kind=kind, password=PASSWORD), prompt=True)
    hostile.play(attack, hostile.Place(program.port, PASSWORD, "/ram/", 200_000))
