# SPDX-License-Identifier: MIT
"""The library, blocking and for asyncio, with a board of each edition."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import threading
from collections.abc import Coroutine
from typing import Any

import pytest
import webrepl_client
from webrepl_client import Options, aio
from webrepl_client.errors import Busy, ExecError, RemoteFileError, Timeout, WrongPassword

from .desktop import PASSWORD


@pytest.fixture
def options(edition) -> Options:
    return Options(classic=bool(edition))


def test_the_second_edition_is_preferred(board) -> None:
    with webrepl_client.connect(board.url, PASSWORD) as session:
        assert session.edition == 2
    with webrepl_client.connect(board.url, PASSWORD, options=Options(classic=True)) as session:
        assert session.edition == 1


def test_blocking(board, options: Options) -> None:
    with webrepl_client.connect(board.url, PASSWORD, options=options) as session:
        assert session.eval("[6 * 7, 'größe', b'\\xff']") == [42, "größe", b"\xff"]
        assert session.eval("object") == "<class 'object'>"
        contents = os.urandom(100_000)
        session.write_bytes("a", contents)
        assert session.read_bytes("a") == contents
        assert session.listdir() == [webrepl_client.Entry("a", False, 100_000)]
        session.mkdir("b")
        session.rename("a", "b/a")
        assert session.stat("b").is_dir
        assert session.space().total > 0
        session.remove("b/a")
        session.rmdir("b")
        with pytest.raises(RemoteFileError):
            session.digest("a")
        with pytest.raises(ExecError) as caught:
            session.exec("import nothing")
        assert "nothing" in str(caught.value)
        assert session.exec("print('still here')") == b"still here\r\n"


def test_a_program_that_says_nothing_for_too_long(board, options: Options) -> None:
    with webrepl_client.connect(board.url, PASSWORD, options=options) as session:
        for _ in range(3):
            with pytest.raises(Timeout):
                session.exec("print('begun')\nimport time; time.sleep(30)", timeout=0.2)
            assert session.exec("print('next')") == b"next\r\n"
        assert session.eval("1") == 1


def test_the_terminal(board, options: Options) -> None:
    with webrepl_client.connect(board.url, lambda: PASSWORD, options=options) as session:
        session.write(b"print(6 * 7)\r")
        seen = b""
        while b"42\r\n>>> " not in seen:
            piece = session.read(30)
            assert piece, seen
            seen += piece


def go(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 60))


def test_asyncio(board, options: Options) -> None:
    async def work() -> None:
        async with await aio.connect(board.url, PASSWORD, options=options) as session:
            values = await asyncio.gather(*(session.eval(f"{n} * 2") for n in range(10)))
            assert values == [n * 2 for n in range(10)]
            contents = os.urandom(100_000)
            await session.put("a", io.BytesIO(contents))
            back = bytearray()
            await session.get("a", back.extend)
            assert back == contents
            with pytest.raises(ExecError):
                await session.exec("1/0")

    go(work())


def test_asyncio_does_several_things_at_once(board) -> None:
    async def work() -> None:
        async with await aio.connect(board.url, PASSWORD) as session:

            async def copy(name: str) -> None:
                contents = os.urandom(50_000)
                await session.put(name, io.BytesIO(contents))
                back = bytearray()
                await session.get(name, back.extend)
                assert back == contents

            ticks = "import time\nfor n in range(10): time.sleep(0.05); print(n)"
            output, *_ = await asyncio.gather(
                session.exec(ticks), *(copy(f"f{number}") for number in range(12))
            )
            assert output.split() == [b"%d" % n for n in range(10)]

    go(work())


def test_asyncio_can_be_cancelled(board, options: Options) -> None:
    async def work() -> None:
        async with await aio.connect(board.url, PASSWORD, options=options) as session:
            task = asyncio.ensure_future(session.exec("while True: pass"))
            await asyncio.sleep(0.5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await session.eval("6 * 7") == 42

    go(work())


def test_errors_are_the_same(board, options: Options) -> None:
    async def work() -> None:
        with pytest.raises(WrongPassword):
            await aio.connect(board.url, "wrong", options=options)
        async with await aio.connect(board.url, PASSWORD, options=options) as session:
            await session.eval("1")
            with pytest.raises(Busy):
                async with await aio.connect(board.url, PASSWORD, options=options) as other:
                    await other.eval("2")

    go(work())


def press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_leaves_a_session_that_goes_on(board, options: Options) -> None:
    with webrepl_client.connect(board.url, PASSWORD, options=options) as session:
        for code in ("while True: pass", "print('begun')\nimport time; time.sleep(30)"):
            threading.Timer(0.3, press_ctrl_c).start()
            with pytest.raises(KeyboardInterrupt):
                session.exec(code)
            assert session.eval("6 * 7") == 42
            assert session.listdir() == []
