# SPDX-License-Identifier: MIT
"""TCP ports that nobody listens on at the moment."""

from __future__ import annotations

import socket


def unused_port() -> int:
    """Returns one of them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
