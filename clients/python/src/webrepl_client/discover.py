# SPDX-License-Identifier: MIT
"""Finds boards by their mDNS announcements, and by asking at given names.

It searches no address ranges, because that is slow, and impolite in other people's networks.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from .address import candidates
from .background import wait
from .copies import each
from .errors import Busy, WebreplError
from .link import SocketLink
from .second import SUBPROTOCOL

SERVICES = ("_webrepl._tcp.local.", "_http._tcp.local.")
"""The services that boards announce: WebREPL, or the web server that may include it."""
BROWSE_S = 3.0
PROBES = 16
"""How many names are asked at a time."""


@dataclass(frozen=True)
class Found:
    """A board, or what may be one."""

    name: str
    url: str
    edition: int
    is_busy: bool


def browse(seconds: float = BROWSE_S) -> list[str]:
    """Addresses that are announced: HOST:PORT, and the URL where a board says its path."""
    from zeroconf import ServiceBrowser, Zeroconf

    found: dict[str, None] = {}
    listener = _Listener(found)
    zeroconf = Zeroconf()
    try:
        ServiceBrowser(zeroconf, list(SERVICES), listener)  # type: ignore[arg-type]
        time.sleep(seconds)
    finally:
        zeroconf.close()
    return list(found)


class _Listener:
    def __init__(self, found: dict[str, None]) -> None:
        self._found = found

    def add_service(self, zeroconf: Any, kind: str, name: str) -> None:
        """Called by zeroconf in one of its threads."""
        service = zeroconf.get_service_info(kind, name)
        for address in service.parsed_addresses() if service else []:
            host = f"[{address}]" if ":" in address else address
            path = (service.properties.get(b"path") or b"").decode(errors="replace")
            if kind == SERVICES[0] and path.startswith("/"):
                self._found[f"ws://{host}:{service.port}{path}"] = None
            else:
                self._found[f"{host}:{service.port}"] = None

    update_service = add_service

    def remove_service(self, zeroconf: Any, kind: str, name: str) -> None:
        """Keeps boards that have just gone."""


async def probe(name: str) -> Found | None:
    """Asks whether there is a WebREPL at a name; no password is given."""
    for address in candidates(name):
        try:
            link = await SocketLink.open(address, (SUBPROTOCOL,))
        except Busy:
            return Found(name, address.url, 1, True)
        except WebreplError:
            continue
        edition = 2 if link.subprotocol == SUBPROTOCOL else 1
        await link.close()
        return Found(name, address.url, edition, False)
    return None


async def _probe_all(names: list[str]) -> list[Found]:
    found: dict[str, Found] = {}

    async def ask(name: str) -> None:
        board = await probe(name)
        if board:
            found[name] = board

    await each(names, PROBES, ask)
    return [found[name] for name in names if name in found]


def find(names: list[str] | None = None) -> list[Found]:
    """Boards at those names; without any, those that are announced. Blocks."""
    return wait(_probe_all(browse() if names is None else names))
