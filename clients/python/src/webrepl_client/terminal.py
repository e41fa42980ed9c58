# SPDX-License-Identifier: MIT
"""A board's prompt at a person's terminal: keys, output, size, and reconnecting."""

from __future__ import annotations

import codecs
import time
from typing import BinaryIO, Callable

from .board import Board
from .console import Console
from .errors import WebreplError
from .prompt import POLL, Pastes, Prompt
from .reconnect import Reconnect

LEAVE = (b"\x1d", b"\x18")
"""Ctrl-] and Ctrl-X."""
INTERRUPT = b"\x03"
PATIENCE = 600.0
"""Seconds to wait for a board that has gone."""


class Terminal:
    """One person at one board."""

    def __init__(
        self, console: Console, connect: Callable[[], Board], capture: BinaryIO | None = None
    ) -> None:
        """With a function that connects, and reconnects if necessary.

        Args:
            console: Where the person is.
            connect: Opens a session.
            capture: Also gets all output.
        """
        self._console = console
        self._capture = capture
        self._connect = connect
        self._pending = b""
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._pastes = Pastes()
        self._prompt = self._new_prompt()

    def _new_prompt(self) -> Prompt:
        return Prompt(self._type, self._show, lambda: self._console.size()[0])

    def run(self, board: Board) -> Board:
        """Runs until the person leaves; returns the session at that time."""
        reconnect = Reconnect(PATIENCE)
        with self._console.raw():
            while True:
                try:
                    self._greet(board)
                    reconnect.connected()
                    self._converse(board)
                    return board
                except WebreplError as error:
                    board.drop()
                    found = self._come_back(reconnect, error)
                    if not found:
                        return board
                    board.close()
                    board = found

    def _greet(self, board: Board) -> None:
        """Makes a board that waits at its prompt show it."""
        self._prompt = self._new_prompt()
        board.resize(*self._console.size())
        if not board.options.watch:
            board.write(b"\r")
        else:
            board.attach()

    def _converse(self, board: Board) -> None:
        while True:
            if self._console.take_resize():
                board.resize(*self._console.size())
            self._prompt.hear(board.read(0))
            self._prompt.go_on()
            self._send(board)
            ready = self._console.wait([board], POLL if self._prompt.is_busy else None)
            if self._console in ready and self._leaves(board, self._console.keys()):
                return

    def _show(self, output: bytes) -> None:
        self._console.show(output)
        if self._capture and output:
            self._capture.write(output)
            self._capture.flush()

    def _type(self, keys: bytes) -> None:
        self._pending += keys

    def _leaves(self, board: Board, keys: bytes) -> bool:
        if not keys:  # the end of piped input
            return not self._pending and not self._prompt.is_busy
        if keys == INTERRUPT:
            self._pending = b""
            self._prompt.cancel()
            board.interrupt()
            return False
        if any(key in keys for key in LEAVE):
            return True
        for text in self._pastes.divided(self._decode(keys)):
            self._prompt.type(text)
        return False

    def _send(self, board: Board) -> None:
        if self._pending and not board.options.watch:
            self._pending = self._pending[board.write_some(self._pending) :]

    def _come_back(self, reconnect: Reconnect, error: WebreplError) -> Board | None:
        """Connects again; None when the person does not want to wait."""
        self._pending = b""
        while True:
            delay = reconnect.failed(error)
            text = f"\r\n[{error}; connecting again in {delay:.1f} s, Ctrl-] leaves]\r\n"
            self._console.show(text.encode())
            if self._is_left(time.monotonic() + delay):
                return None
            try:
                board = self._connect()
            except WebreplError as again:
                error = again
                continue
            self._console.show(b"[connected]\r\n")
            return board

    def _is_left(self, end: float) -> bool:
        while (left := end - time.monotonic()) > 0:
            if self._console.wait([], left):
                keys = self._console.keys()
                if not keys or any(key in keys for key in (*LEAVE, INTERRUPT)):
                    return True
        return False
