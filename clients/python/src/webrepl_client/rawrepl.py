# SPDX-License-Identifier: MIT
"""Runs code on a board through its raw REPL: one coroutine for each step, over any Session."""

from __future__ import annotations

import asyncio
import contextlib
import os

from .deadline import within
from .errors import ExecError, NotWebrepl, Timeout
from .session import ANSWER_TIMEOUT, Session, Sink

STEP_TIMEOUT = 3.0
"""Seconds for a program of one line."""
ENTER_TIMEOUT = 10.0
"""Seconds until a program that is interrupted must have ended."""
AGAIN_TIMEOUT = 1.5
"""Seconds until it is interrupted again: it may have caught the first Ctrl-C, to tidy up."""
BANNER = b"raw REPL; CTRL-B to exit\r\n>"
OUTPUT_END = b"\x04"
PASTE = b"\x05A\x01"
PASTE_GO_ON, PASTE_STOP = 0x01, 0x04
MANGLED = "\N{REPLACEMENT CHARACTER}".encode()
"""What the classic protocol makes of raw paste's window 0x80."""
PACE_SIZE, PACE_S = 256, 0.01
"""Without raw paste, old boards lose input that arrives faster."""


def discard(data: bytes) -> None:
    """A sink for what nobody needs."""
    del data


class RawRepl:
    """The raw REPL of a board, entered when first needed.

    A program that is left before its end, whatever the reason, is interrupted by the next one.
    """

    def __init__(self, session: Session) -> None:
        """Over a session that is logged in."""
        self._session = session
        self._is_raw = False
        """Whether it was entered, or may have been."""
        self._is_ready = False
        """Whether it waits for code, and nothing else is under way."""
        self.farewell = b""
        """What a program that was left before its end waits for, when it has ended."""
        self._pastes = True

    async def enter(self) -> None:
        """Interrupts what runs, and enters.

        Raises:
            Timeout: The program on the board cannot be interrupted, or is no Python's prompt.
        """
        if self._is_ready:
            return
        was_left, self._is_raw = self._is_raw, True
        try:
            if await within(ENTER_TIMEOUT, self._enter_at_last()) or was_left:
                await within(ENTER_TIMEOUT, self._fall_into_step())
        except (Timeout, asyncio.TimeoutError):
            raise Timeout(
                "the program on the board cannot be interrupted, or there is no Python"
            ) from None
        self._is_ready = True
        self.farewell = b""

    async def _enter_at_last(self) -> bool:
        """Interrupts until it has entered; tells whether once was not enough."""
        attempts = 0
        while True:
            attempts += 1
            with contextlib.suppress(Timeout, asyncio.TimeoutError):
                await within(AGAIN_TIMEOUT, self._enter())
                return attempts > 1

    async def _fall_into_step(self) -> None:
        while not await self._is_in_step():
            await self._enter()

    async def _enter(self) -> None:
        self._session.take()
        await self._session.interrupt()
        await self._session.write(b"\r\x03\x01")
        await self._session.read_until(BANNER, ENTER_TIMEOUT, discard)

    async def _is_in_step(self) -> bool:
        """Whether what comes next is the answer to what was sent last.

        What was left before its end may still answer, and banners look alike.
        """
        word = os.urandom(6).hex()
        await self._session.write(f"print({word[:6]!r}+{word[6:]!r})".encode() + OUTPUT_END)
        answer = f"{word}\r\n\x04\x04>".encode()
        try:
            await within(STEP_TIMEOUT, self._session.read_until(answer, STEP_TIMEOUT, discard))
        except (Timeout, asyncio.TimeoutError):  # somebody has pressed Ctrl-C
            return False
        return True

    async def leave(self) -> None:
        """Returns to the prompt for people, as soon as no program runs."""
        if self._is_raw:
            self._is_raw = self._is_ready = False
            await self._session.write(self.farewell + b"\r\x02")

    async def run(
        self,
        code: str,
        sink: Sink | None,
        timeout: float | None,
        limit: int | None = None,
    ) -> bytes:
        """Runs code until it ends; returns its output, or gives it to `sink` as it comes.

        Args:
            code: Python.
            sink: For the output.
            timeout: Seconds of silence that are allowed; None: any.
            limit: Bytes of output that make sense; None: any.

        Raises:
            ExecError: It raised an exception.
        """
        await self.start(code)
        output = await self._session.read_until(OUTPUT_END, timeout, sink, limit)
        await self.finish(await self._session.read_until(OUTPUT_END, ANSWER_TIMEOUT))
        return output

    async def finish(self, problem: bytes) -> None:
        """Waits until more code can be run, after the output and what went wrong were read.

        Raises:
            ExecError: Something went wrong.
        """
        await self._session.read_until(b">", ANSWER_TIMEOUT)
        self._is_ready = True
        if problem:
            raise ExecError(problem.decode(errors="replace").replace("\r\n", "\n"))

    async def start(self, code: str) -> None:
        """Starts code."""
        await self.enter()
        self._is_ready = False
        if not (self._pastes and await self._paste(code.encode())):
            await self._type(code.encode())

    async def _paste(self, code: bytes) -> bool:
        """Sends code as fast as the board accepts it; False if the board cannot do this."""
        await self._session.write(PASTE)
        answer = await self._exactly(2)
        if answer != b"R\x01":
            self._pastes = False
            if answer != b"R\x00":
                await self._session.read_until(b">", ANSWER_TIMEOUT)
            return False
        window = await self._window()
        room = window
        while code:
            for permission in await self._permissions(wait=room == 0):
                if permission == PASTE_STOP:  # the board has already seen that this is not Python
                    await self._session.write(OUTPUT_END)
                    return True
                room += window
            await self._session.write(code[:room])
            code, room = code[room:], max(0, room - len(code))
        await self._session.write(OUTPUT_END)
        await self._session.read_until(OUTPUT_END, ANSWER_TIMEOUT)
        return True

    async def _window(self) -> int:
        first = await self._exactly(1)
        if first == MANGLED[:1]:
            await self._exactly(len(MANGLED) - 1)
            first = b"\x80"
        return int.from_bytes(first + await self._exactly(1), "little")

    async def _permissions(self, wait: bool) -> bytes:
        """The board's answer to more code. After PASTE_STOP comes output of another kind."""
        seen = await self._exactly(1) if wait else self._session.take()
        before, stop, after = seen.partition(bytes([PASTE_STOP]))
        self._session.give_back(after)
        if before.strip(bytes([PASTE_GO_ON])):
            raise NotWebrepl(f"the raw REPL answers {seen[:40]!r} to code")
        return before + stop

    async def _type(self, code: bytes) -> None:
        for at in range(0, len(code), PACE_SIZE):
            await self._session.write(code[at : at + PACE_SIZE])
            await asyncio.sleep(PACE_S)
        await self._session.write(OUTPUT_END)
        answer = await self._exactly(2)
        if answer != b"OK":
            raise NotWebrepl(f"the raw REPL answers {answer!r} to code")

    async def _exactly(self, count: int) -> bytes:
        seen = b""
        while len(seen) < count:
            seen += await self._session.read_some(count - len(seen), ANSWER_TIMEOUT)
        return seen
