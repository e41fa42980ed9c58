# SPDX-License-Identifier: MIT
"""One session with a board, its raw REPL and its files."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterable
from dataclasses import dataclass

from .classic_session import ClassicSession
from .deadline import within
from .errors import Lost, Timeout, Unsupported, WebreplError
from .files import Files
from .link import Link
from .program import play
from .raw_files import RawFiles
from .rawrepl import RawRepl
from .second import SUBPROTOCOL, Feature
from .second_files import SecondFiles
from .second_session import SecondSession
from .session import Password, Session, Sink

RESET = "import time, machine; time.sleep_ms(100); machine.reset()"
RESET_TIMEOUT = 10.0
"""Seconds within which a board that is reset must disconnect."""
LEAVE_TIMEOUT = 2.0
"""Seconds within which a board must accept the keys that leave it at its prompt."""


@dataclass(frozen=True)
class Options:
    """The kind of session, if the board speaks the second edition."""

    takeover: bool = False
    """Ends the session of the present holder of the terminal."""
    watch: bool = False
    """Only watches the terminal."""
    classic: bool = False
    """Does not ask for the second edition."""

    @property
    def subprotocols(self) -> tuple[str, ...]:
        """The subprotocols that the handshake offers."""
        return () if self.classic else (SUBPROTOCOL,)


class Device:
    """What can be done with a board that is logged in."""

    def __init__(self, session: Session, repl: RawRepl, files: Files) -> None:
        """Made by open_device()."""
        self.session = session
        self.repl = repl
        self.files = files

    @property
    def edition(self) -> int:
        """The edition of the protocol: 1 is the classic one."""
        return self.session.edition

    async def exec(
        self, code: str, sink: Sink | None = None, timeout: float | None = None
    ) -> bytes:
        """Runs code to its end; returns its output, or gives it to `sink` as it comes."""
        async with self.session.lock:
            return await self.repl.run(code, sink, timeout)

    async def run(
        self, code: str, name: str, sink: Sink, keys: AsyncIterable[bytes] | None
    ) -> int | str:
        """Runs a program to its end; returns its exit status. See program.play()."""
        async with self.session.lock:
            return await play(self.session, self.repl, code, name, sink, keys)

    async def start(self, code: str) -> None:
        """Starts code, and does not wait for its end."""
        async with self.session.lock:
            await self.repl.start(code)

    async def soft_reset(self) -> None:
        """Restarts the interpreter. The session ends if the board's servers do."""
        async with self.session.lock:
            if not await self._reset_by_protocol(hard=False):
                await self.repl.enter()
                await self._until_lost(b"\x04")

    async def reset(self) -> None:
        """Restarts the board; the session ends.

        Raises:
            Unsupported: The firmware cannot do that.
        """
        async with self.session.lock:
            if await self._reset_by_protocol(hard=True):
                return
            await self.repl.start(RESET)
            if await self._until_lost(b""):
                raise Unsupported("this firmware cannot reset its board")

    async def _reset_by_protocol(self, *, hard: bool) -> bool:
        session = self.session
        feature = Feature.HARD_RESET if hard else Feature.SOFT_RESET
        if not isinstance(session, SecondSession) or not session.features & feature:
            return False
        if not await session.reset(hard=hard):
            return False
        await self._until_lost(b"")
        return True

    async def _until_lost(self, keys: bytes) -> bytes:
        try:
            await self.session.write(keys)
            return await self.session.read_until(b"\x04>", RESET_TIMEOUT)
        except (Lost, Timeout):
            return b""

    async def close(self) -> None:
        """Leaves the board at its prompt and ends the session."""
        try:
            with contextlib.suppress(WebreplError, asyncio.TimeoutError):
                await within(LEAVE_TIMEOUT, self.repl.leave())
        finally:
            await self.session.close()


async def open_device(link: Link, password: Password, options: Options) -> Device:
    """Logs in over a fresh connection."""
    session: ClassicSession | SecondSession
    if link.subprotocol == SUBPROTOCOL:
        session = SecondSession(link, takeover=options.takeover, watch=options.watch)
    else:
        session = ClassicSession(link)
    try:
        await session.login(password)
    except BaseException:
        link.abort()
        raise
    repl = RawRepl(session)
    if isinstance(session, ClassicSession):
        return Device(session, repl, RawFiles(session, repl, session))
    if session.features & Feature.FILES:
        return Device(session, repl, SecondFiles(session))
    return Device(session, repl, RawFiles(session, repl))
