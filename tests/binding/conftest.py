# SPDX-License-Identifier: MIT
"""Programs to test with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from .socket_client import Sockets, open_socket


@pytest.fixture
def sockets() -> Iterator[Sockets]:
    """WebSocket clients that stay connected until the test ends."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(open_socket(*args, **options))
