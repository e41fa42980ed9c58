# SPDX-License-Identifier: MIT
"""A session lives while nobody looks at it, comes back when it was lost, or says that it is."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import webrepl_client
from webrepl_client import Options, aio
from webrepl_client.errors import Lost

from tests.support.process import each_closed

from .between import Between
from .desktop import PASSWORD, webrepl

PING_S = 1.0
"""Seconds between pings; a client that does not answer one in that time is dropped."""
ABSENCE_S = 4 * PING_S


@pytest.fixture
def between(board) -> Iterator[Callable[..., Between]]:
    """Puts something between clients and the board."""
    with each_closed(lambda **how: Between(board.url, **how)) as start:
        yield start


@pytest.fixture
def options(edition) -> Options:
    return Options(classic=bool(edition))


def connect(place: Between, options: Options) -> webrepl_client.Board:
    return webrepl_client.connect(place.url, PASSWORD, options=options)


def test_pings_are_answered_while_a_program_sleeps(between, options: Options) -> None:
    place = between(ping_s=PING_S)
    with connect(place, options) as session:
        session.exec("x = 42")
        time.sleep(ABSENCE_S)
        assert session.eval("x") == 42
        assert len(place.sessions) == 1


def test_pings_are_answered_between_verbs(between, edition) -> None:
    place = between(ping_s=PING_S)
    done = webrepl(
        *edition, place.address, "exec", "x = 42", "+", "sleep", ABSENCE_S, "+", "eval", "x"
    )
    assert (done.status, done.out) == (0, "42\r\n")
    assert len(place.sessions) == 1


def test_pings_are_answered_while_an_editor_is_open(board, between, edition, here: Path) -> None:
    editor = here / "editor"
    editor.write_text(f'#!/bin/sh\nsleep {ABSENCE_S}\necho "more" >> "$1"\n')
    editor.chmod(0o755)
    (board.directory / "a").write_text("1\n")
    place = between(ping_s=PING_S)
    done = webrepl(*edition, place.address, "edit", "a", EDITOR=str(editor))
    assert done.status == 0, done
    assert (board.directory / "a").read_text() == "1\nmore\n"
    assert len(place.sessions) == 1


def test_what_only_reads_comes_back_by_itself(board, between, options: Options) -> None:
    (board.directory / "a").write_text("contents")
    place = between()
    with connect(place, options) as session:
        for number in range(1, 4):
            assert session.read_bytes("a") == b"contents"
            assert session.listdir()[0].name == "a"
            assert len(place.sessions) == number
            place.cut()


def test_a_put_comes_back_in_the_middle(board, between, options: Options, here: Path) -> None:
    contents = os.urandom(2_000_000)
    (here / "big").write_bytes(contents)
    place = between()
    cuts: list[int] = []

    def cut_once(sent: int) -> None:
        if sent > 1_000_000 and not cuts:
            cuts.append(sent)
            threading.Thread(target=place.cut).start()

    with connect(place, options) as session, (here / "big").open("rb") as file:
        session.put("big", file, cut_once)
    assert (board.directory / "big").read_bytes() == contents
    assert len(place.sessions) == 2


def test_a_get_begins_again_if_it_may(board, between, options: Options) -> None:
    contents = os.urandom(2_000_000)
    (board.directory / "big").write_bytes(contents)
    place = between()
    back = bytearray()

    def take(piece: bytes) -> None:
        back.extend(piece)
        if len(place.sessions) == 1 and len(back) > 1_000_000:
            place.cut()

    with connect(place, options) as session:
        session.get("big", take, restart=back.clear)
    assert back == contents
    assert len(place.sessions) == 2


def test_what_may_have_been_done_is_not_repeated(board, between, options: Options) -> None:
    place = between()
    with connect(place, options) as session:
        session.exec("x = 42")
        place.cut()
        with pytest.raises(Lost):
            session.mkdir("a")
        session.mkdir("b")
        assert os.listdir(board.directory) == ["b"]
        threading.Timer(0.3, place.cut).start()
        with pytest.raises(Lost):
            session.exec("while True: pass")
        assert session.eval("6 * 7") == 42


def test_a_board_may_be_shared_by_threads(board, options: Options) -> None:
    failures: list[BaseException] = []
    with webrepl_client.connect(board.url, PASSWORD, options=options) as session:

        def work(number: int) -> None:
            try:
                for turn in range(5):
                    assert session.eval(f"{number} * {turn}") == number * turn
                    session.write_bytes(f"f{number}", bytes([turn]) * 3000)
                    assert session.read_bytes(f"f{number}") == bytes([turn]) * 3000
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert session.eval("1") == 1


def test_a_callback_that_would_wait_for_itself_is_told(board, here: Path) -> None:
    with webrepl_client.connect(board.url, PASSWORD) as session:
        (here / "a").write_bytes(b"1")
        with (here / "a").open("rb") as file, pytest.raises(RuntimeError, match="wait for itself"):
            session.put("a", file, lambda sent: session.eval("1"))
        assert session.eval("1") == 1


def test_a_sink_may_use_the_board(board) -> None:
    with webrepl_client.connect(board.url, PASSWORD) as session:
        session.exec("print('a')", lambda piece: session.write_bytes("seen", piece))
        assert session.read_bytes("seen").startswith(b"a")


def test_many_operations_at_once_all_end(board, options: Options) -> None:
    async def work() -> None:
        (board.directory / "a").write_text("contents")
        async with await aio.connect(board.url, PASSWORD, options=options) as session:
            for _ in range(20):
                found = await asyncio.gather(*(session.stat("a") for _ in range(10)))
                assert {entry.size for entry in found} == {8}

    asyncio.run(asyncio.wait_for(work(), 25))


def test_cancelling_leaves_nothing_behind(board, options: Options) -> None:
    async def work() -> None:
        (board.directory / "big").write_bytes(bytes(300_000))
        async with await aio.connect(board.url, PASSWORD, options=options) as session:
            for number in range(40):
                works = [
                    session.read_bytes("big"),
                    session.write_bytes("other", bytes(100_000)),
                    session.stat("big"),
                    session.exec("import time\nwhile True: time.sleep(0.01)"),
                    session.attach(),
                    session.interrupt(),
                ]
                tasks = [asyncio.ensure_future(one) for one in works]
                await asyncio.sleep(0.004 * (number % 10))
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            assert len(await session.read_bytes("big")) == 300_000
            assert await session.eval("6 * 7") == 42
            others = asyncio.all_tasks() - {asyncio.current_task()}
            assert len(others) <= 2, others  # the connection's

    asyncio.run(asyncio.wait_for(work(), 60))


def test_time_limits_are_kept(board) -> None:
    with webrepl_client.connect(board.url, PASSWORD, timeout=30) as session:
        with pytest.raises(webrepl_client.errors.Timeout):
            session.run("while True: pass", print, timeout=0.2)
        with pytest.raises(webrepl_client.errors.Timeout):
            session.eval("__import__('time').sleep(30)", timeout=0.2)
        assert session.eval("6 * 7", timeout=30) == 42
