# SPDX-License-Identifier: MIT
"""The classic file protocol, with a dictionary for a file system."""

from __future__ import annotations

import errno
import struct
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .machines import buffer, ffi, lib, new, pieces

PUT, GET, GET_VER = 1, 2, 3
VERSION = (1, 28, 7)
BLOCK, STORE = lib.WR_CLASSIC_BLOCK, lib.WR_CLASSIC_STORE
OK = b"WB\0\0"


def header(
    op: int, name: bytes = b"", size: int = 0, *, sig: bytes = b"WA", name_len: int | None = None
) -> bytes:
    """The 82 bytes that every client sends."""
    name_len = len(name) if name_len is None else name_len
    return struct.pack("<2sBBQLH64s", sig, op, 0, 0, size, name_len, name)


def wb(code: int) -> bytes:
    """A reply."""
    return struct.pack("<2sH", b"WB", code)


@dataclass
class Device:
    """Does the machine's work. Faults name a piece of work by its place."""

    files: dict[str, bytes] = field(default_factory=dict)
    has_files: bool = True
    faults: dict[int, int] = field(default_factory=dict)
    read_limit: int = STORE

    def __post_init__(self) -> None:
        """Begins a session."""
        self.c = new("wr_classic_t *")
        lib.wr_classic_init(self.c, self.has_files, list(VERSION))
        self.frames: list[bytes] = []
        self.works = 0
        self.unread = b""
        self.part: bytes | None = None  # of an upload

    def receive(self, data: bytes) -> None:
        """Passes on what the client sends."""
        while data:
            used = lib.wr_classic_input(self.c, buffer(data), len(data))
            data = data[used:]
            before = self.c.want
            self.run()
            assert used or before != lib.WR_CLASSIC_INPUT

    def run(self) -> None:
        """Does the machine's work until it wants input."""
        while self.c.want != lib.WR_CLASSIC_INPUT:
            if self.c.want == lib.WR_CLASSIC_SEND:
                self.frames.append(bytes(ffi.buffer(self.c.frame, self.c.frame_len)))
                lib.wr_classic_sent(self.c)
            else:
                self.work()

    def work(self) -> None:
        """Does one piece of work."""
        fault = self.faults.get(self.works, 0)
        self.works += 1
        got = 0
        code = (
            fault
            or {
                lib.WR_WORK_OPEN_READ: self.open_read,
                lib.WR_WORK_READ: lambda: 0,
                lib.WR_WORK_OPEN_WRITE: self.open_write,
                lib.WR_WORK_WRITE: self.write,
            }[self.c.work]()
        )
        if code:
            self.part = None
        elif self.c.work in (lib.WR_WORK_OPEN_READ, lib.WR_WORK_READ):
            piece, self.unread = self.unread[: self.read_limit], self.unread[self.read_limit :]
            ffi.memmove(self.c.data, piece, len(piece))
            got = len(piece)
        lib.wr_classic_worked(self.c, code, got)

    @property
    def name(self) -> str:
        return ffi.string(self.c.name).decode("latin-1")

    def open_read(self) -> int:
        if self.name not in self.files:
            return errno.ENOENT
        self.unread = self.files[self.name]
        return 0

    def open_write(self) -> int:
        self.part = b""
        return 0

    def write(self) -> int:
        assert self.part is not None
        assert self.c.len <= STORE
        self.part += bytes(ffi.buffer(self.c.data, self.c.len))
        if self.c.last:
            self.files[self.name] = self.part
            self.part = None
        return 0

    def exchange(self, data: bytes) -> list[bytes]:
        """The frames that answer what a client sends."""
        self.receive(data)
        frames, self.frames = self.frames, []
        return frames

    def get(self, name: bytes) -> tuple[list[int], bytes]:
        """A whole download: codes and contents."""
        (reply,) = self.exchange(header(GET, name))
        if reply != OK:
            return [struct.unpack("<2sH", reply)[1]], b""
        contents = b""
        while True:
            block, *rest = self.exchange(b"\0")
            (size,) = struct.unpack("<H", block[:2])
            assert len(block) == 2 + size
            assert size <= BLOCK
            contents += block[2:]
            if size == 0:
                (last,) = rest
                assert last[:2] == b"WB"
                return [0, struct.unpack("<2sH", last)[1]], contents
            assert not rest


