# SPDX-License-Identifier: MIT
"""The face for programs that block: that of aio.py, in an event loop in the background."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Coroutine, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Callable, TypeVar

from . import aio
from .address import Address
from .aio import AsyncBoard
from .background import Caller, Doorbell, loop, wait
from .device import Options
from .errors import WebreplError
from .files import Entry, Space
from .local_files import is_special, local, write_now
from .progress import Reporter
from .second import Holder
from .session import Password, Report, Sink
from .sync import Changes

T = TypeVar("T")


def _unreported(size: int) -> None:
    del size


class Board:
    """A board that is logged in. Made by connect(); a context manager.

    All methods block until they are done. Several threads may share a board: calls that run code
    wait for their turn. The session lives, and answers the board's pings, also while nobody calls
    anything. Ctrl-C, and other exceptions out of a signal handler, leave a session that goes on
    with the next call.

    All methods raise WebreplError, or a subclass of it; with `timeout`, Timeout after so many
    seconds. Paths are the board's own. If the board speaks the second edition, files may be used
    while a program runs. Otherwise they interrupt the program, as exec() and eval() always do.

    If the session is lost, what only reads, and what writes whole files, opens another and is done
    again. Everything else raises Lost, because the board may have done it; the next call opens
    another session. Lost is raised as well if the session had ended before the call: the program
    on the board may have been restarted.

    Functions that are given to a method are called in the thread that called it, except `report`
    and reporters, which must not use the board.
    """

    def __init__(self, board: AsyncBoard) -> None:
        """Made by connect()."""
        self.options = board.options
        self._board = board
        self._bell: Doorbell | None = None

    def __enter__(self) -> Board:
        """Returns itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the session."""
        self.close()

    @property
    def address(self) -> Address:
        """Where the board was found."""
        return self._board.address

    @property
    def edition(self) -> int:
        """The edition of the protocol: 1 is the classic one."""
        return self._board.edition

    @property
    def parallel(self) -> int:
        """How many files the board works on at a time."""
        return self._board.parallel

    def on_lost(self, function: Callable[[WebreplError], None]) -> None:
        """Has a function called when a session is lost and a call waits for another one.

        It is called in another thread, and must not use the board.
        """
        self._board.on_lost = function

    def fileno(self) -> int:
        """A descriptor for select(): it can be read when read(0) may have something to say."""
        if not self._bell:
            self._bell = Doorbell()
            self._board.on_news = self._bell.ring
            self._bell.ring()
        return self._bell.fileno()

    def close(self) -> None:
        """Leaves the board at its prompt and ends the session."""
        try:
            wait(self._board.close())
        finally:
            bell, self._bell = self._bell, None
            if bell:
                self._board.on_news = lambda: None
                bell.close()

    def drop(self) -> None:
        """Ends the session at once; the next call opens another.

        The board keeps what has arrived of an upload, for the next attempt.
        """
        loop().call_soon_threadsafe(self._board.drop)

    def holder(self, *, timeout: float | None = None) -> Holder | None:
        """Who holds the terminal; None if the protocol cannot tell."""
        return wait(self._board.holder(timeout=timeout))

    # code

    def exec(self, code: str, sink: Sink | None = None, timeout: float | None = None) -> bytes:
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
        caller = Caller()
        return caller.wait(self._board.exec(code, caller.here(sink) if sink else None, timeout))

    def eval(self, expression: str, *, timeout: float | None = None) -> Any:
        """Returns the value of an expression, or its text if Python here cannot read it."""
        return wait(self._board.eval(expression, timeout=timeout))

    def run(
        self,
        code: str,
        sink: Sink,
        *,
        name: str = "<program>",
        keys: Iterable[bytes] | None = None,
        timeout: float | None = None,
    ) -> int | str:
        """Runs a program as if it ran here; returns what it has given to sys.exit(), or 0.

        Args:
            code: The program. It is `__main__`.
            sink: Gets its output as it comes.
            name: What tracebacks call it.
            keys: What it can read from its standard input, to the end of that. A thread iterates
                over it. At the end input() raises EOFError, but sys.stdin.read() waits for ever.
                None: nothing is typed, so a program that reads waits.
            timeout: Seconds after which it is left.

        Raises:
            ExecError: It raised another exception than SystemExit.
        """
        caller = Caller()
        typed = None if keys is None else _from_thread(keys)
        return caller.wait(
            self._board.run(code, caller.here(sink), name=name, keys=typed, timeout=timeout)
        )

    def start(self, code: str, *, timeout: float | None = None) -> None:
        """Starts code, and does not wait for its end."""
        wait(self._board.start(code, timeout=timeout))

    def soft_reset(self, *, timeout: float | None = None) -> None:
        """Restarts the interpreter; the session may end, and the next call opens another."""
        wait(self._board.soft_reset(timeout=timeout))

    def reset(self, *, timeout: float | None = None) -> None:
        """Restarts the board; the session ends, and the next call opens another.

        Raises:
            Unsupported: The firmware cannot do that.
        """
        wait(self._board.reset(timeout=timeout))

    # the terminal

    def write(self, data: bytes, *, timeout: float | None = None) -> None:
        """Types; waits while the board accepts no more."""
        wait(self._board.write(data, timeout=timeout))

    def write_some(self, data: bytes, *, timeout: float | None = None) -> int:
        """Types as much as the board accepts without waiting; returns how much that was."""
        return wait(self._board.write_some(data, timeout=timeout))

    def attach(self, *, timeout: float | None = None) -> None:
        """Makes the board send the terminal's output, before anything is typed."""
        wait(self._board.attach(timeout=timeout))

    def read(self, timeout: float | None = None) -> bytes:
        """Waits for output; returns none if there is none for `timeout` seconds."""
        if self._bell:
            self._bell.clear()
        return wait(self._board.read(timeout))

    def interrupt(self, *, timeout: float | None = None) -> None:
        """Ctrl-C."""
        wait(self._board.interrupt(timeout=timeout))

    def resize(self, columns: int, rows: int, *, timeout: float | None = None) -> None:
        """Tells the board the size of the terminal, if the protocol can."""
        wait(self._board.resize(columns, rows, timeout=timeout))

    # files

    def listdir(
        self, path: str = "", *, digests: bool = False, timeout: float | None = None
    ) -> list[Entry]:
        """The contents of a directory, by name; with `digests`, those that the board lists."""
        return wait(self._board.listdir(path, digests=digests, timeout=timeout))

    def stat(self, path: str, *, timeout: float | None = None) -> Entry:
        """One file or directory."""
        return wait(self._board.stat(path, timeout=timeout))

    def digest(self, path: str, *, timeout: float | None = None) -> bytes:
        """The SHA-256 of a file."""
        return wait(self._board.digest(path, timeout=timeout))

    def remove(self, path: str, *, missing_ok: bool = False, timeout: float | None = None) -> None:
        """Removes a file, or a link. With `missing_ok` it may have gone already."""
        wait(self._board.remove(path, missing_ok=missing_ok, timeout=timeout))

    def rename(self, old: str, new: str, *, timeout: float | None = None) -> None:
        """Renames; replaces a file of the new name."""
        wait(self._board.rename(old, new, timeout=timeout))

    def mkdir(self, path: str, *, exist_ok: bool = False, timeout: float | None = None) -> None:
        """Makes a directory. With `exist_ok` there may be one already."""
        wait(self._board.mkdir(path, exist_ok=exist_ok, timeout=timeout))

    def rmdir(self, path: str, *, missing_ok: bool = False, timeout: float | None = None) -> None:
        """Removes an empty directory. With `missing_ok` it may have gone already."""
        wait(self._board.rmdir(path, missing_ok=missing_ok, timeout=timeout))

    def space(self, path: str = "", *, timeout: float | None = None) -> Space:
        """The file system that a path is on."""
        return wait(self._board.space(path, timeout=timeout))

    def get(
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
        caller = Caller()
        caller.wait(self._board.get(path, caller.here(sink), restart=restart, timeout=timeout))

    def put(
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
        self._upload(self._board.put(path, file, report, timeout=timeout))

    def _upload(self, work: Coroutine[Any, Any, T]) -> T:
        """Ctrl-C ends the session as well, so that the board keeps what has arrived."""
        return Caller().wait(work, self._board.drop)

    def read_bytes(self, path: str, *, timeout: float | None = None) -> bytes:
        """The contents of a file."""
        return wait(self._board.read_bytes(path, timeout=timeout))

    def write_bytes(self, path: str, contents: bytes, *, timeout: float | None = None) -> None:
        """Writes a file, as put() does."""
        self._upload(self._board.write_bytes(path, contents, timeout=timeout))

    # copies

    def get_file(
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
        place = Path(here)
        if not is_special(place):
            wait(self._board.get_file(path, place, report, timeout=timeout))
            return
        with local(place), place.open("wb") as pipe:  # may wait for its reader
            self.get(path, lambda piece: write_now(pipe, piece), timeout=timeout)

    def put_tree(
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
        return self._upload(self._board.put_tree(here, path, report, force=force, timeout=timeout))

    def get_tree(
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
        return wait(self._board.get_tree(path, here, report, force=force, timeout=timeout))

    def remove_tree(self, path: str, *, timeout: float | None = None) -> int:
        """Removes a directory and all in it; returns how many files it had.

        Symbolic links are removed, and never followed.
        """
        return wait(self._board.remove_tree(path, timeout=timeout))

    def sync(
        self,
        here: str | Path,
        path: str = "",
        report: Reporter | None = None,
        *,
        delete: bool = False,
        exclude: tuple[str, ...] = (),
        timeout: float | None = None,
    ) -> Changes:
        """Makes a directory of the board what a local one is; copies only what differs.

        Args:
            here: The local directory.
            path: The board's.
            report: Gets the progress.
            delete: Removes what is not here.
            exclude: Patterns of names that are left out, besides those in sync.LEFT_OUT.
            timeout: Seconds.
        """
        return self._upload(
            self._board.sync(here, path, report, delete=delete, exclude=exclude, timeout=timeout)
        )


async def _from_thread(source: Iterable[bytes]) -> AsyncIterator[bytes]:
    """What a thread reads from an iterable that blocks."""
    running = asyncio.get_running_loop()
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue(1)
    is_over = threading.Event()

    def offer(piece: bytes | None) -> None:
        asyncio.run_coroutine_threadsafe(pieces.put(piece), running).result()

    def read() -> None:
        try:
            for piece in source:
                offer(piece)
                if is_over.is_set():
                    return
        finally:
            offer(None)

    threading.Thread(target=read, daemon=True).start()
    try:
        while (piece := await pieces.get()) is not None:
            yield piece
    finally:
        is_over.set()
        while not pieces.empty():
            pieces.get_nowait()  # the thread may wait for room


def connect(
    address: str,
    password: Password = "",
    *,
    tls: ssl.SSLContext | None = None,
    options: Options = Options(),  # noqa: B008 - it is frozen
    timeout: float | None = None,
) -> Board:
    """Connects to a board and logs in.

    Args:
        address: HOST, HOST:PORT, ws://HOST/ws or wss://HOST/ws.
        password: Or a function that is called if the board asks for one.
        tls: For wss://; by default the board must show a certificate that this machine trusts.
        options: What kind of session to open.
        timeout: Seconds for the connection and the login together.

    Raises:
        WebreplError: A subclass says what went wrong.
        ValueError: This is not an address.
    """
    caller = Caller()
    secret = password if isinstance(password, str) else caller.here(password)
    return Board(
        caller.wait(aio.connect(address, secret, tls=tls, options=options, timeout=timeout))
    )
