# SPDX-License-Identifier: MIT
"""Verbs for sessions: connect, repl, devs, bridge, mpremote and others."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from pathlib import Path
from typing import Any

from .. import discover
from ..errors import Unsupported, UsageError
from ..local_files import local
from .completion import SHELLS, script
from .job import Job
from .verb import verb

GROUP = "Sessions"


def _connect_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("address", help="HOST, HOST:PORT, ws://HOST/ws or wss://HOST/ws")


@verb(
    "connect",
    GROUP,
    "use that board from here on",
    usage="ADDRESS",
    arguments=_connect_arguments,
    needs_board=False,
)
def connect(job: Job, args: argparse.Namespace) -> Any:
    """The same as -c; `connect list` is devs."""
    if args.address == "list":
        return _list(job, None)
    job.point_to(args.address)
    return {"edition": job.board.edition}


@verb("disconnect", GROUP, "end the session; the next verb opens another", needs_board=False)
def disconnect(job: Job, args: argparse.Namespace) -> Any:
    """Releases the terminal for others."""
    del args
    job.forget(returns=False)


def _names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="*", help="where to ask; by default what is announced")


@verb(
    "devs",
    GROUP,
    "list boards that announce themselves, or are at those names",
    usage="[ADDRESS...]",
    arguments=_names,
    takes_rest=True,
    needs_board=False,
)
def devs(job: Job, args: argparse.Namespace) -> Any:
    """Boards in this network."""
    return _list(job, args.name or None)


def _list(job: Job, names: list[str] | None) -> Any:
    found = discover.find(names)
    for board in found:
        busy = "  in use" if board.is_busy else ""
        job.output.say(f"{board.url:40} edition {board.edition}{busy}")
    if not found:
        job.output.complain("no board was found")
    return [vars(board) for board in found]


def _need_posix() -> None:
    if os.name != "posix":
        raise Unsupported("this verb needs a terminal of Linux, macOS or WSL")


def _repl_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--capture", type=Path, metavar="FILE", help="also write its output there")


@verb(
    "repl",
    GROUP,
    "the prompt of the board; Ctrl-] or Ctrl-X leaves",
    usage="[--capture FILE]",
    arguments=_repl_arguments,
    is_for_one=True,
)
def repl(job: Job, args: argparse.Namespace) -> Any:
    """A session for a person."""
    _need_posix()
    from ..console import Console
    from ..terminal import Terminal

    console = Console()
    board = job.board
    if console.is_terminal:
        job.output.complain(f"Connected to {board.address}; Ctrl-] or Ctrl-X leaves.")
    with contextlib.ExitStack() as stack:
        capture = None
        if args.capture:
            with local(args.capture):
                capture = stack.enter_context(args.capture.open("wb"))
        job.replace(Terminal(console, job.connect, capture).run(board))
    if console.is_terminal:
        job.output.complain("")


def _sleep_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("seconds", type=float)


@verb(
    "sleep",
    GROUP,
    "wait before the next verb",
    usage="SECONDS",
    arguments=_sleep_arguments,
    needs_board=False,
)
def sleep(job: Job, args: argparse.Namespace) -> Any:
    """Nothing else happens."""
    del job
    time.sleep(args.seconds)


def _bridge_arguments(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--pty", type=Path, metavar="LINK", help="a name for the pty")
    where.add_argument("--tcp", metavar="[HOST:]PORT", help="listen there; 0: any free port")


@verb(
    "bridge",
    GROUP,
    "be a serial port, for Thonny, rshell, ampy and others",
    usage="[--pty LINK | --tcp [HOST:]PORT]",
    arguments=_bridge_arguments,
    is_for_one=True,
)
def bridge(job: Job, args: argparse.Namespace) -> Any:
    """Until Ctrl-C."""
    _need_posix()
    from ..bridge import serve_pty, serve_tcp

    job.forget(returns=False)
    if args.tcp is None:
        serve_pty(job.connect, args.pty, job.output.say)
        return
    host, _, port = args.tcp.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        raise UsageError(f"bridge: {args.tcp} is no port")
    serve_tcp(job.connect, host or "127.0.0.1", int(port), job.output.say, job.output.complain)


def _everything(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs=argparse.REMAINDER, help="as for mpremote itself")


@verb(
    "mpremote",
    GROUP,
    "run mpremote itself over the network",
    usage="VERB ...",
    arguments=_everything,
    takes_rest=True,
    is_for_one=True,
    is_foreign=True,
)
def mpremote(job: Job, args: argparse.Namespace) -> Any:
    """Everything that mpremote can do, except its connect."""
    _need_posix()
    from .mpremote import run_mpremote

    status = run_mpremote(job, args.words)
    if status:
        sys.exit(status)


def _by_mpremote(name: str, summary: str, usage: str) -> None:
    """A verb that mpremote itself does."""

    @verb(
        name,
        GROUP,
        f"{summary} (by mpremote)",
        usage=usage,
        arguments=_everything,
        takes_rest=True,
        is_for_one=True,
        is_foreign=True,
    )
    def run(job: Job, args: argparse.Namespace) -> Any:
        """As mpremote's."""
        args.words = [name, *args.words]
        return mpremote(job, args)


_by_mpremote("mount", "use a directory here as /remote on the board", "DIR [VERB ...]")
_by_mpremote("umount", "end that", "")
_by_mpremote("mip", "install packages", "install PACKAGE...")
_by_mpremote("romfs", "manage the ROM file systems", "query|build|deploy ...")


@verb("resume", GROUP, "accepted for mpremote's sake: nothing is reset here", needs_board=False)
def resume(job: Job, args: argparse.Namespace) -> Any:
    """The interpreter is never started again without being asked."""
    del job, args


def _completion_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS)


@verb(
    "completion",
    GROUP,
    "print what a shell needs to complete words",
    usage="bash|zsh|fish",
    arguments=_completion_arguments,
    needs_board=False,
)
def completion(job: Job, args: argparse.Namespace) -> Any:
    """For its configuration."""
    job.output.say(script(args.shell))
