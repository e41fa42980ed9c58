# SPDX-License-Identifier: MIT
"""Which of several failures to report, when an address could mean several places."""

from __future__ import annotations

from .address import Address
from .errors import Busy, NotWebrepl, Unreachable, WebreplError


class Attempts:
    """The attempts so far."""

    def __init__(self, text: str) -> None:
        """With the address that was asked for."""
        self._text = text
        self._errors: list[tuple[Address, WebreplError]] = []

    def failed(self, address: Address, error: WebreplError) -> None:
        """Notes a failure; raises it when nothing else needs to be tried."""
        if isinstance(error, Busy):
            raise error
        self._errors.append((address, error))

    def error(self) -> WebreplError:
        """The failure that says most."""
        if len(self._errors) == 1:
            return self._errors[0][1]
        answers = [error for _, error in self._errors if isinstance(error, NotWebrepl)]
        if answers:
            places = " nor ".join(address.url for address, _ in self._errors)
            return NotWebrepl(f"no WebREPL at {self._text}: neither {places} is one")
        refused = [error for _, error in self._errors if "nobody listens" in str(error)]
        if len(refused) == len(self._errors):
            host = self._errors[0][0].host
            ports = " or ".join(dict.fromkeys(str(place.port) for place, _ in self._errors))
            return Unreachable(f"nobody listens at {host} port {ports}")
        return self._errors[-1][1]
