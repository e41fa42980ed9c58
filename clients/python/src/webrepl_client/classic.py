# SPDX-License-Identifier: MIT
"""The classic protocol without any I/O: messages in, events out; and the messages of a client.

Text messages carry the terminal. Binary ones carry files: a header of 82 bytes, answered by `WB`
and a code. MicroPython's own servers send only code 0, and end or hang when they cannot open a
file.
"""

from __future__ import annotations

import enum
import struct
from typing import NamedTuple, Union

from .wire import Message

HEADER = struct.Struct("<2sBBQLH64s")
NAME_MAX = 63
"""Bytes of a name; the 64th must be NUL."""
BLOCK_SIZE = 1024
"""Bytes of one message of a PUT: what servers with little memory are used to."""

PROMPT = b"Password: "
CONNECTED = b"WebREPL connected"
DENIED = b"Access denied"
IN_USE = b"WebREPL is in use"


class Operation(enum.IntEnum):
    """What a header asks for."""

    PUT = 1
    GET = 2
    GET_VERSION = 3


class Asked(NamedTuple):
    """The board asks for the password."""


class LoggedIn(NamedTuple):
    """The password was right."""


class Refused(NamedTuple):
    """It was wrong."""


class InUse(NamedTuple):
    """Another client holds the terminal."""

    text: str


class Output(NamedTuple):
    """What the terminal shows."""

    data: bytes


class Replied(NamedTuple):
    """A file operation was begun, or has ended; 0 or an errno."""

    code: int


class Block(NamedTuple):
    """Contents of a file; empty at its end."""

    data: bytes


class Version(NamedTuple):
    """The answer to GET_VERSION."""

    numbers: tuple[int, int, int]


Event = Union[Asked, LoggedIn, Refused, InUse, Output, Replied, Block, Version]


class ProtocolError(ValueError):
    """The other side has broken the protocol."""


class Step(enum.Enum):
    """What the client expects in the next binary message."""

    NOTHING = enum.auto()
    REPLY = enum.auto()
    BLOCK = enum.auto()
    VERSION = enum.auto()


def _header(operation: Operation, name: bytes = b"", size: int = 0) -> Message:
    if len(name) > NAME_MAX or b"\0" in name:
        raise ValueError(f"the name must have at most {NAME_MAX} bytes, none of them NUL")
    return Message(HEADER.pack(b"WA", operation, 0, 0, size, len(name), name))


class Classic:
    """A client's end of one session. A method returns what to send; then receive() the answer."""

    def __init__(self) -> None:
        """Before the first message."""
        self.logged_in = False
        self._step = Step.NOTHING
        self._said = b""

    # what to send

    def password(self, secret: str) -> Message:
        """The answer to Asked."""
        if "\r" in secret or "\n" in secret:
            raise ValueError("a password has one line")
        return Message(secret.encode() + b"\r", is_text=True)

    def keys(self, data: bytes) -> Message:
        """Keys that are typed."""
        return Message(data, is_text=True)

    def put(self, name: bytes, size: int) -> Message:
        """Begins an upload: Replied, then contents() may go, then Replied."""
        self._step = Step.REPLY
        return _header(Operation.PUT, name, size)

    def contents(self, data: bytes) -> Message:
        """A part of an upload, BLOCK_SIZE bytes at most."""
        return Message(data)

    def get(self, name: bytes) -> Message:
        """Begins a download: Replied, then next_block() until an empty Block, then Replied."""
        self._step = Step.REPLY
        return _header(Operation.GET, name)

    def next_block(self) -> Message:
        """Asks for a Block."""
        self._step = Step.BLOCK
        return Message(b"\0")

    def version(self) -> Message:
        """Asks for the Version."""
        self._step = Step.VERSION
        return _header(Operation.GET_VERSION)

    # what has come

    def receive(self, message: Message) -> list[Event]:
        """Takes one message.

        Raises:
            ProtocolError: The protocol does not allow it now.
        """
        if message.is_text:
            return self._text(message.data)
        return [self._binary(message.data)]

    def _text(self, data: bytes) -> list[Event]:
        if self.logged_in:
            return [Output(data)]
        self._said += data
        return self._login()

    def _login(self) -> list[Event]:
        if self._said.endswith(PROMPT):
            self._said = b""
            return [Asked()]
        _, connected, after = self._said.partition(CONNECTED)
        if connected:
            self.logged_in = True
            return [LoggedIn(), Output(after.lstrip(b"\r\n"))]
        if DENIED in self._said:
            return [Refused()]
        if IN_USE in self._said:
            return [InUse(self._said.decode(errors="replace").strip())]
        if len(self._said) > HEADER.size:
            raise ProtocolError(f"no password prompt, but {self._said[:40]!r}")
        return []

    def _binary(self, data: bytes) -> Event:
        step = self._step
        if step is Step.VERSION and len(data) >= 3:
            self._step = Step.NOTHING
            return Version((data[0], data[1], data[2]))
        if step is Step.BLOCK and len(data) >= 2:
            return self._block(data)
        if step is Step.REPLY and len(data) == 4 and data[:2] == b"WB":
            return Replied(int.from_bytes(data[2:], "little"))
        raise ProtocolError(f"unexpected binary message {data[:16]!r}")

    def _block(self, data: bytes) -> Block:
        length = int.from_bytes(data[:2], "little")
        if length != len(data) - 2:
            raise ProtocolError(f"a block of {length} bytes has {len(data) - 2}")
        if length == 0:
            self._step = Step.REPLY
        return Block(data[2:])
