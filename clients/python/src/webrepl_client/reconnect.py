# SPDX-License-Identifier: MIT
"""When to try again after a connection was lost: a state machine without any I/O or clock."""

from __future__ import annotations

import enum

from .errors import Busy, Lost, NotWebrepl, TakenOver, Timeout, Unreachable, WebreplError

RESTART_DELAY = 0.3
"""Seconds before the first attempt after a board said that it is restarting."""
FIRST_DELAY = 1.0
FACTOR = 2.0
LAST_DELAY = 15.0
"""Seconds between two tries, at most."""


class State(enum.Enum):
    """The state of a session."""

    CONNECTED = enum.auto()
    WAITING = enum.auto()
    """Waiting for the next attempt."""
    ENDED = enum.auto()
    """For a reason that another attempt would not change."""


class Reconnect:
    """Tell it what happens; it says how long to wait."""

    def __init__(self, patience: float) -> None:
        """With the seconds after which it gives up."""
        self.state = State.CONNECTED
        self._patience = patience
        self._waited = 0.0
        self._delay = FIRST_DELAY

    def connected(self) -> None:
        """There is a session, so the next loss is a new one."""
        self.state = State.CONNECTED
        self._waited = 0.0
        self._delay = FIRST_DELAY

    def lost(self) -> None:
        """A session has ended, and attempts follow."""
        self.connected()
        self.state = State.WAITING

    def restarted(self) -> float:
        """The board was told to restart; returns the seconds to wait."""
        self.lost()
        return RESTART_DELAY

    def failed(self, error: WebreplError) -> float:
        """A session was lost, or an attempt has failed; returns the seconds to wait.

        Raises:
            WebreplError: The given one, if it is of a lasting kind or the time is over.
        """
        if not self._may_pass(error) or self._waited >= self._patience:
            self.state = State.ENDED
            raise error
        self.state = State.WAITING
        delay = self._next_delay(error)
        self._waited += delay
        return delay

    def _may_pass(self, error: WebreplError) -> bool:
        """Whether the board may only be restarting.

        Its terminal may seem to be in use for a moment, and its server may answer before the
        program has added the terminal to it.
        """
        if isinstance(error, TakenOver):
            return False
        if isinstance(error, (Busy, NotWebrepl)):
            return self.state is State.WAITING
        return isinstance(error, (Lost, Unreachable, Timeout))

    def _next_delay(self, error: WebreplError) -> float:
        if isinstance(error, Lost) and error.restarts:
            return RESTART_DELAY
        delay = self._delay
        self._delay = min(delay * FACTOR, LAST_DELAY)
        return delay
