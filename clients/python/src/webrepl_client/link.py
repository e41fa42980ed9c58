# SPDX-License-Identifier: MIT
"""What a session needs of a connection, and the connection for programs that block.

Sessions are written once, as coroutines over a Link. BlockingLink never suspends them, so run()
can drive them to their end without an event loop. aio.py has the link that does suspend them.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Callable, Protocol, TypeVar

from .address import Address
from .errors import Timeout, Unreachable, WebreplError
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

Handler = Callable[[Message], None]


class Link(Protocol):
    """An open connection."""

    lock: AbstractAsyncContextManager[object]
    """A lock between tasks."""

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the board has selected."""

    def listen(self, handler: Handler) -> None:
        """Calls `handler` with each message, including those that have already arrived."""

    async def send(self, message: Message) -> None:
        """Sends a message; waits while the board accepts none."""

    async def until(self, ready: Callable[[], T | None], timeout: float | None) -> T:
        """Receives until `ready` returns something other than None.

        Raises:
            Timeout: Nothing but pings has come for `timeout` seconds.
        """

    async def close(self) -> None:
        """Ends the connection; harmless when it is over."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine over a BlockingLink."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise RuntimeError("a coroutine over a BlockingLink must not suspend")


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
    if isinstance(error, ConnectionRefusedError):
        return Unreachable(f"nobody listens at {address.host} port {address.port}")
    return Unreachable(f"{address}: {error.strerror or error}")


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


class NoLock(AbstractAsyncContextManager[object]):
    """A lock that does nothing, because there is only one thread."""

    async def __aexit__(self, *_: object) -> None:
        """Does nothing."""


class BlockingLink:
    """A connection that blocks its thread while it waits. For one thread at a time."""

    def __init__(
        self,
        address: Address,
        subprotocols: tuple[str, ...] = (),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Connects.

        Raises:
            Unreachable: There is no answer.
            NotWebrepl: The answer is not that of a WebSocket server.
        """
        self._inbox = Inbox()
        self.listen = self._inbox.listen
        self.lock: AbstractAsyncContextManager[object] = NoLock()
        self._wire = Wire(address.url, subprotocols)
        self._unsent = b""
        try:
            self._socket = self._connect(address, tls)
        except OSError as error:
            raise unreachable(address, error) from error
        try:
            run(self.until(lambda: self._wire.is_open or None, CONNECT_TIMEOUT))
        except Timeout:
            self._socket.close()
            raise Unreachable(f"{address} accepts, but says nothing") from None
        except BaseException:
            self._socket.close()
            raise

    @staticmethod
    def _connect(address: Address, tls: ssl.SSLContext | None) -> socket.socket:
        sock = socket.create_connection((address.host, address.port), CONNECT_TIMEOUT)
        try:
            keep_alive(sock)
            if address.is_secure:
                context = tls or ssl.create_default_context()
                sock = context.wrap_socket(sock, server_hostname=address.host)
            sock.setblocking(False)
        except BaseException:
            sock.close()
            raise
        return sock

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the board has selected."""
        return self._wire.subprotocol

    def fileno(self) -> int:
        """To wait for input with select(); see has_input."""
        return self._socket.fileno()

    @property
    def has_input(self) -> bool:
        """Whether TLS holds input that select() does not see."""
        return isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0

    async def send(self, message: Message) -> None:
        """Sends a message; reads while the board accepts none, so that both never wait."""
        self._wire.send(message)
        self._unsent += self._wire.take()
        while self._unsent:
            if self._wire.closed:
                raise self._wire.closed
            self._step(SEND_TIMEOUT)

    async def until(self, ready: Callable[[], T | None], timeout: float | None) -> T:
        """See Link."""
        silence = Silence(self._wire, timeout)
        while (value := ready()) is None:
            if self._wire.closed:
                raise self._wire.closed
            self._step(silence.left())
        return value

    async def close(self) -> None:
        """See Link."""
        try:
            self._wire.close()
            self._unsent += self._wire.take()
            end = time.monotonic() + CLOSE_TIMEOUT
            while not self._wire.closed and time.monotonic() < end:
                self._step(CLOSE_TIMEOUT)
        except (WebreplError, OSError):
            pass
        finally:
            self._socket.close()

    def _step(self, timeout: float | None) -> None:
        """Waits until something can be sent or has arrived, and sends or receives it."""
        self._unsent += self._wire.take()
        wants = [self] if self._unsent else []
        if not self.has_input:
            readable, writable, _ = select.select([self], wants, [], timeout)
            if not readable and not writable:
                raise Timeout("the board does not answer")
            if writable:
                self._send_some()
            if not readable:
                return
        self._receive_some()

    def _send_some(self) -> None:
        try:
            sent = self._socket.send(self._unsent)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as error:
            raise self._wire.lost(error) from error
        self._unsent = self._unsent[sent:]

    def _receive_some(self) -> None:
        try:
            data = self._socket.recv(RECEIVE_SIZE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as error:
            raise self._wire.lost(error) from error
        for message in self._wire.receive(data):
            self._inbox.deliver(message)
