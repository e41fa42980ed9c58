# SPDX-License-Identifier: MIT
"""The beginning of programs under test: streams in Python, which the modules wrap."""

PIPE = """
import _webrepl, errno, io, struct

class Pipe(io.IOBase):
    '''What a client sends is put into `sent`: texts, (2, bytes) for binary, or errors to raise.'''
    def __init__(self, *sent):
        self.sent = list(sent)
        self.got = []
        self.kind = self.out = 1
        self.reads = self.closed = 0
        self.room = None

    def readinto(self, buffer):
        self.reads += 1
        if not self.sent:
            return None
        first = self.sent.pop(0)
        if isinstance(first, Exception):
            raise first
        self.kind, data = first if isinstance(first, tuple) else (1, first)
        size = min(len(data), len(buffer))
        buffer[:size] = data[:size]
        if size < len(data):
            self.sent.insert(0, (self.kind, data[size:]))
        return size

    def write(self, data):
        if isinstance(self.room, Exception):
            raise self.room
        if self.room is not None and not self.room:
            return None
        size = len(data) if self.room is None else min(self.room, len(data))
        self.got.append((self.out, bytes(data[:size])))
        return size

    def ioctl(self, request, argument):
        if request == 4:
            self.closed += 1
        elif request == 8:
            return self.kind
        elif request == 9:
            self.out, before = argument, self.out
            return before
        elif request != 3:
            raise OSError(errno.EINVAL)
        return 0

def show(*values):
    print(repr(values[0] if len(values) == 1 else values))

def session(*sent):
    _webrepl.password('secret')
    pipe = Pipe(*sent)
    return pipe, _webrepl._webrepl(pipe)

def header(op, name=b'', size=0):
    return (2, struct.pack('<2sBBQLH64s', b'WA', op, 0, 0, size, len(name), name))
"""
