# SPDX-License-Identifier: MIT
"""What a session needs of a connection, and the connection over a socket."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import ssl
from typing import Callable, Protocol, TypeVar

from .address import Address
from .deadline import within
from .errors import Lost, Timeout, Unreachable, WebreplError
from .wire import Message, Silence, Wire

T = TypeVar("T")

CONNECT_TIMEOUT = 10.0
"""Seconds for TCP, TLS and the handshake together."""
SEND_TIMEOUT = 30.0
"""Seconds for which a board may accept no data."""
CLOSE_TIMEOUT = 1.0
"""Seconds to wait for a board to confirm the end."""
KEEPALIVE = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
"""Detects within half a minute that a board has lost its power, in any protocol."""
RECEIVE_SIZE = 65536
SEND_BUFFER = 65536
"""Bytes that may wait to be sent before a sender has to wait."""
CROWDED_POLL_S = 0.02

Handler = Callable[[Message], None]


class Link(Protocol):
    """An open connection. Several tasks of one event loop may use it."""

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the board has selected."""

    def listen(self, handler: Handler) -> None:
        """Calls `handler` with each message, including those that have already arrived."""

    async def send(self, *messages: Message) -> None:
        """Sends messages; waits while the board accepts none."""

    def post(self, message: Message) -> None:
        """Sends a message without waiting, for those who clean up. Does nothing at the end."""

    async def until(self, ready: Callable[[], T | None], timeout: float | None) -> T:
        """Waits for messages until `ready` returns something other than None.

        Raises:
            Timeout: Nothing but pings has come for `timeout` seconds.
        """

    async def close(self) -> None:
        """Ends the connection; harmless when it is over."""

    def abort(self) -> None:
        """Ends the connection at once, without a word to the board."""


def keep_alive(sock: socket.socket) -> None:
    """Makes the kernel check whether the other side is still there."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEPALIVE.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def unreachable(address: Address, error: OSError) -> WebreplError:
    """The exception for a failed connection."""
    if isinstance(error, ssl.SSLError):
        return Unreachable(f"{address}: TLS failed: {error.reason or error}")
    if isinstance(error, socket.gaierror):
        return Unreachable(f"no host is called {address.host}")
    if isinstance(error, (TimeoutError, socket.timeout)):
        return Unreachable(f"{address} does not answer")
    if isinstance(error, ConnectionRefusedError) or f"[Errno {errno.ECONNREFUSED}]" in str(error):
        return Unreachable(f"nobody listens at {address.host} port {address.port}")
    return Unreachable(f"{address}: {os.strerror(error.errno) if error.errno else error}")


class Inbox:
    """Messages for a listener, which may not be there yet."""

    def __init__(self) -> None:
        """Without a listener."""
        self._early: list[Message] = []
        self.deliver: Handler = self._early.append

    def listen(self, handler: Handler) -> None:
        """See Link."""
        self.deliver = handler
        for message in self._early:
            handler(message)


class SocketLink:
    """A connection within an event loop.

    A task of its own reads, and answers pings, whatever the tasks that use the connection do.
    """

    def __init__(
        self, wire: Wire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Made by open()."""
        self._inbox = Inbox()
        self.listen = self._inbox.listen
        self.on_news: Callable[[], None] = lambda: None
        """Called when something has arrived, or the connection has ended."""
        self.is_crowded: Callable[[], bool] = lambda: False
        """Whether to read no more for now, because readers do not keep up."""
        self._wire = wire
        self._reader = reader
        self._writer = writer
        self._draining = asyncio.Lock()
        self._waiting: set[asyncio.Future[None]] = set()
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        address: Address,
        subprotocols: tuple[str, ...] = (),
        tls: ssl.SSLContext | None = None,
        timeout: float | None = None,
    ) -> SocketLink:
        """Connects.

        Raises:
            Unreachable: There is no answer.
            NotWebrepl: The answer is not that of a WebSocket server.
        """
        patience = CONNECT_TIMEOUT if timeout is None else timeout
        context = (tls or ssl.create_default_context()) if address.is_secure else None
        opening = asyncio.open_connection(address.host, address.port, ssl=context)
        try:
            reader, writer = await within(patience, opening)
        except asyncio.TimeoutError:
            raise Unreachable(f"{address} does not answer") from None
        except OSError as error:
            raise unreachable(address, error) from error
        link = cls(Wire(address.url, subprotocols), reader, writer)
        try:
            keep_alive(writer.get_extra_info("socket"))
            link._task = asyncio.ensure_future(link._receive())
            await link._flush()
            await link.until(lambda: link._wire.is_open or None, patience)
        except Timeout:
            link.abort()
            raise Unreachable(f"{address} accepts, but says nothing") from None
        except BaseException:
            link.abort()
            raise
        return link

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the board has selected."""
        return self._wire.subprotocol

    @property
    def closed(self) -> WebreplError | None:
        """Why the connection is over, once it is."""
        return self._wire.closed

    async def send(self, *messages: Message) -> None:
        """See Link. What is sent together leaves together."""
        for message in messages:
            self._wire.send(message)
        await self._flush()

    def post(self, message: Message) -> None:
        """See Link."""
        if not self._wire.closed and not self._writer.is_closing():
            self._wire.send(message)
            self._writer.write(self._wire.take())

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
        try:
            self._wire.close()
            with contextlib.suppress(WebreplError, OSError):
                await self._flush()
                await within(CLOSE_TIMEOUT, self.until(lambda: None, CLOSE_TIMEOUT))
        except asyncio.TimeoutError:
            pass
        finally:
            self.abort()

    def abort(self) -> None:
        """Ends the connection at once, without a word to the board."""
        if not self._wire.closed:
            self._wire.closed = Lost("the session was closed")
        if self._task:
            self._task.cancel()
        self._writer.transport.abort()
        self._wake()

    async def _news(self, timeout: float | None) -> None:
        loop = asyncio.get_running_loop()
        news: asyncio.Future[None] = loop.create_future()
        self._waiting.add(news)
        alarm = None if timeout is None else loop.call_later(timeout, _wake_up, news)
        try:
            await news
        finally:
            self._waiting.discard(news)
            if alarm:
                alarm.cancel()

    def _wake(self) -> None:
        for news in self._waiting:
            _wake_up(news)
        self.on_news()

    async def _flush(self) -> None:
        self._writer.write(self._wire.take())
        if self._writer.transport.get_write_buffer_size() < SEND_BUFFER:
            return
        try:
            async with self._draining:
                await within(SEND_TIMEOUT, self._writer.drain())
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
                while self.is_crowded() and not self._wire.closed:
                    await asyncio.sleep(CROWDED_POLL_S)
        except WebreplError as error:
            self._wire.closed = error
        except OSError as error:
            self._wire.lost(error)
        except Exception as error:
            self._wire.closed = Lost(f"the session has failed: {error!r}")
        self._wake()


def _wake_up(news: asyncio.Future[None]) -> None:
    if not news.done():
        news.set_result(None)
