# SPDX-License-Identifier: MIT
"""A session in the classic protocol."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import BinaryIO, TypeVar

from .classic import (
    BLOCK_SIZE,
    NAME_MAX,
    Asked,
    Block,
    Classic,
    Event,
    InUse,
    LoggedIn,
    Output,
    ProtocolError,
    Refused,
    Replied,
    Version,
)
from .errors import (
    BoardFull,
    Busy,
    LocalFileError,
    Lost,
    NotWebrepl,
    RemoteFileError,
    Timeout,
    WrongPassword,
    file_error,
)
from .link import Link
from .session import Password, Report, Session, Sink, ask, give
from .wire import Message

E = TypeVar("E", bound=Event)

LOGIN_TIMEOUT = 15.0
"""Seconds. After wrong passwords of others, a board may make a client wait for 8 s."""


def fits(path: str) -> bool:
    """Whether the protocol can name a file."""
    name = path.encode()
    return 0 < len(name) <= NAME_MAX and b"\0" not in name


class ClassicSession(Session):
    """See Session. Files can only be read and written whole."""

    edition = 1

    def __init__(self, link: Link) -> None:
        """Over an open connection."""
        super().__init__(link)
        self._core = Classic()
        self._events: list[Event] = []
        link.listen(self._receive)

    def _receive(self, message: Message) -> None:
        try:
            events = self._core.receive(message)
        except ProtocolError as error:
            raise NotWebrepl(f"the board does not speak WebREPL: {error}") from error
        for event in events:
            if isinstance(event, Output):
                self._show(event.data)
            else:
                self._events.append(event)

    def _pop(self) -> Event | None:
        return self._events.pop(0) if self._events else None

    async def _next(self, kind: type[E]) -> E:
        event = await self._until(self._pop)
        if not isinstance(event, kind):
            raise NotWebrepl(f"the board answers {event!r} out of turn")
        return event

    async def login(self, password: Password) -> None:
        """See Session."""
        while True:
            try:
                event = await self._until(self._pop, LOGIN_TIMEOUT)
            except Timeout:
                raise NotWebrepl("this WebSocket asks for no password: no WebREPL") from None
            except Lost:
                raise Busy("the board hangs up at once: its terminal may be in use") from None
            if isinstance(event, Asked):
                await self._link.send(self._core.password(await ask(password)))
            elif isinstance(event, LoggedIn):
                return
            elif isinstance(event, InUse):
                raise Busy(event.text)
            elif isinstance(event, Refused):
                raise WrongPassword("wrong password")

    async def write(self, data: bytes) -> None:
        """See Session."""
        await self._link.send(self._core.keys(data))

    async def write_some(self, data: bytes) -> int:
        """See Session. Only TCP knows whether a board has room."""
        await self.write(data)
        return len(data)

    async def _reply(self, path: str) -> None:
        reply = await self._next(Replied)
        if reply.code:
            raise file_error(reply.code, path)

    async def version(self) -> tuple[int, int, int]:
        """MicroPython's version."""
        await self._link.send(self._core.version())
        return (await self._next(Version)).numbers

    @contextlib.contextmanager
    def _transfer(self) -> Iterator[None]:
        """A transfer that is left before its end can only be ended with the session."""
        try:
            yield
        except (RemoteFileError, BoardFull):
            raise
        except BaseException:
            self._link.abort()
            raise

    async def get(self, path: str, size: int, sink: Sink) -> None:
        """Reads a file on the board, of `size` bytes."""
        with self._transfer():
            await self._get(path, size, sink)

    async def _get(self, path: str, size: int, sink: Sink) -> None:
        await self._link.send(self._core.get(path.encode()))
        await self._reply(path)
        arrived = 0
        while True:
            await self._link.send(self._core.next_block())
            block = await self._next(Block)
            if not block.data:
                break
            arrived += len(block.data)
            if arrived > size:
                raise NotWebrepl(f":{path}: more arrives than the {size} bytes announced")
            await give(sink, block.data)
        await self._reply(path)
        if arrived != size:
            raise NotWebrepl(f":{path}: only {arrived} of {size} bytes have arrived")

    async def put(self, path: str, size: int, file: BinaryIO, report: Report) -> None:
        """Writes `size` bytes of a local file to one on the board."""
        with self._transfer():
            await self._put(path, size, file, report)

    async def _put(self, path: str, size: int, file: BinaryIO, report: Report) -> None:
        await self._link.send(self._core.put(path.encode(), size))
        await self._reply(path)
        sent = 0
        while sent < size and not self._events:
            data = file.read(min(size - sent, BLOCK_SIZE))
            if not data:
                raise LocalFileError(f":{path}: the file here became shorter while it was sent")
            await self._link.send(self._core.contents(data))
            sent += len(data)
            report(sent)
        await self._reply(path)
