# SPDX-License-Identifier: MIT
"""Where a password comes from: the caller, the environment, the keyring, or the person."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys

from .address import Address
from .errors import WrongPassword

VARIABLE = "WEBREPL_PASSWORD"
SERVICE = "webrepl"
"""The service name of entries in the keyring."""


def find(address: Address, given: str | None = None) -> str:
    """The password of a board.

    Raises:
        WrongPassword: There is none, and no person to ask.
    """
    for password in (given, os.environ.get(VARIABLE), _from_keyring(address)):
        if password is not None:
            return password
    if not sys.stdin.isatty():
        raise WrongPassword(f"{address} asks for a password: give -p or {VARIABLE}")
    return getpass.getpass(f"Password of {address.host}: ")


def remember(address: Address, password: str) -> bool:
    """Stores a password in the keyring; False if there is none."""
    with contextlib.suppress(ImportError):
        import keyring
        import keyring.errors

        with contextlib.suppress(keyring.errors.KeyringError):
            keyring.set_password(SERVICE, address.url, password)
            return True
    return False


def _from_keyring(address: Address) -> str | None:
    with contextlib.suppress(ImportError):
        import keyring
        import keyring.errors

        with contextlib.suppress(keyring.errors.KeyringError):
            stored: str | None = keyring.get_password(SERVICE, address.url)
            return stored
    return None
