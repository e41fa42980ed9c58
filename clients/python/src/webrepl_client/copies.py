# SPDX-License-Identifier: MIT
"""Copies files to and from a board, as many at a time as the board allows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Callable, NamedTuple, TypeVar

from .files import Entry
from .local_files import digest_here, is_special, local, replacing, write_now
from .progress import Reporter

if TYPE_CHECKING:
    from .aio import AsyncBoard

T = TypeVar("T")


class Copy(NamedTuple):
    """One file to be copied."""

    here: Path
    there: str
    size: int
    known: Entry | None
    """What the other side has of that name; None: copy it, whatever there is."""


async def elsewhere(function: Callable[..., T], *values: object) -> T:
    """Calls a function that blocks, in another thread."""
    return await asyncio.get_running_loop().run_in_executor(None, function, *values)


async def each(items: Iterable[T], parallel: int, work: Callable[[T], Awaitable[object]]) -> None:
    """Does something with all items, `parallel` at a time. The first error ends it."""
    left = iter(items)

    async def some() -> None:
        for item in left:
            await work(item)

    tasks = [asyncio.ensure_future(some()) for _ in range(parallel)]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def is_same(board: AsyncBoard, copy: Copy) -> bool:
    """Whether both sides have the same contents."""
    if copy.known is None or copy.known.is_dir or copy.known.size != copy.size:
        return False
    there = copy.known.digest or await board.digest(copy.there)
    return there == await elsewhere(digest_here, copy.here)


async def _all(
    board: AsyncBoard,
    copies: list[Copy],
    report: Reporter,
    is_done: Callable[[AsyncBoard, Copy], Awaitable[bool]],
    move: Callable[[AsyncBoard, Copy, Reporter], Awaitable[None]],
) -> int:
    """Moves those that are not done yet, several at a time; returns how many."""
    report.begin(len(copies), sum(copy.size for copy in copies))
    count = 0

    async def one(copy: Copy) -> None:
        nonlocal count
        if await is_done(board, copy):
            report.skipped(copy.there, copy.size)
            return
        await move(board, copy, report)
        count += 1

    await each(copies, board.parallel, one)
    return count


async def put_all(board: AsyncBoard, copies: list[Copy], report: Reporter) -> int:
    """Copies files to a board, except those that are the same; returns how many were copied."""
    return await _all(board, copies, report, is_same, _put)


async def _put(board: AsyncBoard, copy: Copy, report: Reporter) -> None:
    report.file(copy.there)
    done = 0

    def sent(size: int) -> None:
        nonlocal done
        report.moved(size - done)
        done = size

    with local(copy.here):
        file = copy.here.open("rb")
    with file:
        await board.put(copy.there, file, sent)


async def get_all(board: AsyncBoard, copies: list[Copy], report: Reporter) -> int:
    """Copies files from a board; returns how many were copied. `size` is that of the board's.

    A copy's `known` is what the board says of a file that may be the same as the one here.
    """
    return await _all(board, copies, report, _is_here, _get)


async def _get(board: AsyncBoard, copy: Copy, report: Reporter) -> None:
    await get_file(board, copy.there, copy.here, report)


async def _is_here(board: AsyncBoard, copy: Copy) -> bool:
    if copy.known is None or not copy.here.is_file():
        return False
    return copy.here.stat().st_size == copy.size and await is_same(board, copy)


async def get_file(board: AsyncBoard, there: str, here: Path, report: Reporter) -> None:
    """Copies a file from a board. A local file stays until the new one is complete."""
    report.file(there)
    if is_special(here):
        with local(here), await elsewhere(lambda: here.open("wb")) as pipe:
            await board.get(there, lambda piece: elsewhere(write_now, pipe, piece))
        return
    with replacing(here) as file:
        done = 0

        def take(piece: bytes) -> None:
            nonlocal done
            with local(here):
                file.write(piece)
            done += len(piece)
            report.moved(len(piece))

        def restart() -> None:
            nonlocal done
            with local(here):
                file.seek(0)
                file.truncate()
            report.moved(-done)
            done = 0

        await board.get(there, take, restart=restart)
