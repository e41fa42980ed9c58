# SPDX-License-Identifier: MIT
"""Boards are found by their announcements, and by given names."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest
from webrepl_client import discover
from zeroconf import ServiceInfo, Zeroconf

from tests.support.ports import unused_port

from .desktop import webrepl


@pytest.fixture
def announce(board) -> Iterator[None]:
    """Announces the board on this machine only."""
    zeroconf = Zeroconf(interfaces=["127.0.0.1"])
    address = [socket.inet_aton("127.0.0.1")]
    zeroconf.register_service(
        ServiceInfo(
            "_webrepl._tcp.local.",
            "board._webrepl._tcp.local.",
            board.port,
            addresses=address,
            properties={"path": "/ws"},
        )
    )
    yield
    zeroconf.close()


def test_boards_at_given_names_are_listed(board) -> None:
    nobody = f"127.0.0.1:{unused_port()}"
    done = webrepl("-j", "devs", nobody, board.address)
    (found,) = json.loads(done.out)["result"]
    assert found["url"] == board.url
    assert not found["is_busy"]
    assert webrepl("devs", nobody).error == "no board was found\n"


def test_announced_boards_are_listed(announce, board, monkeypatch) -> None:
    monkeypatch.setattr(
        "zeroconf.Zeroconf", lambda: Zeroconf(interfaces=["127.0.0.1"], unicast=False)
    )
    assert board.url in discover.browse(4)
