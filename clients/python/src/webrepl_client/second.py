# SPDX-License-Identifier: MIT
"""The second edition without any I/O: messages in, events out; and the messages of a client.

docs/webrepl-protocol.md says what they mean; section numbers here are its own.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import struct
from typing import NamedTuple, Union

from .second_types import Type

SUBPROTOCOL = "webrepl.2"
ALL = (1 << 64) - 1
"""The length of a GET for the whole file."""
CREDIT_MAX = (1 << 31) - 1
ITERATIONS = range(1000, 1_000_001)
"""Fewer would help a false server to guess the password; more keep this machine busy (2.4)."""
TERMINAL = 0
"""The stream that is the terminal."""
NONCE_SIZE = 16

_HEAD = struct.Struct("<BBH")
_HELLO = struct.Struct("<BBHIHHII16s16s")
_RESULT = struct.Struct("<HH")
_HOLDER = struct.Struct("<BBHI")
_RECORD = struct.Struct("<BBHQq")
RECORD_SIZE = _RECORD.size
"""Bytes of a file record without a name."""
RECORD_LINK, RECORD_DIGEST = 1, 2
DIGEST_SIZE = 32
MINOR_DIGESTS = 1
"""The first minor edition whose LIST can send digests, and says what is a link."""


class Feature(enum.IntFlag):
    """What a board can do."""

    FILES = 1
    SOFT_RESET = 2
    HARD_RESET = 4


class ProtocolError(ValueError):
    """The other side has sent what the protocol does not allow."""


class Hello(NamedTuple):
    """What a board says first (2.3)."""

    minor: int
    auth: int
    max_operations: int
    max_message: int
    max_path: int
    features: int
    iterations: int
    early: int
    salt: bytes
    nonce: bytes


class Result(NamedTuple):
    """An operation has ended."""

    id: int
    code: int
    value: bytes


class Opened(NamedTuple):
    """A get or put begins."""

    id: int
    value: bytes


class Data(NamedTuple):
    """Bytes of a stream."""

    id: int
    data: bytes


class Credit(NamedTuple):
    """More bytes of a stream may be sent."""

    id: int
    more: int


class Missed(NamedTuple):
    """A watcher has missed output."""

    size: int


Event = Union[Hello, Result, Opened, Data, Credit, Missed]


class Holder(NamedTuple):
    """Who holds the terminal."""

    is_held: bool
    is_silent: bool
    is_classic: bool
    watchers: int
    since: int
    address: str


class Record(NamedTuple):
    """Facts about a file or directory."""

    is_dir: bool
    size: int
    modified: int
    name: bytes
    is_link: bool = False
    digest: bytes | None = None


# what has come


def parse(message: bytes) -> list[Event]:
    """Reads one message; ignores types of later editions.

    Raises:
        ProtocolError: It is too short for its type.
    """
    try:
        kind, _, number = _HEAD.unpack_from(message)
        return _parse(kind, number, message)
    except struct.error as error:
        raise ProtocolError(f"a message is too short: {message[:32].hex()}") from error


def _parse(kind: int, number: int, message: bytes) -> list[Event]:
    rest = message[_HEAD.size :]
    if kind == Type.HELLO:
        return [Hello(*_HELLO.unpack_from(rest))]
    if kind == Type.RESULT:
        code, _ = _RESULT.unpack_from(rest)
        return [Result(number, code, rest[_RESULT.size :])]
    if kind == Type.OPENED:
        return [Opened(number, rest)]
    if kind == Type.DATA:
        return [Data(number, rest)]
    if kind == Type.CREDIT:
        return [Credit(number, *struct.unpack_from("<I", rest))]
    if kind == Type.LOST:
        return [Missed(*struct.unpack_from("<I", rest))]
    return []


def parse_holder(value: bytes) -> Holder:
    """Reads a holder record."""
    try:
        state, watchers, length, since = _HOLDER.unpack_from(value)
    except struct.error as error:
        raise ProtocolError("a holder record is too short") from error
    address = value[_HOLDER.size : _HOLDER.size + length].decode(errors="replace")
    return Holder(bool(state & 1), bool(state & 2), bool(state & 4), watchers, since, address)


def parse_records(data: bytes) -> list[Record]:
    """Reads file records, one behind the other."""
    records = []
    at = 0
    while at < len(data):
        try:
            kind, marks, length, size, modified = _RECORD.unpack_from(data, at)
        except struct.error as error:
            raise ProtocolError("a file record is too short") from error
        name_end = at + _RECORD.size + length
        end = name_end + (DIGEST_SIZE if marks & RECORD_DIGEST else 0)
        if end > len(data):
            raise ProtocolError("a file record is too short for its name")
        name = data[at + _RECORD.size : name_end]
        digest = data[name_end:end] or None
        is_link = bool(marks & RECORD_LINK)
        records.append(Record(kind == 2, size, modified, name, is_link, digest))
        at = end
    return records


def parse_numbers(layout: str, value: bytes) -> tuple[int, ...]:
    """Reads the integers at the beginning of a value."""
    try:
        return struct.unpack_from(f"<{layout}", value)
    except struct.error as error:
        raise ProtocolError(f"a value is too short: {value.hex()}") from error


# login


class Proofs(NamedTuple):
    """The proofs that both sides exchange instead of the password (2.4)."""

    client: bytes
    server: bytes

    @classmethod
    def of(cls, password: str, hello: Hello, nonce: bytes) -> Proofs:
        """Computes them; takes some milliseconds."""
        key = hashlib.pbkdf2_hmac("sha256", password.encode(), hello.salt, hello.iterations)

        def proof(side: bytes) -> bytes:
            text = b"webrepl.2 " + side + hello.nonce + nonce
            return hmac.new(key, text, hashlib.sha256).digest()

        return cls(proof(b"client"), proof(b"server"))


def check_hello(hello: Hello) -> None:
    """Refuses values that no honest board sends.

    Raises:
        ProtocolError: The message says what it is.
    """
    if hello.auth > 1:
        raise ProtocolError(f"the board asks for a login of kind {hello.auth}")
    if hello.auth and hello.iterations not in ITERATIONS:
        raise ProtocolError(f"the board asks for {hello.iterations} iterations")
    if hello.max_message < 1024 or hello.max_path < 64:
        raise ProtocolError("the board's limits are below those of the protocol")


# what to send


def _message(kind: Type, number: int, rest: bytes = b"", flags: int = 0) -> bytes:
    return _HEAD.pack(kind, flags, number) + rest


def _path(path: bytes) -> bytes:
    if b"\0" in path or len(path) > 0xFFFF:
        raise ValueError("a path has no NUL, and at most 65535 bytes")
    return struct.pack("<H", len(path)) + path


def login(number: int, nonce: bytes, proof: bytes) -> bytes:
    """The first message of a client."""
    return _message(Type.LOGIN, number, nonce + proof)


def ping(number: int) -> bytes:
    """Asks whether the board is there."""
    return _message(Type.PING, number)


def who(number: int) -> bytes:
    """Asks who holds the terminal: parse_holder()."""
    return _message(Type.WHO, number)


def attach(
    number: int,
    credit: int,
    columns: int = 0,
    rows: int = 0,
    *,
    watch: bool = False,
    takeover: bool = False,
) -> bytes:
    """Holds the terminal, or watches it; its result is the credit for input."""
    flags = watch | takeover << 1
    return _message(Type.ATTACH, number, struct.pack("<HHI", columns, rows, credit), flags)


def detach(number: int) -> bytes:
    """Releases the terminal."""
    return _message(Type.DETACH, number)


def size(columns: int, rows: int) -> bytes:
    """The terminal's window has changed."""
    return _message(Type.SIZE, 0, struct.pack("<HH", columns, rows))


