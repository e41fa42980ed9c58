# SPDX-License-Identifier: MIT
"""The face for asyncio."""

from __future__ import annotations

import ast
import asyncio
import errno
import io
import ssl
from collections.abc import AsyncIterable, Awaitable, Coroutine
from pathlib import Path
from typing import Any, BinaryIO, Callable, TypeVar

from . import copies, deadline, trees
from . import sync as syncing
from .address import Address
from .device import Device, Options
from .errors import Lost, RemoteFileError, Timeout, WebreplError
from .files import Entry, Space
from .link import SocketLink
from .progress import Reporter, Unreported
from .reach import Reach
from .reconnect import Reconnect
from .second import Holder
from .second_session import SecondSession
from .session import Password, Report, Sink

T = TypeVar("T")
Work = Callable[[Device], Awaitable[T]]

RETURN_PATIENCE = 30.0
"""Seconds to wait for a board whose session was lost."""


async def within(timeout: float | None, work: Coroutine[Any, Any, T]) -> T:
    """Does something in time.

    Raises:
        Timeout: It takes longer than that, and was cancelled.
    """
    try:
        return await deadline.within(timeout, work)
    except asyncio.TimeoutError:
        raise Timeout(f"the board has not done that within {timeout:g} s") from None


def _unreported(size: int) -> None:
    del size


