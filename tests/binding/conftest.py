# SPDX-License-Identifier: MIT
"""Programs to test with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))

from ports import free_port  # noqa: E402
from programs import run  # noqa: E402
from socket_client import Sockets, open_socket  # noqa: E402


@pytest.fixture
def sockets() -> Iterator[Sockets]:
    """WebSocket clients that stay until the test ends."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(open_socket(*args, **options))
