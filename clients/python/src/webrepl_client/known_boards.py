# SPDX-License-Identifier: MIT
"""Boards that have spoken the second edition: they are not given a password in clear again.

A file like OpenSSH's known_hosts: one HOST:PORT a line. Whoever answers there without the second
edition may be somebody else who waits for the password.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from .address import Address

VARIABLE = "WEBREPL_KNOWN_BOARDS"
"""Another place for the file."""


def place() -> Path:
    """Where the file is, or will be."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given)
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "webrepl" / "known_boards"


def _line(address: Address) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host.lower()}:{address.port}"


def _known() -> set[str]:
    try:
        return set(place().read_text().split())
    except (OSError, ValueError, RuntimeError):
        return set()


def is_known(addresses: Iterable[Address]) -> bool:
    """Whether one of the places that an address may mean has spoken the second edition."""
    known = _known()
    return any(_line(address) in known for address in addresses)


def remember(address: Address) -> None:
    """Notes that this one has. Without a place to write to, nothing is remembered."""
    if _line(address) in _known():
        return
    with contextlib.suppress(OSError, RuntimeError):
        path = place()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("a") as file:
            file.write(f"{_line(address)}\n")
