# SPDX-License-Identifier: MIT
"""Runs coroutines for programs that block: one event loop, in a thread of its own.

So connections live, and answer pings, while the program sleeps, computes, or waits for a person.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import socket
import threading
from collections.abc import Awaitable, Coroutine
from typing import Any, Callable, TypeVar

T = TypeVar("T")

POLL_S = 0.2 if os.name == "nt" else None
"""Where Ctrl-C does not end a wait, somebody has to look whether it was pressed."""

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_thread: threading.Thread | None = None


def loop() -> asyncio.AbstractEventLoop:
    """The event loop, running."""
    global _loop, _thread
    with _lock:
        if _loop is None or _thread is None or not _thread.is_alive():
            _loop = asyncio.new_event_loop()
            _thread = threading.Thread(target=_loop.run_forever, name="webrepl", daemon=True)
            _thread.start()
        return _loop


class Caller:
    """A thread that waits for a coroutine, and is asked to call functions meanwhile."""

    def __init__(self) -> None:
        """The thread that makes it is the one."""
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._is_over = False
        self._has_ended = False
        self._task: asyncio.Future[Any]

    def wait(
        self, work: Coroutine[Any, Any, T], interrupted: Callable[[], object] | None = None
    ) -> T:
        """Runs a coroutine to its end. Ctrl-C cancels it, and calls `interrupted` in the loop.

        Either way the coroutine has ended afterwards, so it uses nothing of the caller any more. A
        second Ctrl-C does not wait for that.

        Raises:
            RuntimeError: This is the event loop's own thread, which must not wait.
        """
        if threading.current_thread() is _thread:
            work.close()
            raise RuntimeError("this function may not use the board: it would wait for itself")
        loop().call_soon_threadsafe(self._start, work)
        try:
            while call := self._next():
                call()
        except BaseException:
            self._is_over = True
            loop().call_soon_threadsafe(self._give_up, interrupted)
            while not self._has_ended:
                self._next()
            raise
        self._is_over = True
        result: T = self._task.result()
        return result

    def _start(self, work: Coroutine[Any, Any, Any]) -> None:
        self._task = asyncio.ensure_future(work)
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Future[Any]) -> None:
        if not task.cancelled():
            task.exception()  # nobody asks for it after Ctrl-C, and asyncio would complain
        self._has_ended = True
        self._calls.put(None)

    def _give_up(self, interrupted: Callable[[], object] | None) -> None:
        """Cancels first: a coroutine that saw only what `interrupted` does might start anew."""
        self._task.cancel()
        if interrupted:
            interrupted()

    def _next(self) -> Callable[[], None] | None:
        while True:
            try:
                return self._calls.get(timeout=POLL_S)
            except queue.Empty:
                continue

    def here(self, function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
        """A function for the coroutine, which calls `function` in the waiting thread."""

        async def ask(*values: Any) -> Any:
            running = asyncio.get_running_loop()
            if self._is_over:
                raise RuntimeError("nobody waits any more")
            answer: asyncio.Future[Any] = running.create_future()

            def call() -> None:
                try:
                    result = function(*values)
                except Exception as error:
                    running.call_soon_threadsafe(_fail, answer, error)
                else:
                    running.call_soon_threadsafe(_succeed, answer, result)

            self._calls.put(call)
            return await answer

        return ask


def wait(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end, from any thread but the event loop's own."""
    return Caller().wait(work)


def _succeed(answer: asyncio.Future[T], value: T) -> None:
    if not answer.done():
        answer.set_result(value)


def _fail(answer: asyncio.Future[T], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)


class Doorbell:
    """A descriptor that can be read, for select(), when something has happened."""

    def __init__(self) -> None:
        """Not rung."""
        self._bell, self._button = socket.socketpair()
        for end in (self._bell, self._button):
            end.setblocking(False)

    def fileno(self) -> int:
        """To wait for."""
        return self._bell.fileno()

    def ring(self) -> None:
        """From any thread."""
        with contextlib.suppress(OSError):  # it has been rung often enough, or is closed
            self._button.send(b"!")

    def clear(self) -> None:
        """Before a look at what has happened."""
        with contextlib.suppress(BlockingIOError):
            while self._bell.recv(4096):
                pass

    def close(self) -> None:
        """Nobody waits any more."""
        self._bell.close()
        self._button.close()
