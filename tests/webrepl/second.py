# SPDX-License-Identifier: MIT
"""A client of the protocol's second edition, written only from docs/webrepl-protocol.md."""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from typing import Any, NamedTuple

from tests.support.websocket import BINARY, CLOSE
from tests.vectors.webrepl2 import TYPES, encode

from .firmware import Firmware, FrameClient

NAMES = {number: name for name, number in TYPES.items()}
OFFER = {"connection": "Upgrade", "protocol": "chat, webrepl.2"}
"""The subprotocol in its handshake."""
WINDOW = 8192
"""Bytes of credit that the client gives a stream."""
ALL = 2**64 - 1
OK, EPERM, ENOENT, EAGAIN, EACCES, EBUSY, EEXIST, ENOTDIR, EISDIR, EINVAL, ENOSPC = (
    *(0, 1, 2, 11, 13, 16, 17, 20, 21, 22, 28),
)
EIO, ETIMEDOUT = 5, 110
ENAMETOOLONG, ENOSYS, ENOTEMPTY, EBADMSG, EOPNOTSUPP, ECANCELED = 36, 38, 39, 74, 95, 125


class Message(NamedTuple):
    """One message of the server."""

    name: str
    id: int
    body: bytes


class Result(NamedTuple):
    """How an operation has ended."""

    code: int
    value: bytes


class Holder(NamedTuple):
    """Who holds the terminal."""

    state: int
    watchers: int
    since: int
    address: str


class Entry(NamedTuple):
    """A file or directory."""

    kind: int
    size: int
    name: str
    is_link: bool = False
    digest: bytes = b""


