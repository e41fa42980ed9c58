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
    """Waits for something, in the same task.

    Raises:
        asyncio.TimeoutError: It takes longer than that, and was cancelled.
    """
    task = asyncio.current_task()
    if seconds is None or task is None:
        return await work
    before = _cancelling(task)
    is_over = False

    def end() -> None:
        nonlocal is_over
        is_over = True
        task.cancel()

    alarm = asyncio.get_running_loop().call_later(seconds, end)
    try:
        return await work
    except asyncio.CancelledError:
        if is_over and _uncancel(task) <= before:
            raise asyncio.TimeoutError from None
        raise
    finally:
        alarm.cancel()


def _cancelling(task: asyncio.Task[object]) -> int:
    """How often somebody has asked for its end; Python counts since 3.11."""
    return task.cancelling() if hasattr(task, "cancelling") else 0


def _uncancel(task: asyncio.Task[object]) -> int:
    return task.uncancel() if hasattr(task, "uncancel") else 0
