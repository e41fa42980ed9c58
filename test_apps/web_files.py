# SPDX-License-Identifier: MIT
"""Files of a device over HTTP, as the tests ask for them."""

from __future__ import annotations

import json
import random

from tests.support.http import Response

from .device import Device

FOLDER = "/data/web/"
"""Where tests put theirs; what they leave is removed before the next one begins."""


class WebFiles:
    """The folder of the tests."""

    def __init__(self, device: Device) -> None:
        """Begins with an empty one."""
        self.device = device
        removed = self.ask("", "DELETE", query="?force=1")
        assert removed.code in (204, 404), removed.status
        assert self.ask("", "PUT").code == 201

    def ask(
        self, name: str, method: str = "GET", headers: str = "", body: bytes = b"", query: str = ""
    ) -> Response:
        """A request for a file, or for the folder."""
        return self.device.request(FOLDER + name + query, method, headers, body)

    def put(self, name: str, content: bytes) -> Response:
        """Uploads; an empty file too has a length."""
        headers = "" if content else "Content-Length: 0\r\n"
        return self.ask(name, "PUT", headers, content)

    def names(self) -> set[str]:
        """What is in the folder."""
        listed = json.loads(self.ask("").body)
        assert listed["path"] == FOLDER.removeprefix("/data")
        return {entry["path"] for entry in listed["list"]} - {".."}


def noise(size: int) -> bytes:
    """Bytes of which none is where another could be."""
    return random.Random(size).randbytes(size)
