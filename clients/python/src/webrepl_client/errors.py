# SPDX-License-Identifier: MIT
"""What can go wrong, each with the status that the command ends with.

Every message is one sentence for people. This package raises nothing else on purpose, except
ValueError for arguments that make no sense for any board.
"""

from __future__ import annotations

import errno
import os


class WebreplError(Exception):
    """The base of all; `status` is what the command ends with."""

    status = 1


class UsageError(WebreplError):
    """The command line makes no sense."""

    status = 2


class Unreachable(WebreplError):
    """There is no answer at that address."""

    status = 3


class NotWebrepl(WebreplError):
    """The server there does not speak WebREPL, or speaks it wrongly."""

    status = 4


class WrongPassword(WebreplError):
    """The board has refused the password, or none was given."""

    status = 5


class BadServer(WebreplError):
    """The server does not know the password itself, so it is not the board."""

    status = 5


class Downgrade(BadServer):
    """The server asks for the password itself, although this board has proved more before."""


class Busy(WebreplError):
    """Another client holds the terminal. The message says which, if the board does."""

    status = 6


class Lost(WebreplError):
    """The connection has ended before the work was done. `code` is the WebSocket's close code."""

    status = 7

    def __init__(self, message: str, code: int | None = None) -> None:
        """With the code that the board gave, if any."""
        super().__init__(message)
        self.code = code

    @property
    def restarts(self) -> bool:
        """Whether the board said that it is restarting."""
        return self.code == CLOSE_RESTART


class TakenOver(Lost):
    """Another client has taken the terminal over."""


class LocalFileError(WebreplError):
    """A file on this side cannot be read or written, or mpremote is not installed here."""

    status = 8

    @classmethod
    def of(cls, error: OSError, name: object) -> LocalFileError:
        """With what the operating system says about a file."""
        return cls(f"{name}: {error.strerror or error}")


class BoardFull(WebreplError):
    """The board has no room left."""

    status = 9


class Timeout(WebreplError):
    """The board is there, but does not answer in time."""

    status = 10


class RemoteFileError(WebreplError):
    """A file operation failed on the board; `errno` is a number of Linux."""

    def __init__(self, code: int, path: str) -> None:
        """With the code that the board gave."""
        super().__init__(f":{path}: {explain(code)}")
        self.errno = code
        self.path = path


class Unsupported(WebreplError):
    """The board's firmware cannot do that."""


class ExecError(WebreplError):
    """A program on the board ended with an exception; `traceback` is what it printed."""

    def __init__(self, traceback: str) -> None:
        """The message is the traceback's last line."""
        lines = traceback.strip().splitlines()
        super().__init__(lines[-1] if lines else "the program has failed")
        self.traceback = traceback


class ProgramExit(WebreplError):
    """A program that was run with the command has ended with a status; that is the command's."""

    def __init__(self, status: int) -> None:
        """With what it has given to sys.exit()."""
        super().__init__(f"the program has ended with status {status}")
        self.status = status


CLOSE_RESTART = 1012
CLOSE_DENIED = 1008
CLOSE_BUSY = 4000
CLOSE_TAKEN_OVER = 4001


def explain(code: int) -> str:
    """An errno of a board in words."""
    return os.strerror(code) if code in errno.errorcode else f"error {code}"


def file_error(code: int, path: str) -> WebreplError:
    """The exception for a code that a board gave for a path."""
    if code == errno.ENOSPC:
        return BoardFull(f":{path}: the board's disk is full; the old file, if any, is untouched")
    return RemoteFileError(code, path)


def closed_error(code: int | None, reason: str) -> WebreplError:
    """The exception for a connection that the other side has ended."""
    if code == CLOSE_BUSY:
        return Busy(reason or "somebody else holds the terminal")
    if code == CLOSE_TAKEN_OVER:
        return TakenOver(reason or "somebody else has taken the terminal", code)
    if code == CLOSE_RESTART:
        return Lost("the board starts again", code)
    if code == CLOSE_DENIED:
        return WrongPassword(reason or "access denied")
    return Lost(f"the connection was lost{f' ({reason})' if reason else ''}", code)
