# SPDX-License-Identifier: MIT
"""A session in the second edition: operations with ids, streams with credit."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hmac
import os
from collections.abc import AsyncIterator
from typing import Callable, TypeVar

from . import second
from .errors import BadServer, Busy, Lost, NotWebrepl, Unsupported, WrongPassword
from .link import Link
from .second import Credit, Data, Event, Hello, Holder, Missed, Opened, Result
from .session import ANSWER_TIMEOUT, Password, Session, ask
from .wire import Message

T = TypeVar("T")

OUTPUT_CREDIT = 64 * 1024
"""Bytes of output that may arrive before they are read."""
LOGIN_TIMEOUT = 15.0
"""Seconds. After wrong passwords of others, a board may make a client wait for 8 s."""


class Operation:
    """An operation that is under way."""

    def __init__(self, number: int, turn: asyncio.Semaphore | None) -> None:
        """With its id, and the semaphore that it releases at its end."""
        self.number = number
        self.opened: Opened | None = None
        self.result: Result | None = None
        self.data: list[bytes] = []
        self.credit = 0
        """Bytes that may be sent."""
        self.allowed = 0
        """Bytes that may be received."""
        self.is_abandoned = False
        self._turn = turn

    def receive(self, event: Event) -> None:
        """Takes a message for this operation.

        Raises:
            NotWebrepl: The board sends more than it may.
        """
        if isinstance(event, Opened):
            self.opened = event
        elif isinstance(event, Result):
            self.result = event
            self.end()
        elif isinstance(event, Data):
            self.allowed -= len(event.data)
            if self.allowed < 0:
                raise NotWebrepl("the board sends more than it has credit for")
            if not self.is_abandoned:
                self.data.append(event.data)
        elif isinstance(event, Credit):
            self.credit += event.more

    def end(self) -> None:
        """Makes room for another one. Only once."""
        turn, self._turn = self._turn, None
        if turn:
            turn.release()


class SecondSession(Session):
    """See Session. Attaches to the terminal when it is first used; files do not need it."""

    edition = 2

    def __init__(self, link: Link, *, takeover: bool = False, watch: bool = False) -> None:
        """Over an open connection.

        Args:
            link: The connection.
            takeover: Ends the session of the present holder of the terminal.
            watch: Only watches the terminal.
        """
        super().__init__(link)
        self.hello: Hello | None = None
        self.version = (0, 0, 0)
        self._takeover = takeover
        self._watch = watch
        self._window = (0, 0)
        self._operations: dict[int, Operation] = {}
        self._next_id = 1
        self._is_attached = False
        self._attaching: asyncio.Future[None] | None = None
        self._input_credit = 0
        self._owed = 0  # credit for output that has been read
        link.listen(self._receive)

    @property
    def features(self) -> second.Feature:
        """What the board can do."""
        return second.Feature(self.hello.features & 7) if self.hello else second.Feature(0)

    @property
    def has_digests(self) -> bool:
        """Whether the board can list digests."""
        return self.hello is not None and self.hello.minor >= second.MINOR_DIGESTS

    @property
    def early_credit(self) -> int:
        """Bytes of a put that the board takes before it has opened the file."""
        return self.hello.early if self.hello else 0

    # what has come

    def _receive(self, message: Message) -> None:
        if message.is_text:
            raise NotWebrepl("the board sends text within the second edition of WebREPL")
        for event in self.parsed(second.parse, message.data):
            self._dispatch(event)

    @staticmethod
    def parsed(parse: Callable[[bytes], T], data: bytes) -> T:
        """What the board has sent, or NotWebrepl."""
        try:
            return parse(data)
        except second.ProtocolError as error:
            raise NotWebrepl(f"the board breaks the protocol: {error}") from error

    def _dispatch(self, event: Event) -> None:
        if isinstance(event, Hello):
            self.hello = event
        elif isinstance(event, Missed):
            self._show(f"\r\n[{event.size} bytes are missing here]\r\n".encode())
        elif event.id == second.TERMINAL:
            self._terminal(event)
        elif event.id in self._operations:
            operation = self._operations[event.id]
            operation.receive(event)
            if operation.is_abandoned and operation.result:
                del self._operations[event.id]

    def _terminal(self, event: Event) -> None:
        if isinstance(event, Data):
            self._show(event.data)
        elif isinstance(event, Credit):
            self._input_credit += event.more

    # operations

    @contextlib.asynccontextmanager
    async def operation(self, turn: asyncio.Semaphore | None = None) -> AsyncIterator[Operation]:
        """An id, until the result arrives. An error before that cancels the operation.

        Args:
            turn: Bounds how many operations are under way. One that is cancelled counts until the
                board confirms that.
        """
        if turn:
            await turn.acquire()
        while self._next_id in self._operations:
            self._next_id = self._next_id % 0xFFFF + 1
        operation = self._operations[self._next_id] = Operation(self._next_id, turn)
        self._next_id = self._next_id % 0xFFFF + 1
        try:
            yield operation
        finally:
            if operation.result:
                del self._operations[operation.number]
            else:
                operation.is_abandoned = True
                operation.data.clear()
                self._link.post(Message(second.cancel(operation.number)))

    async def send(self, *messages: bytes) -> None:
        """Sends messages."""
        await self._link.send(*map(Message, messages))

    async def until(
        self, ready: Callable[[], T | None], timeout: float | None = ANSWER_TIMEOUT
    ) -> T:
        """Waits, after giving credit for the output that has been read."""
        await self._settle()
        return await self._link.until(ready, timeout)

    async def _settle(self) -> None:
        """Gives credit for more output, in place of the output that has been read."""
        if self._is_attached and self._owed >= OUTPUT_CREDIT // 4:
            owed, self._owed = self._owed, 0
            await self.send(second.credit(second.TERMINAL, owed))

    async def read(self, timeout: float | None = None) -> bytes:
        """See Session. Gives credit at once: the caller may wait for something else next."""
        data = await super().read(timeout)
        await self._settle()
        return data

    async def _until(
        self, ready: Callable[[], T | None], timeout: float | None = ANSWER_TIMEOUT
    ) -> T:
        return await self.until(ready, timeout)

    async def ask(
        self,
        request: Callable[[int], bytes],
        timeout: float | None = ANSWER_TIMEOUT,
        turn: asyncio.Semaphore | None = None,
    ) -> Result:
        """Sends a request for an operation that has a result and nothing else."""
        async with self.operation(turn) as operation:
            await self.send(request(operation.number))
            return await self.until(lambda: operation.result, timeout)

    # login

    async def login(self, password: Password) -> None:
        """See Session."""
        hello = await self.until(lambda: self.hello, LOGIN_TIMEOUT)
        self.parsed(lambda _: second.check_hello(hello), b"")
        nonce = os.urandom(second.NONCE_SIZE)
        proofs = second.Proofs(b"", b"\0" * 32)
        if hello.auth:
            proofs = second.Proofs.of(await ask(password), hello, nonce)
        result = await self.ask(
            lambda number: second.login(number, nonce, proofs.client.ljust(32, b"\0")),
            LOGIN_TIMEOUT,
        )
        if result.code == errno.EACCES:
            raise WrongPassword("wrong password")
        if result.code:
            raise NotWebrepl(f"the login ends with error {result.code}")
        if hello.auth and not hmac.compare_digest(result.value[:32], proofs.server):
            raise BadServer("this is not the board: it does not know the password itself")
        major, minor, micro = self.parsed(
            lambda value: second.parse_numbers("BBB", value), result.value[32:]
        )
        self.version = (major, minor, micro)

    async def who(self) -> Holder:
        """Who holds the terminal."""
        return self.parsed(second.parse_holder, (await self.ask(second.who)).value)

    # the terminal

    async def attach(self) -> None:
        """Holds or watches the terminal, unless it already does."""
        if self._is_attached:
            return
        if self._attaching is None or self._attaching.done():
            self._attaching = asyncio.ensure_future(self._attach())
            self._attaching.add_done_callback(lambda task: task.cancelled() or task.exception())
        await asyncio.shield(self._attaching)  # the board does it even if nobody waits any more

    async def _attach(self) -> None:
        result = await self.ask(
            lambda number: second.attach(
                number,
                OUTPUT_CREDIT,
                *self._window,
                watch=self._watch,
                takeover=self._takeover,
            )
        )
        if result.code == errno.EBUSY:
            holder = self.parsed(second.parse_holder, result.value)
            raise Busy(f"{holder.address} has held the terminal for {holder.since} s")
        if result.code:
            raise Busy(f"the board does not give its terminal: error {result.code}")
        self._is_attached = True
        (credit,) = self.parsed(lambda value: second.parse_numbers("I", value), result.value)
        self._input_credit += credit

    def take(self) -> bytes:
        """See Session."""
        data = super().take()
        self._owed += len(data)
        return data

    def give_back(self, data: bytes) -> None:
        """See Session."""
        super().give_back(data)
        self._owed -= len(data)

    async def write(self, data: bytes) -> None:
        """See Session."""
        while data:
            sent = await self.write_some(data)
            data = data[sent:]
            if data:
                await self.until(lambda: self._input_credit or None)

    async def write_some(self, data: bytes) -> int:
        """See Session."""
        if self._watch:
            raise Unsupported("a session that only watches cannot type")
        await self.attach()
        assert self.hello
        piece = data[: min(self._input_credit, self.hello.max_message - 4)]
        if piece:
            self._input_credit -= len(piece)
            await self.send(second.data(second.TERMINAL, piece))
        return len(piece)

    async def interrupt(self) -> None:
        """See Session."""
        await self.attach()
        await self.ask(lambda number: second.interrupt(number, discard=True))

    async def resize(self, columns: int, rows: int) -> None:
        """See Session."""
        self._window = (columns, rows)
        if self._is_attached:
            await self.send(second.size(columns, rows))

    async def reset(self, *, hard: bool) -> bool:
        """Restarts the program, or the board; returns False if the board cannot do that."""
        await self.attach()
        try:
            result = await self.ask(lambda number: second.reset(number, hard=hard))
        except Lost:
            return True
        return result.code == 0
