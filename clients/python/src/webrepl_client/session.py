# SPDX-License-Identifier: MIT
"""One session: login and terminal, as coroutines over a Link."""

from __future__ import annotations

import abc
import asyncio
import contextlib
import inspect
from collections.abc import Awaitable, Iterator
from typing import Callable, TypeVar, Union

from .errors import NotWebrepl, Timeout
from .link import Link

T = TypeVar("T")

ANSWER_TIMEOUT = 30.0
"""Seconds of silence after which a board is given up. Pings do not count as answers."""
DIGEST_TIMEOUT = 600.0
"""The same while a board reads a whole file, from a slow card for instance."""
BACKLOG_MAX = 1 << 20
"""Bytes of output that are kept for a later read; beyond that, the oldest are dropped."""

Sink = Callable[[bytes], Union[Awaitable[object], object]]
"""Takes data. A coroutine function is waited for."""
Password = Union[str, Callable[[], Union[str, Awaitable[str]]]]
"""Or a function that is called when the board asks."""
Report = Callable[[int], object]
"""Called with the number of bytes of a file that are done."""


async def give(sink: Sink, data: bytes) -> None:
    """Hands data to a sink, and waits until it has taken them."""
    done = sink(data)
    if inspect.isawaitable(done):
        await done


async def ask(password: Password) -> str:
    """The password, however it is to be had."""
    if isinstance(password, str):
        return password
    answer = password()
    return answer if isinstance(answer, str) else await answer


class Session(abc.ABC):
    """What both editions of the protocol can do."""

    edition: int

    def __init__(self, link: Link) -> None:
        """Over an open connection."""
        self._link = link
        self._output = bytearray()
        self._readers = 0
        self.lock = asyncio.Lock()
        """Held while the raw REPL is used."""

    # for subclasses

    def _show(self, data: bytes) -> None:
        self._output += data
        if len(self._output) > BACKLOG_MAX and not self._readers:
            del self._output[:-BACKLOG_MAX]

    @property
    def is_crowded(self) -> bool:
        """Whether somebody reads, and does not keep up."""
        return self._readers > 0 and len(self._output) > BACKLOG_MAX

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        self._readers += 1
        try:
            yield
        finally:
            self._readers -= 1

    async def _until(
        self, ready: Callable[[], T | None], timeout: float | None = ANSWER_TIMEOUT
    ) -> T:
        return await self._link.until(ready, timeout)

    # login and end

    @abc.abstractmethod
    async def login(self, password: Password) -> None:
        """Logs in; a function as `password` is called only if the board asks.

        Raises:
            WrongPassword: The board refuses it.
            Busy: Another client holds the terminal.
        """

    async def close(self) -> None:
        """Ends the session."""
        await self._link.close()

    # the terminal

    async def attach(self) -> None:  # noqa: B027 - there may be nothing to do
        """Makes the board send the terminal's output, before anything is typed."""

    @abc.abstractmethod
    async def write(self, data: bytes) -> None:
        """Types; waits while the board accepts no more."""

    @abc.abstractmethod
    async def write_some(self, data: bytes) -> int:
        """Types as much as the board accepts without waiting; returns how much that was."""

    def take(self) -> bytes:
        """Output of the terminal since the last call, without waiting."""
        data = bytes(self._output)
        self._output.clear()
        return data

    async def read(self, timeout: float | None = None) -> bytes:
        """Waits for output; returns none if there is none for `timeout` seconds."""
        try:
            return await self._until(lambda: self.take() or None, timeout)
        except Timeout:
            return b""

    async def read_until(
        self,
        ending: bytes,
        timeout: float | None,
        sink: Sink | None = None,
        limit: int | None = None,
    ) -> bytes:
        """Reads up to and including `ending`, and leaves the rest.

        Args:
            ending: What to wait for.
            timeout: Seconds of silence that are allowed; None: any.
            sink: Called with the output before `ending` as it arrives; the caller then gets none.
            limit: How many bytes before `ending` make sense.

        Raises:
            Timeout: It has not arrived.
            NotWebrepl: There were more bytes than make sense.
        """
        seen = bytearray()
        searched = 0
        with self._reading():
            while True:
                seen += await self._until(lambda: self.take() or None, timeout)
                at = seen.find(ending, max(0, searched - len(ending) + 1))
                if at >= 0:
                    self.give_back(bytes(seen[at + len(ending) :]))
                    del seen[at:]
                    break
                searched = len(seen)
                if limit is not None and searched > limit:
                    raise NotWebrepl(f"the board sends more than {limit} bytes as an answer")
                if sink and (safe := searched - len(ending) + 1) > 0:
                    await give(sink, bytes(seen[:safe]))
                    del seen[:safe]
                    searched -= safe
        if sink:
            if seen:
                await give(sink, bytes(seen))
            return b""
        return bytes(seen)

    async def read_some(self, count: int, timeout: float | None) -> bytes:
        """Reads 1 to `count` bytes.

        Raises:
            Timeout: There are none.
        """
        data = await self._until(lambda: self.take() or None, timeout)
        self.give_back(data[count:])
        return data[:count]

    def give_back(self, data: bytes) -> None:
        """Puts data back, to be read before anything else."""
        self._output[:0] = data

    async def interrupt(self) -> None:
        """Ctrl-C."""
        await self.write(b"\x03")

    async def resize(self, columns: int, rows: int) -> None:
        """Tells the board the size of the terminal, if the protocol can."""
        del columns, rows
