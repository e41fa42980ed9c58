# SPDX-License-Identifier: MIT
"""Waiting for what can be observed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds after which something that should have happened never will."""


def eventually(
    attempt: Callable[[], T],
    pause: float = 0.005,
    failures: tuple[type[BaseException], ...] = (),
) -> T:
    """Tries until the outcome is true, and returns it; any of `failures` counts as "not yet"."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if outcome := attempt():
                return outcome
        except failures:
            pass
        assert time.monotonic() < end, "it never happened"
        time.sleep(pause)
