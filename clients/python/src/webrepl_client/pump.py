# SPDX-License-Identifier: MIT
"""Moves bytes between a board's terminal and a file descriptor, and keeps a serial tool content.

A serial port survives a soft reset, but a session does not. So the pump reconnects, and shows the
tool what it would have seen on a wire.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
from typing import Any, Callable

from .board import Board
from .errors import WebreplError
from .reconnect import Reconnect

PATIENCE = 60.0
"""Seconds to wait for a board that restarts."""
SIZE = 4096
REBOOT = b"soft reboot\r\n"
ENTER_RAW, LEAVE_RAW = 0x01, 0x02
PASTE_REQUEST = b"\x05A\x01"
PASTE_REFUSED = b"R\x00"


class Pump:
    """Between one board and one descriptor, until either ends."""

    def __init__(
        self,
        board: Board,
        connect: Callable[[], Board],
        descriptor: int,
        is_over: threading.Event | None = None,
    ) -> None:
        """With a function that reconnects, and an event that ends waiting for the board."""
        self._is_over = is_over or threading.Event()
        self._board = board
        self._connect = connect
        self._descriptor = descriptor
        self._is_raw = False
        self._tail = b""
        self._pending = b""

    def run(self) -> None:
        """Until the descriptor ends.

        Raises:
            WebreplError: The board is gone for good.
        """
        reconnect = Reconnect(PATIENCE)
        try:
            while True:
                try:
                    if not self._step():
                        return
                except WebreplError as error:
                    self._board.drop()
                    if not self._come_back(reconnect, error):
                        return
                    reconnect.connected()
        finally:
            self._board.close()

    def _step(self) -> bool:
        sources: list[Any] = [self._board]
        if not self._pending:
            sources.append(self._descriptor)
        readable, _, _ = select.select(sources, [], [])
        if self._descriptor in readable:
            data = self._read()
            if not data:
                return False
            self._pending = self._input(data)
        while output := self._board.read(0):
            self._tail = (self._tail + output)[-len(REBOOT) :]
            self._write(output)
        if self._pending:
            self._pending = self._pending[self._board.write_some(self._pending) :]
        return True

    def _read(self) -> bytes:
        try:
            return os.read(self._descriptor, SIZE)
        except OSError:  # the other side of a pty has gone
            return b""

    def _write(self, data: bytes) -> None:
        """Output that the tool no longer reads is lost, as on a wire; the next read ends."""
        with contextlib.suppress(OSError):
            while data:
                data = data[os.write(self._descriptor, data) :]

    def _input(self, data: bytes) -> bytes:
        """Notes raw mode; refuses raw paste where the classic edition would garble it."""
        for byte in data:
            if byte in (ENTER_RAW, LEAVE_RAW):
                self._is_raw = byte == ENTER_RAW
        if self._board.edition == 1 and data == PASTE_REQUEST:
            self._write(PASTE_REFUSED)
            return b""
        return data

    def _come_back(self, reconnect: Reconnect, error: WebreplError) -> bool:
        """After a reset, shows the tool the words and the mode that it waits for."""
        while True:
            if self._is_over.wait(reconnect.failed(error)):
                return False
            try:
                board, self._board = self._board, self._connect()
                board.close()
                break
            except WebreplError as again:
                error = again
        if self._tail != REBOOT:
            self._write(b"\r\nMPY: " + REBOOT)
        self._pending = b"\r\x03\x01" if self._is_raw else b"\r"
        return True
