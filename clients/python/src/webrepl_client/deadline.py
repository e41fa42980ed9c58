# SPDX-License-Identifier: MIT
"""Time limits for coroutines.

asyncio.wait_for() loses a cancellation that comes together with the result, before Python 3.12.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def within(seconds: float | None, work: Awaitable[T]) -> T:
    """Waits for something, and for its end if it has to be cancelled.

    Raises:
        asyncio.TimeoutError: It takes longer than that.
    """
    if seconds is None:
        return await work
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    if task.cancelled():
        raise asyncio.TimeoutError
    return task.result()
