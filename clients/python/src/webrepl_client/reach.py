# SPDX-License-Identifier: MIT
"""How to reach a board: the places that an address may mean, and the first session there."""

from __future__ import annotations

import asyncio
import ssl
from typing import Callable

from . import known_boards
from .address import Address, candidates
from .deadline import within
from .device import Device, Options, open_device
from .errors import Downgrade, Timeout, WebreplError
from .link import SocketLink
from .opening import Attempts
from .second import SUBPROTOCOL
from .session import Password, ask


class Reach:
    """All that is needed to open a session, and to open it again."""

    def __init__(
        self,
        address: str,
        password: Password,
        tls: ssl.SSLContext | None,
        options: Options,
        timeout: float | None,
    ) -> None:
        """With what connect() was given; `timeout` is for connection and login together."""
        self.options = options
        self._address = address
        self._password = password
        self._tls = tls
        self._timeout = timeout

    async def open(self, on_news: Callable[[], None]) -> tuple[Address, SocketLink, Device]:
        """Connects and logs in; `on_news` is called whenever something arrives.

        Raises:
            WebreplError: A subclass says what went wrong.
            ValueError: This is not an address.
        """
        try:
            return await within(self._timeout, self._open(on_news))
        except asyncio.TimeoutError:
            raise Timeout(f"{self._address} has not logged in within {self._timeout} s") from None

    async def _open(self, on_news: Callable[[], None]) -> tuple[Address, SocketLink, Device]:
        places = candidates(self._address)
        attempts = Attempts(self._address)
        for place in places:
            try:
                link = await self._connect(place)
            except WebreplError as error:
                attempts.failed(place, error)
                continue
            return await self._login(places, place, link, on_news)
        raise attempts.error()

    async def _connect(self, place: Address) -> SocketLink:
        return await SocketLink.open(place, self.options.subprotocols, self._tls)

    async def _login(
        self, places: list[Address], place: Address, link: SocketLink, on_news: Callable[[], None]
    ) -> tuple[Address, SocketLink, Device]:
        was_known = isinstance(self._password, str)
        self._check_edition(places, place, link)
        try:
            device = await open_device(link, self._ask, self.options)
        except WebreplError as error:
            was_asked = isinstance(self._password, str) and not was_known
            if not was_asked or error is not link.closed:
                raise
            # It has hung up while somebody looked for the password.
            return await self._login(places, place, await self._connect(place), on_news)
        link.on_news, link.is_crowded = on_news, lambda: device.session.is_crowded
        if device.edition > 1:
            known_boards.remember(place)
        return place, link, device

    async def _ask(self) -> str:
        """Only once: later sessions use what was said for the first."""
        self._password = await ask(self._password)
        return self._password

    def _check_edition(self, places: list[Address], place: Address, link: SocketLink) -> None:
        if link.subprotocol == SUBPROTOCOL or self.options.classic:
            return
        if known_boards.is_known(places):
            link.abort()
            raise Downgrade(
                f"{place} has spoken the second edition before, and now asks for the password in "
                "clear: it may be another machine. If its firmware has changed, ask for the "
                f"classic edition (--classic), or remove it from {known_boards.place()}"
            )