def interrupt(number: int, *, discard: bool = False) -> bytes:
    """Ctrl-C; with `discard`, input that the program has not read is thrown away."""
    return _message(Type.INTERRUPT, number, flags=discard)


def reset(number: int, *, hard: bool = False) -> bytes:
    """Restarts the program, or the board."""
    return _message(Type.RESET, number, flags=hard)


def data(stream: int, contents: bytes) -> bytes:
    """Bytes of a stream, at least one, within credit."""
    return _message(Type.DATA, stream, contents)


def credit(stream: int, more: int) -> bytes:
    """Allows more bytes of a stream."""
    return _message(Type.CREDIT, stream, struct.pack("<I", more))


def cancel(number: int) -> bytes:
    """Ends an operation."""
    return _message(Type.CANCEL, number)


def on_paths(kind: Type, number: int, *paths: bytes) -> bytes:
    """An operation that only has paths, such as STAT and RENAME."""
    return _message(kind, number, b"".join(map(_path, paths)))


def list_directory(number: int, path: bytes, credit: int, *, digest: bool = False) -> bytes:
    """Entries of a directory, as a stream for parse_records()."""
    return _message(Type.LIST, number, struct.pack("<I", credit) + _path(path), digest)


def get(
    number: int,
    path: bytes,
    credit: int,
    offset: int = 0,
    length: int = ALL,
    *,
    digest: bool = False,
) -> bytes:
    """Contents of a file, as a stream."""
    rest = struct.pack("<IQQ", credit, offset, length) + _path(path)
    return _message(Type.GET, number, rest, digest)


def put(
    number: int,
    path: bytes,
    size: int,
    digest: bytes = b"",
    *,
    resume: bool = False,
    early: bool = False,
) -> bytes:
    """A new file, or new contents; with the digest of all of it if there is one.

    With `early`, as many bytes as HELLO says may follow before the board has opened the file.
    """
    flags = bool(digest) | resume << 1 | early << 2
    rest = struct.pack("<Q32s", size, digest) + _path(path)
    return _message(Type.PUT, number, rest, flags)
