# SPDX-License-Identifier: MIT
"""The work for one board: its connection, opened when first needed, and where output goes."""

from __future__ import annotations

import contextlib
import ssl
import time
from dataclasses import dataclass, field

from .. import aio, passwords
from .. import board as boards
from ..address import Address, candidates
from ..board import Board
from ..device import Options
from ..errors import WebreplError
from ..reconnect import Reconnect
from .output import Output

RETURN_PATIENCE = 60.0
"""Seconds to wait for a board that was reset."""


@dataclass
class Settings:
    """The options before the verbs."""

    password: str | None = None
    remember: bool = False
    tls: ssl.SSLContext | None = None
    options: Options = field(default_factory=Options)


class Job:
    """Everything that the verbs for one board share."""

    def __init__(self, name: str, settings: Settings, output: Output) -> None:
        """For the board with that address."""
        self.name = name
        self.settings = settings
        self.output = output
        self.may_return = False
        """Whether the board was reset, so that the next connection may take a while."""
        self._board: Board | None = None
        self._password: str | None = None

    @property
    def board(self) -> Board:
        """The board, connected."""
        if self._board is None:
            self._board = self._come_back() if self.may_return else self.connect()
            self.may_return = False
        return self._board

    def connect(self) -> Board:
        """Opens a session."""
        address = candidates(self.name)[0]
        board = boards.connect(
            self.name,
            lambda: self.password(address),
            tls=self.settings.tls,
            options=self.settings.options,
        )
        board.on_lost(self._tell_lost)
        if self.settings.remember and self._password is not None:
            passwords.remember(address, self._password)
        return board

    def _tell_lost(self, error: WebreplError) -> None:
        self.output.complain(f"webrepl: {error}; trying again for {aio.RETURN_PATIENCE:g} s")

    def password(self, address: Address) -> str:
        """Asks only once, however often the board is connected."""
        if self._password is None:
            with self.output.undisturbed():
                self._password = passwords.find(address, self.settings.password)
        return self._password

    def _come_back(self) -> Board:
        reconnect = Reconnect(RETURN_PATIENCE)
        delay = reconnect.restarted()
        while True:
            time.sleep(delay)
            try:
                return self.connect()
            except WebreplError as error:
                delay = reconnect.failed(error)

    def forget(self, *, returns: bool) -> None:
        """Ends the session; `returns` says that the board was reset."""
        board, self._board = self._board, None
        self.may_return = returns
        if board:
            board.close()

    def replace(self, board: Board) -> None:
        """Continues with another session."""
        self._board = board

    def abandon(self) -> None:
        """Ends the session after an error, whatever state it is in."""
        with contextlib.suppress(WebreplError, OSError):
            self.forget(returns=False)

    def point_to(self, name: str) -> None:
        """Switches to another board."""
        self.forget(returns=False)
        self.name = name
        self._password = None
