# SPDX-License-Identifier: MIT
"""Requests from the receive override, and requests that leave their handler."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from .engine import Engine

ROUNDS = 200


def test_handler_is_called_for_each_word(engine: Engine) -> None:
    client = engine.connect()
    assert [client.ask("now") for _ in range(3)] == ["now"] * 3
    client.send("one", "two", "three")
    assert [client.answer() for _ in range(3)] == ["one", "two", "three"]
    assert engine.counts()["opened"] == 1


@pytest.mark.parametrize(
    "knock", ["other", "post", "bare", "half", "two", "error", "too much", "none"]
)
def test_anything_but_one_whole_request_for_the_handler_ends_the_session(
    start: Callable[..., Engine], knock: str
) -> None:
    assert start(knock=knock).ask("now") == ""


def test_handler_that_fails_ends_the_session(engine: Engine) -> None:
    client, other = engine.connect(), engine.connect()
    assert client.ask("fail") == "fail"
    assert client.answer() == ""
    assert other.ask("now") == "now"


def test_others_are_served_while_a_request_is_detached(engine: Engine) -> None:
    held = engine.connect()
    held.send("hold")
    assert [engine.ask("now") for _ in range(3)] == ["now"] * 3
    assert engine.command("complete") == "1"
    assert held.answer() == "held"
    assert held.ask("now") == "now"


def test_input_while_detached_is_served_afterwards(engine: Engine) -> None:
    client = engine.connect()
    client.send("hold")
    assert engine.ask("now") == "now"
    client.send("now")
    assert engine.ask("now") == "now"
    assert client.is_silent()
    assert not engine.spins()
    engine.command("complete")
    assert [client.answer(), client.answer()] == ["held", "now"]


def test_owner_ends_the_connection(engine: Engine) -> None:
    client = engine.connect()
    assert client.ask("end") == "ok"
    assert client.answer() == ""
    assert engine.ask("now") == "now"
    engine.await_count("closed", 2)


def test_socket_is_the_owners_until_the_request_is_complete(engine: Engine) -> None:
    client = engine.connect()
    number = client.ask("fd")
    client.send("hold")
    assert engine.ask("now") == "now"
    client.close()
    assert number not in {engine.ask("fd") for _ in range(5)}
    engine.await_count("closed", 6)
    engine.command("complete silent")
    engine.await_count("closed", 7)


def talk(engine: Engine, seed: int) -> None:
    """A client that stays, one that reconnects, and one that does not wait for its answer."""
    client = engine.connect()
    for i in range(ROUNDS):
        kind = (seed + i) % 10
        if kind == 9:
            assert client.ask("end") == "ok"
            assert client.answer() == ""
        elif kind == 8:
            client.send("worker")
            client.close()
        else:
            word, answer = ("worker", "ok") if kind % 2 else ("now", "now")
            assert client.ask(word) == answer
            continue
        client = engine.connect()


def test_clients_of_every_kind_at_once(start: Callable[..., Engine]) -> None:
    engine = start(sockets=20)
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(talk, engine, seed) for seed in range(8)]:
            done.result()


def test_stop_while_a_request_is_detached_is_a_mistake(engine: Engine) -> None:
    client = engine.connect()
    client.send("hold")
    assert engine.ask("now") == "now"
    assert "closed while its request is detached" in engine.dies("stop")
