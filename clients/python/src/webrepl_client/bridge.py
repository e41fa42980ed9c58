# SPDX-License-Identifier: MIT
"""A board's terminal for programs that know serial ports or sockets: a pty, or a TCP port."""

from __future__ import annotations

import contextlib
import os
import pty
import socket
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

from .board import Board
from .errors import Busy, LocalFileError, Lost, Timeout, Unreachable
from .pump import Pump

Connect = Callable[[], Board]
END_TIMEOUT = 1.0
"""Seconds to wait for a client to end its connection."""


@contextlib.contextmanager
def link_to(name: str, link: Path) -> Iterator[None]:
    """Another name for a pty, while that exists."""
    try:
        if link.is_symlink():  # left by a bridge that was killed
            link.unlink()
        link.symlink_to(name)
    except OSError as error:
        raise LocalFileError.of(error, link) from error
    try:
        yield
    finally:
        link.unlink(missing_ok=True)


def serve_pty(connect: Connect, link: Path | None, tell: Callable[[str], None]) -> None:
    """A pty that is the board's terminal, until the board is gone for good.

    Args:
        connect: Opens a session.
        link: Another name for the pty.
        tell: Called with the name that programs may open.
    """
    board = connect()
    master, slave = pty.openpty()
    tty.setraw(slave)  # held open: the pty stays when one program closes it and the next comes
    try:
        with link_to(os.ttyname(slave), link) if link else contextlib.nullcontext():
            tell(str(link or os.ttyname(slave)))
            Pump(board, connect, master).run()
    finally:
        os.close(master)
        os.close(slave)


def serve_tcp(
    connect: Connect,
    host: str,
    port: int,
    tell: Callable[[str], None],
    complain: Callable[[str], None],
) -> None:
    """A TCP port that gives its clients the board's terminal, one after the other.

    A client who cannot have it, because somebody else holds it or the board is gone, is told so.

    Args:
        connect: Opens a session; for each client a new one.
        host: Where to listen.
        port: 0: any free port.
        tell: Called with the address that programs may open, as pyserial writes it.
        complain: Called with the reason why a client's session has ended.
    """
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise LocalFileError(f"{host}:{port}: {error.strerror}") from error
    with listener:
        tell(f"socket://{host}:{listener.getsockname()[1]}")
        while True:
            client, _ = listener.accept()
            with client:
                try:
                    Pump(connect(), connect, client.fileno()).run()
                except (Busy, Lost, Unreachable, Timeout) as error:
                    _say_and_end(client, f"\r\n[{error}]\r\n")
                    complain(str(error))


def _say_and_end(client: socket.socket, text: str) -> None:
    """Reads what the client still sends, because closing would otherwise discard the text."""
    with contextlib.suppress(OSError):
        client.settimeout(END_TIMEOUT)
        client.sendall(text.encode())
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass
