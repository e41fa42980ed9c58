# SPDX-License-Identifier: MIT
"""Files of a device over HTTP."""

from __future__ import annotations

import json
import random

from tests.support.http import Response

from .device import Device

FOLDER = "/data/web/"
"""The folder for files of tests. It is emptied before each test."""


class WebFiles:
    """The folder for files of tests, over HTTP."""

    def __init__(self, device: Device) -> None:
        """Empties the folder."""
        self.device = device
        removed = self.ask("", "DELETE", query="?force=1")
        assert removed.code in (204, 404), removed.status
        assert self.ask("", "PUT").code == 201

    def ask(
        self, name: str, method: str = "GET", headers: str = "", body: bytes = b"", query: str = ""
    ) -> Response:
        """Sends a request for a file, or for the folder."""
        return self.device.request(FOLDER + name + query, method, headers, body)

    def put(self, name: str, content: bytes) -> Response:
        """Uploads a file; an empty file also has a length."""
        headers = "" if content else "Content-Length: 0\r\n"
        return self.ask(name, "PUT", headers, content)

    def names(self) -> set[str]:
        """Lists the folder."""
        listed = json.loads(self.ask("").body)
        assert listed["path"] == FOLDER.removeprefix("/data")
        return {entry["path"] for entry in listed["list"]} - {".."}


def noise(size: int) -> bytes:
    """Bytes in which any that is lost, doubled or moved shows."""
    return random.Random(size).randbytes(size)
