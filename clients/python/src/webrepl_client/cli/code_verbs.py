# SPDX-License-Identifier: MIT
"""Verbs for programs: exec, eval, run, soft-reset, reset."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..transfer import local
from .job import Job
from .verb import verb

GROUP = "Programs"


def _run_code(job: Job, code: str, follow: bool) -> Any:
    if not follow:
        job.board.start(code)
        return None
    output = bytearray()
    sink = output.extend if job.output.as_json else job.output.stream
    try:
        job.board.exec(code, sink)
    except KeyboardInterrupt:
        job.board.interrupt()
        raise
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
    parser.add_argument("file", help="program here; - is standard input")


@verb("exec", GROUP, "run statements", usage="[--no-follow] CODE", arguments=_code)
def exec_code(job: Job, args: argparse.Namespace) -> Any:
    """Shows their output as it comes."""
    return _run_code(job, args.code, args.follow)


@verb("eval", GROUP, "print the value of an expression", usage="EXPRESSION", arguments=_expression)
def eval_code(job: Job, args: argparse.Namespace) -> Any:
    """One expression."""
    if job.output.as_json:
        value = job.board.eval(args.expression)
        return value if isinstance(value, (int, float, str, list, dict)) else repr(value)
    return _run_code(job, f"print({args.expression})", True)


@verb(
    "run",
    GROUP,
    "run a program that is here, not on the board",
    usage="[--no-follow] FILE",
    arguments=_file,
)
def run_file(job: Job, args: argparse.Namespace) -> Any:
    """Nothing is stored on the board."""
    if args.file == "-":
        return _run_code(job, sys.stdin.read(), args.follow)
    with local(args.file):
        source = Path(args.file).read_bytes()
    try:
        code = source.decode()
    except UnicodeDecodeError:
        raise UsageError(f"run: {args.file} is not UTF-8, so no Python program") from None
    return _run_code(job, code, args.follow)


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
