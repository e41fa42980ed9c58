# SPDX-License-Identifier: MIT
"""Addresses of boards: what people write, and the URLs that it may mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

CLASSIC_PORT = 8266
PORTS = {"ws": 80, "wss": 443}


@dataclass(frozen=True)
class Address:
    """One WebSocket URL."""

    url: str
    host: str
    port: int
    is_secure: bool

    def __str__(self) -> str:
        """As people read it."""
        return self.url

    @classmethod
    def of(cls, url: str) -> Address:
        """Parses a URL.

        Raises:
            ValueError: It is not a ws:// or wss:// URL; the message says what is wrong.
        """
        parts = urlsplit(url)
        scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
        if scheme not in PORTS:
            raise ValueError(f"{url}: an address begins with ws:// or wss://")
        if not parts.hostname or "@" in parts.netloc:
            raise ValueError(f"{url}: this has no host, or a name before it")
        try:
            port = parts.port if parts.port is not None else PORTS[scheme]
        except ValueError:
            raise ValueError(f"{url}: a port is a number from 1 to 65535") from None
        if port == 0:
            raise ValueError(f"{url}: a port is a number from 1 to 65535")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return cls(f"{scheme}://{host}:{port}{path}", parts.hostname, port, scheme == "wss")


def candidates(text: str) -> list[Address]:
    """The addresses that `text` may mean, the likeliest first.

    A URL means itself. `host:port` means `/ws` or `/` there. `host` alone means port 80, where
    uhttpd's own servers are, or port 8266, where every WebREPL of MicroPython is.
    `host:port/path` is a URL without its beginning.

    Raises:
        ValueError: It cannot be an address.
    """
    if "://" in text:
        return [Address.of(text)]
    place, slash, path = text.partition("/")
    has_port = re.search(r":\d+$", place) is not None
    if not place or re.search(r"[\s?#@]|^[^:]*:$", text) or (slash and not has_port):
        raise ValueError(f"{text!r} is no address: write HOST, HOST:PORT or ws://HOST/ws")
    if place.count(":") > 1 and not place.startswith("["):
        place = f"[{place}]"
    if slash:
        return [Address.of(f"ws://{place}/{path}")]
    if has_port and re.search(r":\d+$", place):
        return [Address.of(f"ws://{place}{path}") for path in ("/ws", "/")]
    return [Address.of(f"ws://{place}/ws"), Address.of(f"ws://{place}:{CLASSIC_PORT}/")]
