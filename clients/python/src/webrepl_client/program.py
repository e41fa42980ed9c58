# SPDX-License-Identifier: MIT
"""Runs a program on a board as if it ran here: with its input, and its exit status.

sys.exit() would restart the interpreter of a board, and input that a program has not read would be
run by the raw REPL as the next program. So a few lines around the program catch the one, and read
the other up to a word that nobody can know.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import os
import re
from collections.abc import AsyncIterable

from .errors import WebreplError
from .rawrepl import OUTPUT_END, RawRepl
from .session import ANSWER_TIMEOUT, Session, Sink

AROUND = """\
def _webrepl(code):
 import sys
 status=()
 try:exec(code,globals())
 except SystemExit as e:status=e.args
 finally:
  print({mark!r}+repr([a if isinstance(a,int) else str(a) for a in status if a is not None]))
  stdin=getattr(sys.stdin,'buffer',sys.stdin)
  last=stdin.read(0)
  end={word!r} if isinstance(last,str) else {word!r}.encode()
  while last!=end:last=(last+stdin.read(1))[-len(end):]
_webrepl(compile({code!r},{name!r},'exec'))
"""
OURS = re.compile(
    r'(Traceback.*\n)(?:  File "<stdin>", line \d+, in (?:<module>|_webrepl)\n){1,2}'
)
"""The lines of a traceback that are about the lines above."""
END_OF_INPUT = b"\x04"
END_PAUSE = 1.0
"""Seconds between two ends of the input, for programs that ask again."""
STATUS_MAX = 4096


async def play(
    session: Session,
    repl: RawRepl,
    code: str,
    name: str,
    sink: Sink,
    keys: AsyncIterable[bytes] | None,
) -> int | str:
    """Runs a program to its end; returns what it has given to sys.exit(), or 0.

    Args:
        session: What the raw REPL uses.
        repl: The raw REPL.
        code: The program.
        name: Its name in tracebacks.
        sink: Gets the output as it comes.
        keys: What the program can read, to its end; None: nothing is typed.

    Raises:
        ExecError: It has raised another exception.
    """
    word = os.urandom(6).hex()
    mark = OUTPUT_END + word.encode()
    await repl.start(AROUND.format(mark=mark.decode(), word=word, code=code, name=name))
    repl.farewell = word.encode()
    typist = asyncio.ensure_future(_type(session, keys)) if keys else None
    try:
        await session.read_until(OUTPUT_END, None, sink)
    finally:
        if typist:
            typist.cancel()
            await asyncio.gather(typist, return_exceptions=True)
    await session.write(word.encode())
    repl.farewell = b""
    answer = await session.read_until(OUTPUT_END, ANSWER_TIMEOUT)
    if not answer.startswith(word.encode()):  # the lines around it have failed
        await repl.finish(answer)
        return 0
    status = answer[len(word) : STATUS_MAX].decode(errors="replace")
    problem = await session.read_until(OUTPUT_END, ANSWER_TIMEOUT)
    await repl.finish(
        OURS.sub(r"\1", problem.decode(errors="replace").replace("\r\n", "\n")).encode()
    )
    return _status(status)


def _status(text: str) -> int | str:
    try:
        values = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        return text.strip()
    value = values[0] if values else 0
    return int(value) & 0xFF if isinstance(value, int) else str(value)


async def _type(session: Session, keys: AsyncIterable[bytes]) -> None:
    with contextlib.suppress(WebreplError):  # whoever waits for the output gets it, too
        last = b"\r"
        async for piece in keys:
            if piece:
                last = piece.replace(b"\r\n", b"\r").replace(b"\n", b"\r")
                await session.write(last)
        if not last.endswith(b"\r"):
            await session.write(b"\r")
        while True:
            await session.write_some(END_OF_INPUT)
            await asyncio.sleep(END_PAUSE)
