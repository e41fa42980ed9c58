# SPDX-License-Identifier: MIT
"""A file system written in Python that fails, waits and is full on command.

It passes all calls on to VfsPosix, and counts them. No read returns as much as it could.
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
    """Faults, and when they happen."""

    def __init__(self, releases):
        """Starts without faults. Each wait takes one of the releases."""
        self.releases = releases
        self.budget = 1 << 60
        self.slow = self.waiting = 0
        self.gap = False
        self.fail(0)

    def fail(self, first, error=errno.EIO, count=1):
        """Makes `count` calls fail, from the first-th on; 0: none does."""
        self.calls = 0
        self.failing = range(first, first + count) if first else ()
        self.error = error

    def call(self):
        """Counts a call, and raises if it should fail."""
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
        """Raises if fewer bytes are left."""
        if size > self.budget:
            raise OSError(ENOSPC)
        self.budget -= size


class File(io.IOBase):
    """An open file."""

    def __init__(self, faults, file):
        """Wraps another file."""
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
        """Passes the rest on. A file is closed even if closing it fails."""
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
    """The file system."""

    def __init__(self, faults):
        """Starts without anything mounted."""
        self.faults = faults
        self.below = vfs.VfsPosix()

    def mount(self, readonly, mkfs):
        """Required by vfs.mount()."""

    def umount(self):
        """Required by vfs.umount()."""

    def open(self, path, mode):
        """Passes the call on, as all that follow."""
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
        """Removes the old file first, as FAT does; then the power goes."""
        self.faults.gap = False
        self.below.remove(new)
        self.faults.fail(1, errno.EIO, 1 << 30)


def mount(releases):
    """Replaces all file systems. Returns the faults."""
    faults = Faults(releases)
    vfs.umount("/")
    vfs.mount(FileSystem(faults), "/")
    return faults
