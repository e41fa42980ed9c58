# SPDX-License-Identifier: MIT
"""Files of a board of the second edition: its own operations, even while a program runs."""

from __future__ import annotations

import errno
import hashlib
import posixpath
from typing import BinaryIO

from . import second
from .errors import LocalFileError, NotWebrepl, file_error
from .files import Entry, Files, Space, listed, measure
from .second import Record, Result
from .second_session import Operation, SecondSession
from .second_types import Type
from .session import ANSWER_TIMEOUT, DIGEST_TIMEOUT, Report, Sink

WINDOW = 64 * 1024
"""Bytes of a stream that may be under way."""
BUSY_TRIES, BUSY_PAUSE = 10, 0.3
"""A session that was cut off may hold its file for some seconds."""
PIECE = 16 * 1024
"""Bytes of one message, at most."""


def normal(path: str) -> bytes:
    """A path as the protocol requires it: without empty, `.` or `..` segments."""
    clean = posixpath.normpath(path or ".")
    return ("/" + clean.lstrip("/") if clean.startswith("/") else clean).encode(
        errors="surrogateescape"
    )


def entry(record: Record, name: str) -> Entry:
    """The entry for a record of the board."""
    return Entry(name, record.is_dir, 0 if record.is_dir else record.size)


class SecondFiles(Files):
    """See Files."""

    def __init__(self, session: SecondSession) -> None:
        """Over a session that is logged in."""
        self._session = session
        self._running = 0

    async def _turn(self) -> None:
        """Waits until the board accepts one more operation."""
        assert self._session.hello
        most = max(1, self._session.hello.max_operations)
        await self._session.until(lambda: True if self._running < most else None, None)
        self._running += 1

    async def _ask(self, kind: Type, *paths: str, timeout: float = ANSWER_TIMEOUT) -> Result:
        await self._turn()
        try:
            result = await self._session.ask(
                lambda number: second.on_paths(kind, number, *map(normal, paths)), timeout
            )
        finally:
            self._running -= 1
        return self._checked(result, paths[0])

    @staticmethod
    def _checked(result: Result, path: str) -> Result:
        if result.code:
            raise file_error(result.code, path)
        return result

    async def _stream(self, operation: Operation, path: str, sink: Sink) -> Result:
        """Passes a stream on, and gives credit for more."""
        spent = 0
        while True:
            await self._session.until(lambda: operation.data or operation.result)
            for piece in operation.data:
                sink(piece)
                spent += len(piece)
            operation.data.clear()
            if operation.result:
                return self._checked(operation.result, path)
            if spent >= WINDOW // 2:
                await self._session.send(second.credit(operation.number, spent))
                spent = 0

    async def listdir(self, path: str) -> list[Entry]:
        """See Files."""
        found = bytearray()
        await self._turn()
        try:
            async with self._session.operation() as operation:
                request = second.list_directory(operation.number, normal(path), WINDOW)
                await self._session.send(request)
                await self._stream(operation, path, found.extend)
        finally:
            self._running -= 1
        records = self._session.parsed(second.parse_records, bytes(found))
        return listed(entry(one, one.name.decode(errors="surrogateescape")) for one in records)

    async def stat(self, path: str) -> Entry:
        """See Files."""
        result = await self._ask(Type.STAT, path)
        (record,) = self._session.parsed(second.parse_records, result.value[:20])
        return entry(record, path.rstrip("/").rpartition("/")[2])

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
        """See Files; compares the digest of the received bytes with the board's."""
        total = hashlib.sha256()

        def take(piece: bytes) -> None:
            total.update(piece)
            sink(piece)

        await self._turn()
        try:
            async with self._session.operation() as operation:
                request = second.get(operation.number, normal(path), WINDOW, digest=True)
                await self._session.send(request)
                result = await self._stream(operation, path, take)
        finally:
            self._running -= 1
        if result.value[:32] != total.digest():
            raise NotWebrepl(f":{path}: what has arrived is not what the board has sent")

    async def put(self, path: str, file: BinaryIO, report: Report) -> None:
        """See Files; resumes where a connection was lost, if the board still has the bytes."""
        size, digest = measure(file)
        await self._turn()
        try:
            result = await self._put(path, file, size, digest, report)
            for _ in range(BUSY_TRIES):
                if result.code != errno.EBUSY:
                    break
                await self._session.pause(BUSY_PAUSE)
                result = await self._put(path, file, size, digest, report)
            if result.code == errno.EBADMSG:  # the board had kept bytes of another file
                result = await self._put(path, file, size, digest, report)
        finally:
            self._running -= 1
        if result.code == errno.EBADMSG:
            raise LocalFileError(f":{path}: the file here has changed while it was sent")
        self._checked(result, path)

    async def _put(
        self, path: str, file: BinaryIO, size: int, digest: bytes, report: Report
    ) -> Result:
        session = self._session
        async with session.operation() as operation:
            request = second.put(operation.number, normal(path), size, digest, resume=True)
            await session.send(request)
            await session.until(lambda: operation.opened or operation.result)
            if operation.opened:
                await self._contents(operation, file, size, report)
            return await session.until(lambda: operation.result)

    async def _contents(
        self, operation: Operation, file: BinaryIO, size: int, report: Report
    ) -> None:
        assert operation.opened and self._session.hello
        offset, credit = self._session.parsed(
            lambda value: second.parse_numbers("QI", value), operation.opened.value
        )
        operation.credit += credit
        most = min(PIECE, self._session.hello.max_message - 4)
        file.seek(offset)
        report(offset)
        while offset < size:
            await self._session.until(lambda: operation.credit or operation.result)
            if operation.result:
                return
            piece = file.read(min(most, operation.credit, size - offset))
            if not piece:
                raise LocalFileError("the file here became shorter while it was sent")
            await self._session.send(second.data(operation.number, piece))
            operation.credit -= len(piece)
            offset += len(piece)
            report(offset)
