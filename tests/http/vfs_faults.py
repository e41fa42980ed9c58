# SPDX-License-Identifier: MIT
"""A file system written in Python that fails, waits and is full when it is told to.

It passes on to VfsPosix what it is asked for, and counts. No read gives all that it could.
"""

import errno
import io
import time

import uctypes
import vfs

ENOSPC = 28  # Linux's: MicroPython's errno has no name for it
FLUSH, SEEK, CLOSE = 1, 2, 4  # requests of ioctl()
PLACE = {"offset": uctypes.INT64 | 0, "whence": uctypes.INT32 | 8}


class Faults:
    """What goes wrong, and when."""

    def __init__(self, releases):
        """Nothing does. What waits takes one of the releases."""
        self.releases = releases
        self.budget = 1 << 60
        self.slow = self.waiting = 0
        self.gap = False
        self.fail(0)

    def fail(self, first, error=errno.EIO, count=1):
        """Has calls fail, the first-th from now on and as many as count says; 0: none does."""
        self.calls = 0
        self.failing = range(first, first + count) if first else ()
        self.error = error

    def call(self):
        """Counts a call; raises if it is to fail."""
        self.calls += 1
        if self.calls in self.failing:
            raise MemoryError if self.error == errno.ENOMEM else OSError(self.error)

    def wait(self):
        """Waits until it is released, if reads are slow."""
        if self.slow:
            self.slow -= 1
            self.waiting += 1
            while not self.releases:
                time.sleep(0.005)
            self.releases.pop()
            self.waiting -= 1

    def spend(self, size):
        """Raises if no so many bytes are left."""
        if size > self.budget:
            raise OSError(ENOSPC)
        self.budget -= size


class File(io.IOBase):
    """A file that is open."""

    def __init__(self, faults, file):
        """Reads and writes another one."""
        self.faults = faults
        self.file = file

    def readinto(self, buf):
        """Reads, but never all at once."""
        self.faults.wait()
        self.faults.call()
        return self.file.readinto(memoryview(buf)[: len(buf) // 2 + 1])

    def write(self, data):
        """Writes all of it, or nothing."""
        self.faults.spend(len(data))
        self.faults.call()
        return self.file.write(data)

    def ioctl(self, request, argument):
        """Does the rest. A file is closed even where closing it fails."""
        if request == CLOSE:
            self.file.close()
        if request in (FLUSH, SEEK, CLOSE):
            self.faults.call()
        if request == FLUSH:
            self.file.flush()
        elif request == SEEK:
            place = uctypes.struct(argument, PLACE)
            place.offset = self.file.seek(place.offset, place.whence)
        elif request != CLOSE:
            return -errno.EINVAL
        return 0


class FileSystem:
    """All of them."""

    def __init__(self, faults):
        """Nothing is mounted yet."""
        self.faults = faults
        self.below = vfs.VfsPosix()

    def mount(self, readonly, mkfs):
        """Is asked for by vfs.mount()."""

    def umount(self):
        """Is asked for by vfs.umount()."""

    def open(self, path, mode):
        """As everything that follows."""
        self.faults.call()
        return File(self.faults, self.below.open(path, mode))

    def stat(self, path):
        self.faults.call()
        return self.below.stat(path)

    def statvfs(self, path):
        self.faults.call()
        size, fragment, blocks, _, left = self.below.statvfs(path)[:5]
        left = min(left * fragment, self.faults.budget)
        return (1, 1, blocks * fragment, left, left, 0, 0, 0, 0, 255)

    def ilistdir(self, path):
        self.faults.call()
        return self.entries(self.below.ilistdir(path))

    def entries(self, entries):
        for entry in entries:
            self.faults.call()
            yield entry

    def mkdir(self, path):
        self.faults.call()
        self.below.mkdir(path)

    def rmdir(self, path):
        self.faults.call()
        self.below.rmdir(path)

    def remove(self, path):
        self.faults.call()
        self.below.remove(path)

    def rename(self, old, new):
        if self.faults.gap and self.exists(new):
            self.die_between(new)
        self.faults.call()
        self.below.rename(old, new)

    def exists(self, path):
        try:
            return bool(self.below.stat(path))
        except OSError:
            return False

    def die_between(self, new):
        """As FAT, which makes room first; and then the power goes."""
        self.faults.gap = False
        self.below.remove(new)
        self.faults.fail(1, errno.EIO, 1 << 30)


def mount(releases):
    """Puts it in the place of all files there are; returns what goes wrong with them."""
    faults = Faults(releases)
    vfs.umount("/")
    vfs.mount(FileSystem(faults), "/")
    return faults