sizes = [0, 1, 255, 256, BLOCK - 1, BLOCK, BLOCK + 1, STORE - 1, STORE, STORE + 1, 3 * STORE + 5]


def contents(size: int) -> bytes:
    """Bytes that differ from place to place."""
    return bytes((i * 7 + i // 256) & 0xFF for i in range(size))


def test_version() -> None:
    assert Device().exchange(header(GET_VER)) == [bytes(VERSION)]
    assert Device(has_files=False).exchange(header(GET_VER)) == [bytes(VERSION)]


@pytest.mark.parametrize("size", sizes)
def test_put(size: int) -> None:
    device = Device()
    data = contents(size)
    if size == 0:
        assert device.exchange(header(PUT, b"f", 0)) == [OK, OK]
    else:
        assert device.exchange(header(PUT, b"f", size)) == [OK]
        assert device.exchange(data[:-1]) == []
        assert device.files == {}
        assert device.exchange(data[-1:]) == [OK]
    assert device.files == {"f": data}


@pytest.mark.parametrize("size", sizes)
@pytest.mark.parametrize("read_limit", [STORE, 100])
def test_get(size: int, read_limit: int) -> None:
    device = Device({"f": contents(size)}, read_limit=read_limit)
    assert device.get(b"f") == ([0, 0], contents(size))


def test_get_answers_each_byte_with_one_block_whatever_it_is() -> None:
    device = Device({"f": contents(2 * BLOCK)})
    answers = device.exchange(header(GET, b"f") + b"\0\1\xff")
    assert [len(frame) for frame in answers] == [4, 2 + BLOCK, 2 + BLOCK, 2, 4]


def test_what_follows_a_file_is_the_next_header() -> None:
    device = Device()
    stream = (
        header(PUT, b"a", 3) + b"abc" + header(PUT, b"b", 0) + header(GET_VER) + header(GET, b"a")
    )
    assert device.exchange(stream) == [OK, OK, OK, OK, bytes(VERSION), OK]
    assert device.exchange(b"\0\0") == [b"\3\0abc", b"\0\0", OK]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (header(PUT, b"f", 5, sig=b"XX"), errno.EINVAL),
        (header(GET_VER, sig=b"AW"), errno.EINVAL),
        (header(0, b"f"), errno.ENOSYS),
        (header(4, b"f", 7), errno.ENOSYS),
        (header(255), errno.ENOSYS),
        (header(GET), errno.EINVAL),
        (header(PUT, b"", 9), errno.EINVAL),
        (header(PUT, b"\0name", 9), errno.EINVAL),
        (header(PUT, b"n" * 70, 9), errno.ENAMETOOLONG),
        (header(GET, b"n" * 65), errno.ENAMETOOLONG),
        (header(GET, b"nothing"), errno.ENOENT),
    ],
)
def test_a_refused_header_is_over_with_its_reply(bad: bytes, code: int) -> None:
    device = Device()
    assert device.exchange(bad) == [wb(code)]
    assert device.exchange(header(GET_VER)) == [bytes(VERSION)]
    assert device.files == {}


def test_without_files() -> None:
    device = Device(has_files=False)
    assert device.exchange(header(PUT, b"f", 3)) == [wb(errno.EOPNOTSUPP)]
    assert device.exchange(header(GET, b"f")) == [wb(errno.EOPNOTSUPP)]
    assert device.works == 0


@pytest.mark.parametrize("name_len", [0, 1, 63, 64])
def test_a_name_may_fill_its_field(name_len: int) -> None:
    name = bytes(range(0x30, 0x30 + 64))
    device = Device()
    assert device.exchange(header(PUT, name, 0, name_len=name_len)) == [OK, OK]
    assert device.files == {name.decode(): b""}


def test_a_name_ends_at_its_first_zero() -> None:
    device = Device()
    assert device.exchange(header(PUT, b"ab\0cd", 0)) == [OK, OK]
    assert device.files == {"ab": b""}


def test_an_upload_that_cannot_begin_has_one_reply() -> None:
    device = Device(faults={0: errno.EACCES})
    assert device.exchange(header(PUT, b"f", 5)) == [wb(errno.EACCES)]
    assert device.exchange(header(GET_VER)) == [bytes(VERSION)]


