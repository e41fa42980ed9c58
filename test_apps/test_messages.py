# SPDX-License-Identifier: MIT
"""A WebSocket that passes each message on to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from .device import Device, eventually

PATIENCE = 60  # seconds


def join(device: Device) -> ClientConnection:
    return connect(f"ws://{device.host}:{device.port}/api/messages", open_timeout=PATIENCE)


@pytest.fixture
def people(device: Device) -> Iterator[list[ClientConnection]]:
    """Opens two listeners."""
    with ExitStack() as stack:
        yield [stack.enter_context(join(device)) for _ in range(2)]


@pytest.mark.parametrize("message", ["äöü€😀", b"\x00\xff binary", "", "x" * 1000])
def test_everybody_gets_each_message(people: list[ClientConnection], message: str | bytes) -> None:
    people[0].send(message)
    assert [person.recv(PATIENCE) for person in people] == [message, message]


def test_messages_keep_their_order(people: list[ClientConnection]) -> None:
    for number in range(50):
        people[0].send(str(number))
    for person in people:
        assert [person.recv(PATIENCE) for _ in range(50)] == [str(n) for n in range(50)]


def test_a_message_that_is_too_long(people: list[ClientConnection]) -> None:
    people[0].send("x" * 1025)
    with pytest.raises(ConnectionClosed):
        people[0].recv(PATIENCE)
    assert people[0].close_code == 1009
    people[1].send("still here")
    assert people[1].recv(PATIENCE) == "still here"


def test_a_client_that_leaves_makes_room(device: Device) -> None:
    for _ in range(20):
        with eventually(lambda: join(device)) as person:
            person.send("hello")
            assert person.recv(PATIENCE) == "hello"


def test_pings_are_answered(people: list[ClientConnection]) -> None:
    assert people[0].ping("are you there").wait(PATIENCE)
