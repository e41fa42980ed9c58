# SPDX-License-Identifier: MIT
"""Files of a board of the second edition: its own operations, even while a program runs."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import posixpath
from collections.abc import Awaitable
from typing import BinaryIO, Callable

from . import second
from .errors import LocalFileError, NotWebrepl, file_error
from .files import Entry, Files, Space, listed, measure
from .second import Record, Result
from .second_session import Operation, SecondSession
from .second_types import Type
from .session import ANSWER_TIMEOUT, DIGEST_TIMEOUT, Report, Sink, give

WINDOW = 64 * 1024
"""Bytes of a stream that may be under way."""
LISTING_MAX = 8 << 20
"""Bytes of a listing that make sense: tens of thousands of names."""
BUSY_CODES = (errno.EAGAIN, errno.EBUSY)
"""Other sessions use all operations, or this file; one that was cut off may do so for seconds."""
BUSY_TRIES, BUSY_PAUSE = 20, 0.3
PIECE = 16 * 1024
"""Bytes of one message, at most."""
SMALL = 64 * 1024
"""Bytes of a file that are read at once."""
SHORTER = "the file here became shorter while it was sent"
OPERATIONS_MAX = 16
"""Operations at a time, however many a board allows."""


def normal(path: str) -> bytes:
    """A path as the protocol requires it: without empty, `.` or `..` segments."""
    clean = posixpath.normpath(path or ".")
    return ("/" + clean.lstrip("/") if clean.startswith("/") else clean).encode(
        errors="surrogateescape"
    )


def entry(record: Record, name: str) -> Entry:
    """The entry for a record of the board."""
    size = 0 if record.is_dir else record.size
    return Entry(name, record.is_dir, size, record.is_link, record.digest)


class SecondFiles(Files):
    """See Files."""

    def __init__(self, session: SecondSession) -> None:
        """Over a session that is logged in."""
        assert session.hello
        self._session = session
        self.parallel = max(1, min(session.hello.max_operations, OPERATIONS_MAX))
        self._turn = asyncio.Semaphore(self.parallel)

    async def _patiently(self, work: Callable[[], Awaitable[Result]], path: str) -> Result:
        """Tries again while other sessions are in the way."""
        for _ in range(BUSY_TRIES):
            result = await work()
            if result.code not in BUSY_CODES:
                break
            await asyncio.sleep(BUSY_PAUSE)
        return self._checked(result, path)

    async def _ask(self, kind: Type, *paths: str, timeout: float = ANSWER_TIMEOUT) -> Result:
        def ask() -> Awaitable[Result]:
            return self._session.ask(
                lambda number: second.on_paths(kind, number, *map(normal, paths)),
                timeout,
                self._turn,
            )

        return await self._patiently(ask, paths[0])

    @staticmethod
    def _checked(result: Result, path: str) -> Result:
        if result.code:
            raise file_error(result.code, path)
        return result

    async def _stream(self, operation: Operation, sink: Sink) -> Result:
        """Passes a stream on, and gives credit for more."""
        spent = 0
        while True:
            await self._session.until(lambda: operation.data or operation.result)
            pieces = operation.data[:]
            operation.data.clear()
            for piece in pieces:
                await give(sink, piece)
                spent += len(piece)
            if operation.result and not operation.data:
                return operation.result
            if spent >= WINDOW // 2 and not operation.result:
                operation.allowed += spent
                await self._session.send(second.credit(operation.number, spent))
                spent = 0

    async def listdir(self, path: str, *, digests: bool = False) -> list[Entry]:
        """See Files."""
        asks = digests and self._session.has_digests
        found = bytearray()

        def take(piece: bytes) -> None:
            found.extend(piece)
            if len(found) > LISTING_MAX:
                raise NotWebrepl(f":{path}: the board's listing has no end")

        async def ask() -> Result:
            found.clear()
            async with self._session.operation(self._turn) as operation:
                operation.allowed = WINDOW
                request = second.list_directory(
                    operation.number, normal(path), WINDOW, digest=asks
                )
                await self._session.send(request)
                return await self._stream(operation, take)

        await self._patiently(ask, path)
        records = self._session.parsed(second.parse_records, bytes(found))
        return listed(entry(one, one.name.decode(errors="surrogateescape")) for one in records)

    async def stat(self, path: str) -> Entry:
        """See Files."""
        result = await self._ask(Type.STAT, path)
        return entry(self._record(result.value), path.rstrip("/").rpartition("/")[2])

    def _record(self, value: bytes) -> Record:
        records = self._session.parsed(second.parse_records, value[: second.RECORD_SIZE])
        if len(records) != 1:
            raise NotWebrepl("the board breaks the protocol: there is no file record")
        return records[0]

    async def digest(self, path: str) -> bytes:
        """See Files."""
        return (await self._ask(Type.SHA256, path, timeout=DIGEST_TIMEOUT)).value[:32]

    async def remove(self, path: str) -> None:
        """See Files."""
        await self._ask(Type.REMOVE, path)

    async def rename(self, old: str, new: str) -> None:
        """See Files."""
        await self._ask(Type.RENAME, old, new)

    async def mkdir(self, path: str) -> None:
        """See Files."""
        await self._ask(Type.MKDIR, path)

    async def rmdir(self, path: str) -> None:
        """See Files."""
        await self._ask(Type.RMDIR, path)

    async def space(self, path: str) -> Space:
        """See Files."""
        result = await self._ask(Type.SPACE, path or "/")
        total, free = self._session.parsed(
            lambda value: second.parse_numbers("QQ", value), result.value
        )
        return Space(total, free)

    async def get(self, path: str, sink: Sink) -> None:
        """See Files; compares size and digest with what the board has announced."""

        async def ask() -> Result:
            total = hashlib.sha256()
            arrived = 0
            async with self._session.operation(self._turn) as operation:

                async def take(piece: bytes) -> None:
                    nonlocal arrived
                    if not operation.opened:
                        raise NotWebrepl(f":{path}: contents come before the size")
                    arrived += len(piece)
                    size = self._record(operation.opened.value).size
                    if arrived > size:
                        raise NotWebrepl(f":{path}: more arrives than the {size} bytes announced")
                    total.update(piece)
                    await give(sink, piece)

                operation.allowed = WINDOW
                request = second.get(operation.number, normal(path), WINDOW, digest=True)
                await self._session.send(request)
                result = await self._stream(operation, take)
            if result.code:
                return result
            size = self._record(operation.opened.value).size if operation.opened else -1
            if arrived != size or result.value[:32] != total.digest():
                raise NotWebrepl(f":{path}: what has arrived is not what the board has sent")
            return result

        await self._patiently(ask, path)

    async def put(self, path: str, file: BinaryIO, report: Report) -> None:
        """See Files; resumes where a connection was lost, if the board still has the bytes."""
        size, digest = await self._measure(file)
        early = 0 < size <= self._session.early_credit
        send = self._put_early if early else self._put

        async def ask() -> Result:
            result = await send(path, file, size, digest, report)
            if result.code == errno.EBADMSG:  # the board had kept bytes of another file
                result = await send(path, file, size, digest, report)
            if result.code == errno.EBADMSG:
                raise LocalFileError(f":{path}: the file here has changed while it was sent")
            return result

        await self._patiently(ask, path)

    @staticmethod
    async def _measure(file: BinaryIO) -> tuple[int, bytes]:
        """Size and digest; those of a small file are known before a thread has started."""
        if file.seek(0, 2) <= SMALL:
            return measure(file)
        return await asyncio.get_running_loop().run_in_executor(None, measure, file)

    async def _put_early(
        self, path: str, file: BinaryIO, size: int, digest: bytes, report: Report
    ) -> Result:
        """A small file, which leaves together with the request."""
        session = self._session
        file.seek(0)
        contents = file.read(size)
        if len(contents) != size:
            raise LocalFileError(SHORTER)
        async with session.operation(self._turn) as operation:
            number, most = operation.number, self._piece
            await session.send(
                second.put(number, normal(path), size, digest, early=True),
                *(second.data(number, contents[at : at + most]) for at in range(0, size, most)),
            )
            report(size)
            return await session.until(lambda: operation.result)

    async def _put(
        self, path: str, file: BinaryIO, size: int, digest: bytes, report: Report
    ) -> Result:
        session = self._session
        async with session.operation(self._turn) as operation:
            request = second.put(operation.number, normal(path), size, digest, resume=True)
            await session.send(request)
            await session.until(lambda: operation.opened or operation.result)
            if operation.opened and not operation.result:
                offset, credit = session.parsed(
                    lambda value: second.parse_numbers("QI", value), operation.opened.value
                )
                operation.credit += credit
                await self._contents(operation, file, offset, size, report)
            return await session.until(lambda: operation.result)

    @property
    def _piece(self) -> int:
        """Bytes of a file in one message."""
        assert self._session.hello
        return min(PIECE, self._session.hello.max_message - 4)

    async def _contents(
        self, operation: Operation, file: BinaryIO, offset: int, size: int, report: Report
    ) -> None:
        file.seek(offset)
        report(offset)
        while offset < size:
            await self._session.until(lambda: operation.credit or operation.result)
            if operation.result:
                return
            piece = file.read(min(self._piece, operation.credit, size - offset))
            if not piece:
                raise LocalFileError(SHORTER)
            await self._session.send(second.data(operation.number, piece))
            operation.credit -= len(piece)
            offset += len(piece)
            report(offset)