class Second(FrameClient):
    """A connection. It keeps output and results until they are read."""

    def __init__(self, port: int, *, path: str = "/") -> None:
        """Shakes hands and takes HELLO."""
        super().__init__(port, path=path, **OFFER)
        self.results: dict[int, Result] = {}
        self.opened: dict[int, bytes] = {}
        self.data: dict[int, bytes] = {}
        self.credit: dict[int, int] = {}
        self.sent_input = 0
        self.lost = 0
        self.last_id = 0
        hello = self.message()
        assert hello.name == "HELLO"
        self.minor, self.auth, self.max_operations, self.max_message = struct.unpack(
            "<BBHI", hello.body[:8]
        )
        self.max_path, self.features, self.iterations = struct.unpack("<HHI", hello.body[8:16])
        self.early = int.from_bytes(hello.body[16:20], "little")
        self.salt, self.nonce = hello.body[20:36], hello.body[36:52]

    def message(self) -> Message:
        """The next message."""
        frame = self.frame()
        assert frame.opcode == BINARY, frame
        kind, flags, ident = struct.unpack("<BBH", frame.payload[:4])
        assert flags == 0
        return Message(NAMES[kind], ident, frame.payload[4:])

    def tell(self, name: str, ident: int = 0, **fields: Any) -> None:
        """Sends a message."""
        self.say(encode(name, ident, **fields), BINARY)

    def new_id(self) -> int:
        """One that no operation has."""
        self.last_id += 1
        return self.last_id

    def ask(self, name: str, **fields: Any) -> int:
        """Begins an operation."""
        ident = self.new_id()
        self.tell(name, ident, **fields)
        return ident

    def take(self) -> None:
        """Reads one message. Gives credit for its data."""
        message = self.message()
        if message.name == "RESULT":
            assert message.id not in self.results
            code, reserved = struct.unpack("<HH", message.body[:4])
            assert reserved == 0
            self.results[message.id] = Result(code, message.body[4:])
        elif message.name == "OPENED":
            self.opened[message.id] = message.body
        elif message.name == "DATA":
            assert message.body
            self.data[message.id] = self.data.get(message.id, b"") + message.body
            self.give_credit(message)
        elif message.name == "LOST":
            self.lost += struct.unpack("<I", message.body)[0]
        else:
            assert message.name == "CREDIT", message
            (more,) = struct.unpack("<I", message.body)
            self.credit[message.id] = self.credit.get(message.id, 0) + more

    def give_credit(self, message: Message) -> None:
        """Lets the server send that much more."""
        self.tell("CREDIT", message.id, more=len(message.body))

    def result(self, ident: int) -> Result:
        """Waits for the end of an operation."""
        while ident not in self.results:
            self.take()
        return self.results.pop(ident)

    def do(self, name: str, **fields: Any) -> Result:
        """A whole operation."""
        return self.result(self.ask(name, **fields))

    def proof(self, password: str, nonce: bytes, side: bytes = b"client") -> bytes:
        """Computes the proof that the client knows the password."""
        key = hashlib.pbkdf2_hmac("sha256", password.encode(), self.salt, self.iterations)
        return hmac.digest(key, b"webrepl.2 " + side + self.nonce + nonce, "sha256")

    def login(self, password: str = "secret") -> Result:
        """Proves that it knows the password, and checks the server's proof."""
        nonce = os.urandom(16)
        proof = self.proof(password, nonce).hex()
        result = self.do("LOGIN", client_nonce=nonce.hex(), proof=proof)
        if result.code == OK and self.auth:
            assert result.value[:32] == self.proof(password, nonce, b"server")
        return result

    # The terminal

    def attach(self, credit: int = WINDOW, **fields: Any) -> Result:
        """Holds or watches the terminal."""
        result = self.do("ATTACH", **{"columns": 80, "rows": 24, **fields}, credit=credit)
        if result.code == OK:
            (self.credit[0],) = struct.unpack("<I", result.value)
        return result

    def who(self) -> Holder:
        """Who holds it."""
        return holder(self.do("WHO").value)

    def type(self, data: bytes) -> None:
        """Sends keys as credit allows, and reads what comes meanwhile."""
        while data:
            while not self.credit[0]:
                self.take()
            piece = data[: min(self.credit[0], self.max_message - 4)]
            data = data[len(piece) :]
            self.credit[0] -= len(piece)
            self.tell("DATA", data=piece.hex())

    def output_until(self, end: bytes) -> bytes:
        """Output up to and including this text."""
        while end not in self.data.get(0, b""):
            self.take()
        at = self.data[0].index(end) + len(end)
        output, self.data[0] = self.data[0][:at], self.data[0][at:]
        return output

    def read(self, size: int) -> bytes:
        """That many bytes of output."""
        while len(self.data.get(0, b"")) < size:
            self.take()
        output, self.data[0] = self.data[0][:size], self.data[0][size:]
        return output

    # Files

    def get(self, path: str, *, offset: int = 0, length: int = ALL) -> tuple[int, bytes]:
        """A whole file, with its digest."""
        ident = self.ask(
            "GET", credit=WINDOW, offset=offset, length=length, path=path, digest=True
        )
        result = self.result(ident)
        self.opened.pop(ident, None)
        data = self.data.pop(ident, b"")
        if result.code == OK:
            assert hashlib.sha256(data).digest() == result.value
        return result.code, data

    def begin_get(self, path: str) -> int:
        """Begins a download of a whole file."""
        return self.ask("GET", credit=WINDOW, offset=0, length=ALL, path=path)

    def begin_put(self, path: str, data: bytes, *, resume: bool = False, **fields: Any) -> int:
        """Begins an upload."""
        digest = hashlib.sha256(data).hexdigest()
        asked = {"digest": True, "sha256": digest, "size": len(data), **fields}
        return self.ask("PUT", path=path, resume=resume, **asked)

    def is_open(self, ident: int) -> bool:
        """Waits until an upload has begun, or has ended."""
        while ident not in self.opened and ident not in self.results:
            self.take()
        if ident in self.results:
            return False
        offset, credit = struct.unpack("<QI", self.opened[ident])
        self.credit[ident] = credit
        return True

    def offset(self, ident: int) -> int:
        """Where a begun upload continues."""
        return int(struct.unpack("<Q", self.opened[ident][:8])[0])

    def send_file(self, ident: int, data: bytes) -> None:
        """Sends everything, or until there is a result."""
        while data and ident not in self.results:
            if not self.credit[ident]:
                self.take()
                continue
            piece = data[: min(self.credit[ident], self.max_message - 4)]
            data = data[len(piece) :]
            self.credit[ident] -= len(piece)
            self.tell("DATA", ident, data=piece.hex())

    def put(self, path: str, data: bytes, *, resume: bool = False, **fields: Any) -> int:
        """A whole upload."""
        ident = self.begin_put(path, data, resume=resume, **fields)
        if self.is_open(ident):
            self.send_file(ident, data[self.offset(ident) :])
        self.opened.pop(ident, None)
        return self.result(ident).code

    def list(self, path: str) -> tuple[int, list[Entry]]:
        """A directory."""
        ident = self.ask("LIST", credit=WINDOW, path=path)
        result = self.result(ident)
        data, entries = self.data.pop(ident, b""), []
        while data:
            entry, data = file_record(data)
            entries.append(entry)
        if result.code == OK:
            assert struct.unpack("<I", result.value) == (len(entries),)
        return result.code, sorted(entries, key=lambda entry: entry.name)

    def close_code(self) -> tuple[int, str]:
        """Code and reason of the close frame. Keeps everything before it."""
        while True:
            frame = self.frame()
            if frame.opcode == CLOSE:
                self.unread_frames.append(frame)
                return super().close_code()
            self.unread_frames.append(frame)
            self.take()


def holder(data: bytes) -> Holder:
    """A holder record."""
    state, watchers, length, since = struct.unpack("<BBHI", data[:8])
    assert len(data) == 8 + length
    return Holder(state, watchers, since, data[8:].decode())


def file_record(data: bytes) -> tuple[Entry, bytes]:
    """A file record, and the bytes after it."""
    kind, marks, length, size, _ = struct.unpack("<BBHQq", data[:20])
    end = 20 + length + (32 if marks & 2 else 0)
    name = os.fsdecode(data[20 : 20 + length])
    return Entry(kind, size, name, bool(marks & 1), data[20 + length : end]), data[end:]


def connect(firmware: Firmware, **how: Any) -> Second:
    """A connection that is not logged in."""
    return Second(firmware.port, **how)


def enter(firmware: Firmware, password: str = "secret") -> Second:
    """A connection that is logged in."""
    client = connect(firmware)
    assert client.login(password).code == OK
    return client


def hold(firmware: Firmware, password: str = "secret") -> Second:
    """A connection that holds the terminal."""
    client = enter(firmware, password)
    assert client.attach().code == OK
    return client
