# SPDX-License-Identifier: MIT
"""The file systems of boards on a RAM disk of a MicroPython program."""

from __future__ import annotations

PROGRAM = """
import vfs

class Disk:
    def __init__(self, blocks):
        self.blocks = blocks
        self.data = bytearray(512 * blocks)
    def readblocks(self, n, buf, offset=0, size=len):  # some clients make `len` something else
        at = n * 512 + offset
        buf[:] = memoryview(self.data)[at : at + size(buf)]
    def writeblocks(self, n, buf, offset=0, size=len):
        at = n * 512 + offset
        self.data[at : at + size(buf)] = buf
    def ioctl(self, command, argument):
        return {{4: self.blocks, 5: 512}}.get(command, 0)

disk = Disk({blocks})
vfs.{kind}.mkfs(disk)
vfs.mount(vfs.{kind}(disk), {path!r})
"""


def ram_disk(kind: str, path: str, blocks: int = 512) -> str:
    """Begins a program: mounts a VfsLfs2 or VfsFat with that many blocks of 512 bytes."""
    return PROGRAM.format(kind=kind, path=path, blocks=blocks)
