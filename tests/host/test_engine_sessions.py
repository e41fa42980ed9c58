# SPDX-License-Identifier: MIT
"""Connections: how they begin and end, and too many of them."""

from __future__ import annotations

import resource
from collections.abc import Callable

from .engine import Engine


def test_open_fn_that_fails_ends_the_program(engine: Engine) -> None:
    assert engine.command("refuse 1") == "ok"
    engine.connect()
    assert "open_fn has failed" in engine.last_words()


def test_client_that_leaves_is_forgotten(engine: Engine) -> None:
    engine.connect().close()
    engine.await_count("closed", 1)
    assert engine.counts()["freed"] == 1


def test_newcomers_wait_while_all_sessions_are_taken(start: Callable[..., Engine]) -> None:
    engine = start(sockets=3)
    clients = [engine.connect() for _ in range(3)]
    assert [client.ask("now") for client in clients] == ["now"] * 3
    late = engine.connect()
    late.send("now")
    assert late.is_silent()
    assert clients[0].ask("now") == "now"
    clients[1].close()
    assert late.answer() == "now"


def test_newcomers_wait_while_all_sessions_are_detached(start: Callable[..., Engine]) -> None:
    engine = start(sockets=2)
    held = [engine.connect() for _ in range(2)]
    for client in held:
        client.send("hold")
        assert client.is_silent()
    late = engine.connect()
    late.send("now")
    assert late.is_silent()
    assert not engine.spins()
    assert engine.command("complete") == "2"
    assert [client.answer() for client in held] == ["held", "held"]
    held[0].close()
    assert late.answer() == "now"


def test_newcomers_wait_while_descriptors_are_short(start: Callable[..., Engine]) -> None:
    engine = start(sockets=3)
    client = engine.connect()
    used = int(client.ask("fd")) + 1
    _, most = resource.prlimit(engine.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(engine.process.pid, resource.RLIMIT_NOFILE, (used, most))
    late = engine.connect()
    late.send("now")
    assert late.is_silent()
    assert not engine.spins()
    assert client.ask("now") == "now"
    resource.prlimit(engine.process.pid, resource.RLIMIT_NOFILE, (most, most))
    assert late.answer() == "now"
