# SPDX-License-Identifier: MIT
"""The face for programs that block: one board, one thread at a time."""

from __future__ import annotations

import io
import ssl
from types import TracebackType
from typing import Any, BinaryIO, Callable, Union

from . import device
from .address import Address, candidates
from .errors import WebreplError
from .files import Entry, Space
from .link import BlockingLink, run
from .opening import Attempts
from .session import Report, Sink

Password = Union[str, Callable[[], str]]


def ask(password: Password) -> Callable[[], str]:
    """Turns a password into a function that is called when the board asks."""
    return password if callable(password) else lambda: password


class Board:
    """A board that is logged in. Made by connect(); a context manager.

    All methods raise WebreplError, or a subclass of it, and block until they are done. Paths are
    the board's own. If the board speaks the second edition, files may be used while a program
    runs. Otherwise they interrupt the program, as exec() and eval() always do.
    """

    def __init__(
        self,
        address: Address,
        opened: device.Device,
        link: BlockingLink,
        options: device.Options,
    ) -> None:
        """Made by connect()."""
        self.address = address
        self.link = link
        self.options = options
        self._device = opened

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
    def edition(self) -> int:
        """The edition of the protocol: 1 is the classic one."""
        return self._device.edition

    def close(self) -> None:
        """Leaves the board at its prompt and ends the session."""
        run(self._device.close())

    # code

    def exec(self, code: str, sink: Sink | None = None, timeout: float | None = None) -> bytes:
        """Runs code to its end; returns its output, or gives it to `sink` as it comes.

        Raises:
            ExecError: It raised an exception.
            Timeout: It has printed nothing for `timeout` seconds.
        """
        return run(self._device.exec(code, sink, timeout))

    def eval(self, expression: str) -> Any:
        """Returns the value of an expression, or its text if Python here cannot read it."""
        return run(self._device.eval(expression))

    def start(self, code: str) -> None:
        """Starts code, and does not wait for its end."""
        run(self._device.start(code))

    def soft_reset(self) -> None:
        """Restarts the interpreter; the session may end."""
        run(self._device.soft_reset())

    def reset(self) -> None:
        """Restarts the board; the session ends."""
        run(self._device.reset())

    # the terminal

    def write(self, data: bytes) -> None:
        """Types."""
        run(self._device.session.write(data))

    def write_some(self, data: bytes) -> int:
        """Types as much as the board accepts without waiting; returns how much that was."""
        return run(self._device.session.write_some(data))

    def attach(self) -> None:
        """Makes the board send the terminal's output, before anything is typed."""
        run(self._device.session.attach())

    def read(self, timeout: float | None = None) -> bytes:
        """Waits for output; returns none if there is none for `timeout` seconds."""
        return run(self._device.session.read(timeout))

    def interrupt(self) -> None:
        """Ctrl-C."""
        run(self._device.session.interrupt())

    def resize(self, columns: int, rows: int) -> None:
        """Tells the board the size of the terminal, if the protocol can."""
        run(self._device.session.resize(columns, rows))

    # files

    def listdir(self, path: str = "") -> list[Entry]:
        """The contents of a directory, by name."""
        return run(self._device.files.listdir(path))

    def stat(self, path: str) -> Entry:
        """One file or directory."""
        return run(self._device.files.stat(path))

    def digest(self, path: str) -> bytes:
        """The SHA-256 of a file."""
        return run(self._device.files.digest(path))

    def remove(self, path: str) -> None:
        """Removes a file."""
        run(self._device.files.remove(path))

    def rename(self, old: str, new: str) -> None:
        """Renames; replaces a file of the new name."""
        run(self._device.files.rename(old, new))

    def mkdir(self, path: str) -> None:
        """Makes a directory."""
        run(self._device.files.mkdir(path))

    def rmdir(self, path: str) -> None:
        """Removes an empty directory."""
        run(self._device.files.rmdir(path))

    def space(self, path: str = "") -> Space:
        """The file system that a path is on."""
        return run(self._device.files.space(path))

    def get(self, path: str, sink: Sink) -> None:
        """Reads a file, piece by piece."""
        run(self._device.files.get(path, sink))

    def put(self, path: str, file: BinaryIO, report: Report = lambda sent: None) -> None:
        """Writes a file. An old file of that name stays as it is until the new one is complete.

        Args:
            path: Its name.
            file: All of it is sent.
            report: Called with the number of bytes that have been sent.
        """
        run(self._device.files.put(path, file, report))

    def read_bytes(self, path: str) -> bytes:
        """The contents of a file."""
        contents = bytearray()
        self.get(path, contents.extend)
        return bytes(contents)

    def write_bytes(self, path: str, contents: bytes) -> None:
        """Writes a file."""
        self.put(path, io.BytesIO(contents))


def connect(
    address: str,
    password: Password = "",
    *,
    tls: ssl.SSLContext | None = None,
    options: device.Options = device.Options(),  # noqa: B008 - it is frozen
) -> Board:
    """Connects to a board and logs in.

    Args:
        address: HOST, HOST:PORT, ws://HOST/ws or wss://HOST/ws.
        password: Or a function that is called if the board asks for one.
        tls: For wss://; by default the board must show a certificate that this machine trusts.
        options: What kind of session to open.

    Raises:
        WebreplError: A subclass says what went wrong.
        ValueError: This is not an address.
    """
    attempts = Attempts(address)
    for candidate in candidates(address):
        try:
            link = BlockingLink(candidate, options.subprotocols, tls)
        except WebreplError as error:
            attempts.failed(candidate, error)
            continue
        opened = run(device.open_device(link, ask(password), options))
        return Board(candidate, opened, link, options)
    raise attempts.error()