@pytest.mark.parametrize("fault", [1, 2, 3])
def test_an_upload_that_fails_swallows_the_rest_and_says_why(fault: int) -> None:
    device = Device({"f": b"old"}, faults={fault: errno.ENOSPC})
    data = contents(2 * STORE + 1)
    answers = device.exchange(header(PUT, b"f", len(data)) + data + header(GET_VER))
    assert answers == [OK, wb(errno.ENOSPC), bytes(VERSION)]
    assert device.files == {"f": b"old"}
    assert device.part is None
    assert device.works == fault + 1


def test_an_empty_upload_that_fails() -> None:
    device = Device(faults={1: errno.ENOSPC})
    assert device.exchange(header(PUT, b"f", 0)) == [OK, wb(errno.ENOSPC)]


def test_a_download_that_fails_in_the_middle_ends_and_says_why() -> None:
    device = Device({"f": contents(2 * STORE)}, faults={1: errno.EIO})
    assert device.get(b"f") == ([0, errno.EIO], contents(STORE))
    assert device.get(b"f") == ([0, 0], contents(2 * STORE))


def test_a_download_that_fails_at_once_has_one_reply() -> None:
    device = Device({"f": b"x"}, faults={0: errno.EISDIR})
    assert device.get(b"f") == ([errno.EISDIR], b"")


def test_the_largest_size_does_not_overflow() -> None:
    device = Device()
    assert device.exchange(header(PUT, b"f", 0xFFFFFFFF)) == [OK]
    assert device.exchange(contents(3 * STORE)) == []
    assert device.part == contents(3 * STORE)


@dataclass
class Model:
    """The protocol without a machine: the frames that answer a whole stream."""

    files: dict[str, bytes]

    def answer(self, stream: bytes) -> list[bytes]:
        frames = []
        while len(stream) >= 82:
            sig, op, _, _, size, name_len, name = struct.unpack("<2sBBQLH64s", stream[:82])
            stream = stream[82:]
            name = name.split(b"\0")[0]
            code = self.check(sig, op, name_len, name)
            if code:
                frames.append(wb(code))
            elif op == GET_VER:
                frames.append(bytes(VERSION))
            elif op == PUT:
                frames.append(OK)
                if len(stream) < size:
                    break
                self.files[name.decode("latin-1")] = stream[:size]
                stream = stream[size:]
                frames.append(OK)
            else:
                stream = self.download(self.files[name.decode("latin-1")], stream, frames)
        return frames

    def check(self, sig: bytes, op: int, name_len: int, name: bytes) -> int:
        if sig != b"WA":
            return errno.EINVAL
        if op == GET_VER:
            return 0
        if op not in (PUT, GET):
            return errno.ENOSYS
        if name_len > 64:
            return errno.ENAMETOOLONG
        if not name:
            return errno.EINVAL
        missing = op == GET and name.decode("latin-1") not in self.files
        return errno.ENOENT if missing else 0

    @staticmethod
    def download(data: bytes, stream: bytes, frames: list[bytes]) -> bytes:
        frames.append(OK)
        while stream:
            stream = stream[1:]
            block, data = data[:BLOCK], data[BLOCK:]
            frames.append(struct.pack("<H", len(block)) + block)
            if not block:
                frames.append(OK)
                break
        return stream


names = st.sampled_from([b"a", b"b", b"", b"n" * 64, b"n" * 65])
sizes_near = st.sampled_from([0, 1, 5, 81, 82, 83, BLOCK, STORE, STORE + 1])
operation = st.one_of(
    st.builds(lambda name, size: header(PUT, name, size) + contents(size), names, sizes_near),
    st.builds(lambda name, blocks: header(GET, name) + b"\0" * blocks, names, st.integers(0, 7)),
    st.just(header(GET_VER)),
    st.builds(
        lambda op, sig: header(op, b"a", sig=sig),
        st.integers(0, 9),
        st.sampled_from([b"WA", b"W\0"]),
    ),
    st.binary(max_size=100),
)


@given(
    st.lists(operation, max_size=6).map(b"".join), st.lists(st.integers(0, 20_000), max_size=12)
)
def test_any_stream_in_any_pieces(stream: bytes, cuts: list[int]) -> None:
    device = Device({"a": contents(BLOCK + 1)})
    model = Model({"a": contents(BLOCK + 1)})
    answers = []
    for piece in pieces(stream, cuts):
        answers += device.exchange(piece)
    assert answers == model.answer(stream)
    assert device.files == model.files
