# SPDX-License-Identifier: MIT
"""Starting and stopping, and work for the server task."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .engine import Client, Engine, port_in

QUEUE = 6
"""CONFIG_LWIP_UDP_RECVMBOX_SIZE."""


def test_stop_closes_everything_once(engine: Engine) -> None:
    clients = [engine.connect() for _ in range(3)]
    assert [client.ask("now") for client in clients] == ["now"] * 3
    assert engine.command("stop") == "ESP_OK"
    assert [client.answer() for client in clients] == [""] * 3
    counts = engine.counts()
    assert counts["closed"] == counts["freed"] == 3
    assert counts["global_freed"] == 1


def test_port_is_free_at_once(engine: Engine) -> None:
    for _ in range(5):
        assert engine.ask("now") == "now"
        idle = engine.connect()
        assert engine.command("stop") == "ESP_OK"
        assert idle.answer() == ""
        with pytest.raises(ConnectionRefusedError):
            engine.connect()
        assert engine.command("start") == engine.greeting
    assert engine.ask("now") == "now"


def test_two_instances(engine: Engine) -> None:
    another = Client(port_in(engine.command("another")))
    first = engine.connect()
    assert [first.ask("now"), another.ask("now")] == ["now", "now"]
    assert engine.command("stop") == "ESP_OK"
    assert first.answer() == ""
    assert another.ask("now") == "now"
    another.close()


def test_taken_port(start: Callable[..., Engine]) -> None:
    taken = start()
    assert start(port=taken.port).greeting == "ESP_FAIL EADDRINUSE"
    assert taken.ask("now") == "now"


def test_address_of_no_interface(start: Callable[..., Engine]) -> None:
    assert start(bind="192.0.2.1").greeting == "ESP_FAIL EADDRNOTAVAIL"


def test_invalid_address(start: Callable[..., Engine]) -> None:
    assert start(bind="no such address").greeting.startswith("ESP_ERR_INVALID_ARG")


def test_too_many_sockets(start: Callable[..., Engine]) -> None:
    assert start(sockets=65).greeting.startswith("ESP_ERR_INVALID_ARG")


def test_loopback_by_default(engine: Engine) -> None:
    assert engine.ask("now") == "now"
    with pytest.raises(OSError):
        engine.connect("127.0.0.2")


def test_all_interfaces(start: Callable[..., Engine]) -> None:
    assert start(bind="0.0.0.0").connect("127.0.0.2").ask("now") == "now"


def test_both_kinds_of_addresses(start: Callable[..., Engine]) -> None:
    engine = start(bind="::")
    if not engine.greeting.startswith("port"):
        pytest.skip("no IPv6 here")
    assert [engine.connect(host).ask("now") for host in ("127.0.0.1", "::1")] == ["now", "now"]


def test_work_runs_in_order(engine: Engine) -> None:
    for _ in range(10):
        assert engine.command("queue 3") == "3"
        assert engine.ask("now") == "now"
    engine.await_count("work_done", 30)


def test_queue_is_bounded(engine: Engine) -> None:
    engine.command("block")
    assert engine.command("queue 100") == str(QUEUE)
    assert engine.counts()["work_done"] == 0
    engine.command("release")
    engine.await_count("work_done", QUEUE)
    assert engine.command("queue 1") == "1"


def test_work_queued_before_stop_is_done(engine: Engine) -> None:
    engine.command("block")
    assert engine.command("queue 4") == "4"
    engine.command("release")
    assert engine.command("stop") == "ESP_OK"
    assert engine.counts()["work_done"] == 4
