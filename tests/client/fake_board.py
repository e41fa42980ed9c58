# SPDX-License-Identifier: MIT
"""The server's half of the second edition, in memory. It does things that no real board does."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import struct
from collections.abc import Callable
from typing import TypeVar

from webrepl_client import second
from webrepl_client.errors import Timeout
from webrepl_client.link import Inbox
from webrepl_client.second_types import Type
from webrepl_client.wire import Message

T = TypeVar("T")
PASSWORD = "swordfish"
SALT, NONCE = bytes(range(16)), bytes(range(16, 32))


class FakeBoard:
    """A Link to a small board in memory. Its attributes make it misbehave."""

    subprotocol = second.SUBPROTOCOL

    def __init__(self) -> None:
        """An honest board with one file."""
        self._inbox = Inbox()
        self.listen = self._inbox.listen
        self.files = {b"a": b"contents"}
        self.kept: dict[bytes, bytes] = {}
        self.iterations = 1000
        self.knows_password = True
        self.holder = b""
        self.window = 7
        self.input_credit = 4
        self.typed = b""
        self.seen: list[int] = []
        self.max_operations = 2
        self.spoils = False
        self.announces: int | None = None
        """The size that it says a file has, in place of the truth."""
        self.refusals: list[int] = []
        """What the next file operations end with."""
        self.listing: list[bytes] = []
        self._puts: dict[int, tuple[bytes, int, bytes, bytearray]] = {}
        self.say_hello()

    def say_hello(self) -> None:
        """Sends the first message. Called again, it replaces that."""
        rest = struct.pack(
            "<BBHIHHII", 0, 1, self.max_operations, 1024, 255, 7, self.iterations, 0
        )
        self.tell(Type.HELLO, 0, rest + SALT + NONCE)

    def tell(self, kind: int, number: int, rest: bytes = b"") -> None:
        """Sends a message to the client."""
        self._inbox.deliver(Message(struct.pack("<BBH", kind, 0, number) + rest))

    def result(self, number: int, code: int = 0, value: bytes = b"") -> None:
        """Ends an operation."""
        self.tell(Type.RESULT, number, struct.pack("<HH", code, 0) + value)

    async def send(self, *messages: Message) -> None:
        """Takes data from the client."""
        for message in messages:
            self._take(message)

    def _take(self, message: Message) -> None:
        kind, flags, number = struct.unpack_from("<BBH", message.data)
        self.seen.append(kind)
        if kind >= Type.LIST and self.refusals:
            self.result(number, self.refusals.pop())
            return
        getattr(self, f"on_{Type(kind).name.lower()}")(number, flags, message.data[4:])

    async def until(self, ready: Callable[[], T | None], timeout: float | None) -> T:
        """Does nothing: all data is here already."""
        value = ready()
        if value is None:
            raise Timeout("the board does not answer")
        return value

    def post(self, message: Message) -> None:
        """What the client sends while it cleans up."""
        work = self.send(message)
        with contextlib.suppress(StopIteration):
            work.send(None)

    async def close(self) -> None:
        """Nothing to do."""

    def abort(self) -> None:
        """Nothing to do."""

    # operations

    def on_login(self, number: int, flags: int, rest: bytes) -> None:
        hello = second.Hello(0, 1, 2, 1024, 255, 7, self.iterations, 0, SALT, NONCE)
        proofs = second.Proofs.of(PASSWORD, hello, rest[:16])
        if rest[16:48] != proofs.client:
            self.result(number, errno.EACCES)
            return
        proof = proofs.server if self.knows_password else bytes(32)
        self.result(number, 0, proof + bytes((1, 28, 0, 0)))

    def on_attach(self, number: int, flags: int, rest: bytes) -> None:
        if self.holder and not flags & 2:
            head = struct.pack("<BBHI", 1, 0, len(self.holder), 61)
            self.result(number, errno.EBUSY, head + self.holder)
        else:
            self.result(number, 0, struct.pack("<I", self.input_credit))

    def on_interrupt(self, number: int, flags: int, rest: bytes) -> None:
        self.result(number)

    def on_size(self, number: int, flags: int, rest: bytes) -> None:
        self.size = struct.unpack("<HH", rest)

    def on_credit(self, number: int, flags: int, rest: bytes) -> None:
        pass

    def on_cancel(self, number: int, flags: int, rest: bytes) -> None:
        self._puts.pop(number, None)
        self.result(number, errno.ECANCELED)

    def on_stat(self, number: int, flags: int, rest: bytes) -> None:
        contents = self.files.get(rest[2:])
        if contents is None:
            self.result(number, errno.ENOENT)
        else:
            self.result(number, 0, struct.pack("<BBHQq", 1, 0, 0, len(contents), 0))

    def on_list(self, number: int, flags: int, rest: bytes) -> None:
        for name in self.listing:
            record = struct.pack("<BBHQq", 1, 0, len(name), 0, 0) + name
            self.tell(Type.DATA, number, record)
        self.result(number)

    def on_get(self, number: int, flags: int, rest: bytes) -> None:
        contents = self.files[rest[22:]]
        size = len(contents) if self.announces is None else self.announces
        self.tell(Type.OPENED, number, struct.pack("<BBHQq", 1, 0, 0, size, 0))
        self.tell(Type.DATA, number, contents[::-1] if self.spoils else contents)
        self.result(number, 0, hashlib.sha256(contents).digest())

    def on_put(self, number: int, flags: int, rest: bytes) -> None:
        size, digest = struct.unpack_from("<Q32s", rest)
        path = rest[42:]
        kept = bytearray(self.kept.pop(path, b"") if flags & 2 else b"")
        self._puts[number] = (path, size, digest, kept)
        self.tell(Type.OPENED, number, struct.pack("<QI", len(kept), self.window))
        self._finish(number)

    def on_data(self, number: int, flags: int, rest: bytes) -> None:
        if number == 0:
            assert len(rest) <= self.input_credit, "more keys than there is credit for"
            self.input_credit -= len(rest)
            self.typed += rest
            return
        *_, contents = self._puts[number]
        assert len(rest) <= self.window, "more contents than there is credit for"
        contents += rest
        self.tell(Type.CREDIT, number, struct.pack("<I", len(rest)))
        self._finish(number)

    def _finish(self, number: int) -> None:
        path, size, digest, contents = self._puts[number]
        if len(contents) < size:
            return
        del self._puts[number]
        if hashlib.sha256(contents).digest() != digest:
            self.result(number, errno.EBADMSG)
        else:
            self.files[path] = bytes(contents)
            self.result(number)