class AsyncBoard:
    """A board that is logged in. Made by connect(); an asynchronous context manager.

    Several tasks may use it: calls that run code wait for their turn, and files are worked on
    side by side. A task may be cancelled at any time. Paths are the board's own. If the board
    speaks the second edition, files may be used while a program runs. Otherwise they interrupt
    the program, as exec() and eval() always do.

    All methods raise WebreplError, or a subclass of it; with `timeout`, Timeout after so many
    seconds.

    If the session is lost, what only reads, and what writes whole files, opens another and is done
    again. Everything else raises Lost, because the board may have done it; the next call opens
    another session. Lost is raised as well if the session had ended before the call: the program
    on the board may have been restarted.
    """

    def __init__(self, reach: Reach) -> None:
        """Made by connect()."""
        self.options = reach.options
        self.on_news: Callable[[], None] = lambda: None
        """Called when something has arrived, or the session has ended."""
        self.on_lost: Callable[[WebreplError], None] = lambda error: None
        """Called when a session is lost and a call waits for another one."""
        self._reach = reach
        self._opening = asyncio.Lock()
        self._address: Address | None = None
        self._link: SocketLink | None = None
        self._device: Device | None = None
        self._is_told = True
        """Whether a caller knows that the session has ended."""
        self._is_closed = False

    async def __aenter__(self) -> AsyncBoard:
        """Returns itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends the session."""
        await self.close()

    # sessions

    async def _live(self) -> Device:
        """The session, or another one in its place."""
        async with self._opening:
            if self._device and self._link and not self._link.closed:
                return self._device
            if self._is_closed:
                raise Lost("the session was closed")
            if self._link:
                self._link.abort()
            self._address, self._link, self._device = await self._reach.open(self._hear)
            self._is_told = False
            return self._device

    def _hear(self) -> None:
        self.on_news()

    async def _once(self, work: Work[T]) -> T:
        """Does what must not be done twice."""
        ended = self._link.closed if self._link else None
        if ended and not self._is_told:
            self._is_told = True
            raise ended
        device = await self._live()
        try:
            return await work(device)
        finally:
            self._is_told = self._is_told or bool(self._link and self._link.closed)

    async def _again(self, work: Work[T]) -> T:
        """Does what may be done twice, over as many sessions as it takes."""
        reconnect = Reconnect(RETURN_PATIENCE)
        waits = False
        if self._link and self._link.closed:
            reconnect.lost()
        while True:
            try:
                return await work(await self._live())
            except WebreplError as error:
                if not (self._link and self._link.closed) or self._is_closed:
                    raise
                self._is_told = True
                delay = reconnect.failed(error)
                if not waits:
                    waits = True
                    self.on_lost(error)
                await asyncio.sleep(delay)

    @property
    def address(self) -> Address:
        """Where the board was found."""
        assert self._address
        return self._address

    @property
    def edition(self) -> int:
        """The edition of the protocol: 1 is the classic one."""
        return self._device.edition if self._device else 1

    @property
    def parallel(self) -> int:
        """How many files the board works on at a time."""
        return self._device.files.parallel if self._device else 1

    async def close(self) -> None:
        """Leaves the board at its prompt and ends the session."""
        self._is_closed = True
        if self._device and self._link and not self._link.closed:
            await self._device.close()
        if self._link:
            self._link.abort()

    def drop(self) -> None:
        """Ends the session at once; the next call opens another.

        The board keeps what has arrived of an upload, for the next attempt.
        """
        self._is_told = True
        if self._link:
            self._link.abort()

    async def holder(self, *, timeout: float | None = None) -> Holder | None:
        """Who holds the terminal; None if the protocol cannot tell."""

        async def ask(device: Device) -> Holder | None:
            session = device.session
            return await session.who() if isinstance(session, SecondSession) else None

        return await within(timeout, self._again(ask))

    # code

    async def exec(
        self, code: str, sink: Sink | None = None, timeout: float | None = None
    ) -> bytes:
        """Runs code to its end; returns its output, or gives it to `sink` as it comes.

        Code that is not waited for to its end, because of `timeout` or otherwise, goes on. The
        next call that runs code interrupts it.

        Args:
            code: Python.
            sink: For the output.
            timeout: Seconds for which it may print nothing.

        Raises:
            ExecError: It raised an exception.
            Timeout: It has printed nothing for `timeout` seconds.
        """
        return await self._once(lambda device: device.exec(code, sink, timeout))

    async def eval(self, expression: str, *, timeout: float | None = None) -> Any:
        """Returns the value of an expression, or its text if Python here cannot read it."""
        output = await within(timeout, self.exec(f"print(repr({expression}))"))
        text = output.decode(errors="replace").strip()
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return text

    async def run(
        self,
        code: str,
        sink: Sink,
        *,
        name: str = "<program>",
        keys: AsyncIterable[bytes] | None = None,
        timeout: float | None = None,
    ) -> int | str:
        """Runs a program as if it ran here; returns what it has given to sys.exit(), or 0.

        Args:
            code: The program. It is `__main__`.
            sink: Gets its output as it comes.
            name: What tracebacks call it.
            keys: What it can read from its standard input, to the end of that. There input()
                raises EOFError, but sys.stdin.read() waits for ever. None: nothing is typed, so a
                program that reads waits.
            timeout: Seconds after which it is left.

        Raises:
            ExecError: It raised another exception than SystemExit.
        """
        return await within(timeout, self._once(lambda device: device.run(code, name, sink, keys)))

    async def start(self, code: str, *, timeout: float | None = None) -> None:
        """Starts code, and does not wait for its end."""
        await within(timeout, self._once(lambda device: device.start(code)))

    async def soft_reset(self, *, timeout: float | None = None) -> None:
        """Restarts the interpreter; the session may end, and the next call opens another."""
        await within(timeout, self._once(lambda device: device.soft_reset()))

    async def reset(self, *, timeout: float | None = None) -> None:
        """Restarts the board; the session ends, and the next call opens another.

        Raises:
            Unsupported: The firmware cannot do that.
        """
        await within(timeout, self._once(lambda device: device.reset()))

    # the terminal

    async def write(self, data: bytes, *, timeout: float | None = None) -> None:
        """Types; waits while the board accepts no more."""
        await within(timeout, self._once(lambda device: device.session.write(data)))

    async def write_some(self, data: bytes, *, timeout: float | None = None) -> int:
        """Types as much as the board accepts without waiting; returns how much that was."""
        return await within(timeout, self._once(lambda device: device.session.write_some(data)))

    async def attach(self, *, timeout: float | None = None) -> None:
        """Makes the board send the terminal's output, before anything is typed."""
        await within(timeout, self._once(lambda device: device.session.attach()))

    async def read(self, timeout: float | None = None) -> bytes:
        """Waits for output; returns none if there is none for `timeout` seconds."""
        return await self._once(lambda device: device.session.read(timeout))

    async def interrupt(self, *, timeout: float | None = None) -> None:
        """Ctrl-C."""
        await within(timeout, self._once(lambda device: device.session.interrupt()))

    async def resize(self, columns: int, rows: int, *, timeout: float | None = None) -> None:
        """Tells the board the size of the terminal, if the protocol can."""
        await within(timeout, self._once(lambda device: device.session.resize(columns, rows)))

    # files

    async def listdir(
        self, path: str = "", *, digests: bool = False, timeout: float | None = None
    ) -> list[Entry]:
        """The contents of a directory, by name; with `digests`, those that the board lists."""

        async def ask(device: Device) -> list[Entry]:
            return await device.files.listdir(path, digests=digests)

        return await within(timeout, self._again(ask))

    async def stat(self, path: str, *, timeout: float | None = None) -> Entry:
        """One file or directory."""
        return await within(timeout, self._again(lambda device: device.files.stat(path)))

    async def digest(self, path: str, *, timeout: float | None = None) -> bytes:
        """The SHA-256 of a file."""
        return await within(timeout, self._again(lambda device: device.files.digest(path)))

    async def remove(
        self, path: str, *, missing_ok: bool = False, timeout: float | None = None
    ) -> None:
        """Removes a file, or a link. With `missing_ok` it may have gone already."""
        await within(timeout, self._gone(lambda device: device.files.remove(path), missing_ok))

    async def _gone(self, work: Work[None], missing_ok: bool) -> None:
        try:
            await (self._again(work) if missing_ok else self._once(work))
        except RemoteFileError as error:
            if not missing_ok or error.errno not in (errno.ENOENT, errno.ENOTDIR):
                raise

    async def rename(self, old: str, new: str, *, timeout: float | None = None) -> None:
        """Renames; replaces a file of the new name."""
        await within(timeout, self._once(lambda device: device.files.rename(old, new)))

    async def mkdir(
        self, path: str, *, exist_ok: bool = False, timeout: float | None = None
    ) -> None:
        """Makes a directory. With `exist_ok` there may be one already."""
        await within(timeout, self._mkdir(path, exist_ok))

    async def _mkdir(self, path: str, exist_ok: bool) -> None:
        if not exist_ok:
            await self._once(lambda device: device.files.mkdir(path))
            return
        try:
            await self._again(lambda device: device.files.mkdir(path))
        except RemoteFileError:
            if not await self._is_directory(path):
                raise

    async def _is_directory(self, path: str) -> bool:
        try:
            return (await self.stat(path)).is_dir
        except RemoteFileError:
            return False

    async def rmdir(
        self, path: str, *, missing_ok: bool = False, timeout: float | None = None
    ) -> None:
        """Removes an empty directory. With `missing_ok` it may have gone already."""
        await within(timeout, self._gone(lambda device: device.files.rmdir(path), missing_ok))

    async def space(self, path: str = "", *, timeout: float | None = None) -> Space:
        """The file system that a path is on."""
        return await within(timeout, self._again(lambda device: device.files.space(path)))

    async def get(
        self,
        path: str,
        sink: Sink,
        *,
        restart: Callable[[], object] | None = None,
        timeout: float | None = None,
    ) -> None:
        """Reads a file, piece by piece. Size and digest are compared with what the board says.

        Args:
            path: Its name.
            sink: Gets the contents.
            restart: Called when a session was lost, before `sink` gets everything once more.
                Without it, Lost is raised.
            timeout: Seconds.
        """
        attempts = 0

        async def fetch(device: Device) -> None:
            nonlocal attempts
            attempts += 1
            if attempts > 1 and restart:
                restart()
            await device.files.get(path, sink)

        await within(timeout, self._again(fetch) if restart else self._once(fetch))

    async def put(
        self,
        path: str,
        file: BinaryIO,
        report: Report = _unreported,
        *,
        timeout: float | None = None,
    ) -> None:
        """Writes a file. An old file of that name stays as it is until the new one is complete.

        Args:
            path: Its name.
            file: All of it is sent. It can seek.
            report: Called with the number of bytes that have been sent.
            timeout: Seconds.
        """
        await within(timeout, self._again(lambda device: device.files.put(path, file, report)))

    async def read_bytes(self, path: str, *, timeout: float | None = None) -> bytes:
        """The contents of a file."""
        contents = bytearray()
        await self.get(path, contents.extend, restart=contents.clear, timeout=timeout)
        return bytes(contents)

    async def write_bytes(
        self, path: str, contents: bytes, *, timeout: float | None = None
    ) -> None:
        """Writes a file, as put() does."""
        await self.put(path, io.BytesIO(contents), timeout=timeout)

    # copies

    async def get_file(
        self,
        path: str,
        here: str | Path,
        report: Reporter | None = None,
        *,
        timeout: float | None = None,
    ) -> None:
        """Copies a file to a local one, which stays as it is until the new one is complete.

        A symbolic link is followed, and stays one. LocalFileError says what cannot be written.
        """
        copying = copies.get_file(self, path, Path(here), report or Unreported())
        await within(timeout, copying)

    async def put_tree(
        self,
        here: str | Path,
        path: str,
        report: Reporter | None = None,
        *,
        force: bool = False,
        timeout: float | None = None,
    ) -> int:
        """Copies a local directory to the board, as `path`; returns how many files were copied.

        Files that are the same are not copied, unless `force` is true.
        """
        copying = trees.put_tree(self, Path(here), path, report or Unreported(), force=force)
        return await within(timeout, copying)

    async def get_tree(
        self,
        path: str,
        here: str | Path,
        report: Reporter | None = None,
        *,
        force: bool = False,
        timeout: float | None = None,
    ) -> int:
        """Copies a directory of the board, as `here`; returns how many files were copied.

        Files that are the same are not copied, unless `force` is true.
        """
        copying = trees.get_tree(self, path, Path(here), report or Unreported(), force=force)
        return await within(timeout, copying)

    async def remove_tree(self, path: str, *, timeout: float | None = None) -> int:
        """Removes a directory and all in it; returns how many files it had.

        Symbolic links are removed, and never followed.
        """
        return await within(timeout, trees.remove_tree(self, path))

    async def sync(
        self,
        here: str | Path,
        path: str = "",
        report: Reporter | None = None,
        *,
        delete: bool = False,
        exclude: tuple[str, ...] = (),
        timeout: float | None = None,
    ) -> syncing.Changes:
        """Makes a directory of the board what a local one is; copies only what differs.

        Args:
            here: The local directory.
            path: The board's.
            report: Gets the progress.
            delete: Removes what is not here.
            exclude: Patterns of names that are left out, besides those in sync.LEFT_OUT.
            timeout: Seconds.
        """
        work = syncing.sync(
            self, Path(here), path, report or Unreported(), exclude=exclude, delete=delete
        )
        return await within(timeout, work)


async def connect(
    address: str,
    password: Password = "",
    *,
    tls: ssl.SSLContext | None = None,
    options: Options = Options(),  # noqa: B008 - it is frozen
    timeout: float | None = None,
) -> AsyncBoard:
    """Connects to a board and logs in.

    Args:
        address: HOST, HOST:PORT, ws://HOST/ws or wss://HOST/ws.
        password: Or a function, perhaps of coroutines, that is called if the board asks for one.
        tls: For wss://; by default the board must show a certificate that this machine trusts.
        options: What kind of session to open.
        timeout: Seconds for the connection and the login together.

    Raises:
        WebreplError: A subclass says what went wrong.
        ValueError: This is not an address.
    """
    board = AsyncBoard(Reach(address, password, tls, options, timeout))
    await board._live()
    return board
