# SPDX-License-Identifier: MIT
"""Boards that attack their clients; see also test_second_session.py."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator

import pytest
from webrepl_client import trees
from webrepl_client.address import Address
from webrepl_client.cli.output import harmless
from webrepl_client.errors import RemoteFileError, Timeout
from webrepl_client.files import Entry
from webrepl_client.link import SocketLink
from webrepl_client.rawrepl import RawRepl
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve


class Silent:
    """The terminal of a firmware that takes Ctrl-C for a key and has no raw REPL."""

    async def write(self, data: bytes) -> None:
        """Takes it."""

    async def interrupt(self) -> None:
        """Interrupts nothing."""

    def take(self) -> bytes:
        return b""

    async def read_until(self, *_: object) -> None:
        await asyncio.Event().wait()


def test_a_firmware_without_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webrepl_client.rawrepl.ENTER_TIMEOUT", 0.05)
    with pytest.raises(Timeout, match="cannot be interrupted, or there is no Python"):
        asyncio.run(RawRepl(Silent()).enter())  # type: ignore[arg-type]


class Endless:
    """A board with endless directories."""

    async def listdir(self, path: str, **_: object) -> list[Entry]:
        return [Entry("again", True, 0)]


def test_directories_without_end() -> None:
    with pytest.raises(RemoteFileError, match="symbolic links"):
        asyncio.run(trees.walk_there(Endless(), "dir"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        ("a\rb", "a\\rb"),
        ("größe 数 🙂\tx\n", "größe 数 🙂\tx\n"),
    ],
)
def test_names_do_not_control_the_terminal(name: str, shown: str) -> None:
    assert harmless(name) == shown


def test_a_terminal_is_spared_them(board, person) -> None:
    (board.directory / "a\x1b[31mred").write_text("")
    asked = person("-c", board.address, "ls")
    assert asked.status() == 0
    assert "a\\x1b[31mred" in asked.screen


def ping_for_ever(socket: ServerConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        for _ in range(2000):
            socket.ping()
            time.sleep(0.01)


@pytest.fixture
def pinging() -> Iterator[Address]:
    """A board that sends nothing but pings."""
    with serve(ping_for_ever, "127.0.0.1", 0, ping_interval=None) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Address.of(f"ws://127.0.0.1:{server.socket.getsockname()[1]}/")
        server.shutdown()
    thread.join()


def test_pings_are_no_answer(pinging: Address) -> None:
    async def ask() -> None:
        link = await SocketLink.open(pinging)
        with pytest.raises(Timeout):
            await link.until(lambda: None, 0.3)
        await link.close()

    asyncio.run(ask())
