# SPDX-License-Identifier: MIT
"""When the client tries again, and when it gives up."""

from __future__ import annotations

import pytest
from webrepl_client import reconnect
from webrepl_client.errors import (
    Busy,
    Lost,
    NotWebrepl,
    TakenOver,
    Unreachable,
    WebreplError,
    WrongPassword,
    closed_error,
)
from webrepl_client.reconnect import Reconnect, State


def test_delays_grow_up_to_a_limit() -> None:
    machine = Reconnect(1000)
    delays = [machine.failed(Unreachable("gone")) for _ in range(8)]
    assert delays[:3] == [1, 2, 4]
    assert delays[-1] == reconnect.LAST_DELAY
    assert machine.state is State.WAITING


def test_a_board_that_starts_again_is_asked_soon() -> None:
    assert Reconnect(60).failed(closed_error(1012, "")) == reconnect.RESTART_DELAY


def test_a_new_session_begins_anew() -> None:
    machine = Reconnect(60)
    machine.failed(Lost("gone"))
    machine.failed(Lost("gone"))
    machine.connected()
    assert machine.state is State.CONNECTED
    assert machine.failed(Lost("gone")) == reconnect.FIRST_DELAY


def test_patience_ends() -> None:
    machine = Reconnect(3)
    with pytest.raises(Unreachable):
        for _ in range(10):
            machine.failed(Unreachable("gone"))
    assert machine.state is State.ENDED


@pytest.mark.parametrize(
    "error", [WrongPassword("no"), TakenOver("by others"), Busy("in use"), NotWebrepl("404")]
)
def test_what_lasts_is_not_tried_again(error: WebreplError) -> None:
    machine = Reconnect(60)
    with pytest.raises(type(error)):
        machine.failed(error)
    assert machine.state is State.ENDED


def test_a_terminal_may_be_in_use_for_a_moment_after_a_reset() -> None:
    machine = Reconnect(60)
    machine.failed(Lost("gone"))
    assert machine.failed(Busy("by the session that was lost")) > 0


def test_a_server_may_be_there_before_its_terminal_after_a_reset() -> None:
    machine = Reconnect(60)
    machine.restarted()
    assert machine.failed(NotWebrepl("it answers 404")) > 0
