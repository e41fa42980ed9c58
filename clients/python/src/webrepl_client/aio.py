# SPDX-License-Identifier: MIT
"""The face for asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import Callable, TypeVar

from . import device
from .address import Address, candidates
from .board import Password, ask
from .errors import Timeout, Unreachable, WebreplError
from .link import (
    CLOSE_TIMEOUT,
    CONNECT_TIMEOUT,
    RECEIVE_SIZE,
    SEND_TIMEOUT,
    Inbox,
    keep_alive,
    unreachable,
)
from .opening import Attempts
from .wire import Message, Silence, Wire

T = TypeVar("T")


class AsyncLink:
    """A connection within an event loop. Several tasks may use it."""

    def __init__(
        self, wire: Wire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Made by open()."""
        self._inbox = Inbox()
        self.listen = self._inbox.listen
        self.lock: contextlib.AbstractAsyncContextManager[object] = _lock()
        self._wire = wire
        self._reader = reader
        self._writer = writer
        self._waiting: set[asyncio.Future[None]] = set()
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        address: Address,
        subprotocols: tuple[str, ...] = (),
        tls: ssl.SSLContext | None = None,
    ) -> AsyncLink:
        """Connects; raises what BlockingLink raises."""
        context = (tls or ssl.create_default_context()) if address.is_secure else None
        opening = asyncio.open_connection(address.host, address.port, ssl=context)
        try:
            reader, writer = await asyncio.wait_for(opening, CONNECT_TIMEOUT)
        except asyncio.TimeoutError:
            raise Unreachable(f"{address} does not answer") from None
        except OSError as error:
            raise unreachable(address, error) from error
        keep_alive(writer.get_extra_info("socket"))
        link = cls(Wire(address.url, subprotocols), reader, writer)
        link._task = asyncio.ensure_future(link._receive())
        try:
            await link._flush()
            await link.until(lambda: link._wire.is_open or None, CONNECT_TIMEOUT)
        except Timeout:
            await link._end()
            raise Unreachable(f"{address} accepts, but says nothing") from None
        except BaseException:
            await link._end()
            raise
        return link

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the board has selected."""
        return self._wire.subprotocol

    async def send(self, message: Message) -> None:
        """See Link."""
        self._wire.send(message)
        await self._flush()

    async def until(self, ready: Callable[[], T | None], timeout: float | None) -> T:
        """See Link."""
        silence = Silence(self._wire, timeout)
        while (value := ready()) is None:
            if self._wire.closed:
                raise self._wire.closed
            await self._news(silence.left())
        return value

    async def close(self) -> None:
        """See Link."""
        self._wire.close()
        with contextlib.suppress(WebreplError, OSError):
            await self._flush()
            await self.until(lambda: None, CLOSE_TIMEOUT)
        await self._end()

    async def _news(self, timeout: float | None) -> None:
        loop = asyncio.get_running_loop()
        news: asyncio.Future[None] = loop.create_future()
        self._waiting.add(news)
        alarm = None if timeout is None else loop.call_later(timeout, _give_up, news)
        try:
            await news
        finally:
            self._waiting.discard(news)
            if alarm:
                alarm.cancel()

    def _wake(self) -> None:
        for news in self._waiting:
            if not news.done():
                news.set_result(None)

    async def _flush(self) -> None:
        self._writer.write(self._wire.take())
        try:
            await asyncio.wait_for(self._writer.drain(), SEND_TIMEOUT)
        except asyncio.TimeoutError:
            raise Timeout("the board takes nothing more") from None
        except OSError as error:
            raise self._wire.lost(error) from error

    async def _receive(self) -> None:
        """Reads until the end, and tells waiting tasks why it came."""
        try:
            while not self._wire.closed:
                data = await self._reader.read(RECEIVE_SIZE)
                for message in self._wire.receive(data):
                    self._inbox.deliver(message)
                self._writer.write(self._wire.take())
                self._wake()
                await asyncio.sleep(0)  # readers keep up with the board
        except WebreplError as error:
            self._wire.closed = error
        except OSError as error:
            self._wire.lost(error)
        self._wake()

    async def _end(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._writer.close()
        with contextlib.suppress(OSError, ssl.SSLError):
            await self._writer.wait_closed()


def _give_up(news: asyncio.Future[None]) -> None:
    if not news.done():
        news.set_exception(Timeout("the board does not answer"))


def _lock() -> asyncio.Lock:
    return asyncio.Lock()


class AsyncBoard(device.Device):
    """A board that is logged in. Made by connect(); an asynchronous context manager.

    Several tasks may use it: calls that need the raw REPL wait for their turn. `files` has the
    file operations, `session` the terminal.
    """

    address: Address

    async def __aenter__(self) -> AsyncBoard:
        """Returns itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends the session."""
        await self.close()


async def connect(
    address: str,
    password: Password = "",
    *,
    tls: ssl.SSLContext | None = None,
    options: device.Options = device.Options(),  # noqa: B008 - it is frozen
) -> AsyncBoard:
    """Connects, with the arguments and errors of the blocking face."""
    attempts = Attempts(address)
    for candidate in candidates(address):
        try:
            link = await AsyncLink.open(candidate, options.subprotocols, tls)
        except WebreplError as error:
            attempts.failed(candidate, error)
            continue
        opened = await device.open_device(link, ask(password), options)
        board = AsyncBoard(opened.session, opened.repl, opened.files)
        board.address = candidate
        return board
    raise attempts.error()
