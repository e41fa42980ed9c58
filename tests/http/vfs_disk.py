# SPDX-License-Identifier: MIT
"""A FAT or littlefs in memory, and what a board's own program does there."""

import json
import os

import vfs

SIZE = 8 << 20
BLOCK = {"VfsFat": 512, "VfsLfs2": 4096}
DIRECTORY = 0x4000


class Blocks:
    """A block device. Its functions do not branch, so no other thread runs in their middle."""

    def __init__(self, size):
        """Has empty blocks of that size."""
        self.size = size
        self.data = bytearray(SIZE)
        self.facts = {4: SIZE // size, 5: size}

    def readblocks(self, number, buf, offset=0):
        """Reads from a block and those after it."""
        at = number * self.size + offset
        buf[:] = memoryview(self.data)[at : at + len(buf)]

    def writeblocks(self, number, buf, offset=0):
        """Writes to a block and those after it."""
        at = number * self.size + offset
        self.data[at : at + len(buf)] = buf

    def ioctl(self, request, argument):
        """Says how many blocks there are, and how long they are."""
        return self.facts.get(request, 0)


def mount(kind):
    """Mounts a new disk at /disk."""
    blocks, kind_of_vfs = Blocks(BLOCK[kind]), getattr(vfs, kind)
    kind_of_vfs.mkfs(blocks)
    vfs.mount(kind_of_vfs(blocks), "/disk")


def walk(path):
    """All paths below a directory."""
    found = []
    for entry in os.ilistdir(path):
        below = path + "/" + entry[0]
        found.append(below)
        if entry[1] == DIRECTORY:
            found += walk(below)
    return found


def copy(source, target):
    """Copies a file, also from or to the computer's."""
    with open(source, "rb") as old, open(target, "wb") as new:
        while data := old.read(65536):
            new.write(data)


FUNCTIONS = {
    "stat": lambda path: (os.stat(path)[0], os.stat(path)[6]),
    "copy": copy,
    "mkdir": os.mkdir,
    "remove": os.remove,
    "rmdir": os.rmdir,
    "rename": os.rename,
    "list": lambda path: [entry[0] for entry in os.ilistdir(path)],
    "walk": walk,
}


def do(order):
    """Does what a test wants. Returns what the test reads."""
    name, *arguments = json.loads(order)
    try:
        return json.dumps({"value": FUNCTIONS[name](*arguments)})
    except OSError as error:
        return json.dumps({"error": error.errno})
