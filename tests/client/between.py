# SPDX-License-Identifier: MIT
"""Something between a client and a board: it pings, cuts connections, speaks the old edition."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed


class Between:
    """Passes messages between clients and one board, in an event loop of its own."""

    def __init__(self, url: str, ping_s: float | None = None, *, classic: bool = False) -> None:
        """Starts.

        Args:
            url: The board's.
            ping_s: Pings clients so often, and ends the session of one who does not answer.
            classic: Pretends not to know the second edition.
        """
        self._url = url
        self._ping_s = ping_s
        self._classic = classic
        self.sessions: list[ServerConnection] = []
        self.texts: list[bytes] = []
        """What clients have sent as text."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server = self._do(self._serve())
        self.port = self._server.sockets[0].getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self.url = f"ws://{self.address}/ws"

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _serve(self) -> Any:
        subprotocols: Any = None if self._classic else ["webrepl.2"]
        return await serve(
            self._session,
            "127.0.0.1",
            0,
            subprotocols=subprotocols,
            select_subprotocol=None
            if self._classic
            else lambda _, offered: (offered or [None])[0],
            ping_interval=self._ping_s,
            ping_timeout=self._ping_s,
            compression=None,
        )

    async def _session(self, client: ServerConnection) -> None:
        self.sessions.append(client)
        wanted: Any = [client.subprotocol] if client.subprotocol else None
        async with connect(
            self._url, subprotocols=wanted, compression=None, ping_interval=None
        ) as board:
            there = asyncio.ensure_future(self._pass(client, board))
            back = asyncio.ensure_future(self._pass(board, client))
            await asyncio.wait([there, back], return_when=asyncio.FIRST_COMPLETED)
            for task in (there, back):
                task.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
            await client.close(board.close_code or 1000)

    async def _pass(self, source: Any, target: Any) -> None:
        try:
            async for message in source:
                if isinstance(message, str) and source in self.sessions:
                    self.texts.append(message.encode())
                await target.send(message)
        except ConnectionClosed:
            pass

    def cut(self) -> None:
        """Cuts all connections of clients, without a word."""

        async def abort(connections: Iterable[ServerConnection]) -> None:
            for connection in connections:
                connection.transport.abort()

        self._do(abort(self.sessions))

    def close(self) -> None:
        """Ends."""

        async def end() -> None:
            self._server.close()
            await self._server.wait_closed()

        self._do(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
