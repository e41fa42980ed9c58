# SPDX-License-Identifier: MIT
"""Verbs for programs: exec, eval, run, soft-reset, reset, rtc."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path
from typing import Any

from ..errors import ProgramExit, UsageError
from ..local_files import local
from .job import Job
from .keys import Keys
from .verb import verb

GROUP = "Programs"


def _run_code(job: Job, code: str, name: str, follow: bool) -> Any:
    """Runs a program to its end, with this command's standard input and output."""
    if not follow:
        job.board.start(code)
        return None
    output = bytearray()
    sink = output.extend if job.output.as_json else job.output.stream
    keys = Keys()
    try:
        with keys.echoed_by_the_board():
            status = job.board.run(code, sink, name=name, keys=keys)
    except KeyboardInterrupt:
        job.board.interrupt()
        raise
    finally:
        keys.stop()
        job.output.end_stream()
    if isinstance(status, str):
        job.output.complain(status)
    if status != 0:
        raise ProgramExit(status if isinstance(status, int) else 1)
    return {"output": output.decode(errors="replace")}


def _follow(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-follow", dest="follow", action="store_false", help="do not wait for its end"
    )


def _code(parser: argparse.ArgumentParser) -> None:
    _follow(parser)
    parser.add_argument("code", help="statements")


def _expression(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("expression")


def _file(parser: argparse.ArgumentParser) -> None:
    _follow(parser)
    parser.add_argument(
        "file",
        help="program here; - is standard input. Where the program's own input ends, input() "
        "raises EOFError, but sys.stdin.read() and readline() wait for ever, as MicroPython's "
        "sys.stdin has no end.",
    )


@verb("exec", GROUP, "run statements", usage="[--no-follow] CODE", arguments=_code)
def exec_code(job: Job, args: argparse.Namespace) -> Any:
    """Shows their output as it comes."""
    return _run_code(job, args.code, "<string>", args.follow)


@verb("eval", GROUP, "print the value of an expression", usage="EXPRESSION", arguments=_expression)
def eval_code(job: Job, args: argparse.Namespace) -> Any:
    """One expression."""
    if job.output.as_json:
        value = job.board.eval(args.expression)
        return value if isinstance(value, (int, float, str, list, dict)) else repr(value)
    job.board.exec(f"print({args.expression})", job.output.stream)
    job.output.end_stream()
    return None


@verb(
    "run",
    GROUP,
    "run a program that is here, not on the board",
    usage="[--no-follow] FILE",
    arguments=_file,
)
def run_file(job: Job, args: argparse.Namespace) -> Any:
    """Nothing is stored on the board. It reads this command's input; its status is this one's."""
    if args.file == "-":
        return _run_code(job, sys.stdin.read(), "<stdin>", args.follow)
    with local(args.file):
        source = Path(args.file).read_bytes()
    try:
        code = source.decode()
    except UnicodeDecodeError:
        raise UsageError(f"run: {args.file} is not UTF-8, so no Python program") from None
    return _run_code(job, code, args.file, args.follow)


@verb("soft-reset", GROUP, "start the interpreter again")
def soft_reset(job: Job, args: argparse.Namespace) -> Any:
    """The next verb waits for the board."""
    del args
    job.board.soft_reset()
    job.forget(returns=True)


@verb("reset", GROUP, "start the board again")
def reset(job: Job, args: argparse.Namespace) -> Any:
    """The next verb waits for the board."""
    del args
    job.board.reset()
    job.forget(returns=True)


def _rtc_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", action="store_true", help="to the time of this machine")


@verb("rtc", GROUP, "print or set the board's clock", usage="[--set]", arguments=_rtc_arguments)
def rtc(job: Job, args: argparse.Namespace) -> Any:
    """As machine.RTC().datetime() has it."""
    if args.set:
        now = datetime.datetime.now()
        value = (*now.timetuple()[:3], now.weekday(), *now.timetuple()[3:6], 0)
        job.board.exec(f"import machine\nmachine.RTC().datetime({value!r})")
    found = job.board.eval("__import__('machine').RTC().datetime()")
    job.output.say(str(found))
    return list(found) if isinstance(found, tuple) else found
