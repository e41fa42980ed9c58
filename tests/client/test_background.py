# SPDX-License-Identifier: MIT
"""Threads that wait for coroutines."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

import pytest
from webrepl_client.background import Caller, wait

ROUNDS = 40
"""Enough to meet a race that is won five times of six."""


class Upload:
    """Work that starts anew when its connection is lost, and reads a file of its caller."""

    def __init__(self) -> None:
        """In the event loop's thread, as Python 3.9 requires."""
        self.lost = asyncio.Event()
        self.started_anew = False
        self.has_ended = False

    async def work(self, wait_for_caller: Callable[[], Awaitable[object]]) -> None:
        await wait_for_caller()
        os.kill(os.getpid(), signal.SIGINT)
        try:
            await self.lost.wait()
            self.started_anew = True
        finally:
            await asyncio.sleep(0)
            self.has_ended = True


async def make_upload() -> Upload:
    return Upload()


def test_what_ctrl_c_ends_has_ended_and_does_not_start_anew() -> None:
    for _ in range(ROUNDS):
        upload, caller = wait(make_upload()), Caller()
        with pytest.raises(KeyboardInterrupt):
            caller.wait(upload.work(caller.here(lambda: None)), upload.lost.set)
        assert upload.has_ended
        assert not upload.started_anew


def test_ctrl_c_before_work_has_begun_ends_it() -> None:
    def press() -> None:
        raise KeyboardInterrupt

    for _ in range(ROUNDS):
        upload, caller = wait(make_upload()), Caller()
        caller._calls.put(press)
        with pytest.raises(KeyboardInterrupt):
            caller.wait(upload.work(caller.here(lambda: None)))
        assert not upload.started_anew


class PressedAtTheEnd(Caller):
    """Ctrl-C comes when the work has just ended, and its caller has just been woken."""

    is_pressed = False

    def _next(self) -> Callable[[], None] | None:
        call = super()._next()
        if call is None and not self.is_pressed:
            self.is_pressed = True
            raise KeyboardInterrupt
        return call


def test_ctrl_c_at_the_very_end_waits_for_nothing() -> None:
    with pytest.raises(KeyboardInterrupt):
        PressedAtTheEnd().wait(asyncio.sleep(0))
