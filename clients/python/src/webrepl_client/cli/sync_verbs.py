# SPDX-License-Identifier: MIT
"""Verbs that keep a board the same as a local directory: sync, watch."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from ..errors import LocalFileError, WebreplError
from ..local_files import local, walk_here
from ..paths import remote
from ..reconnect import Reconnect
from ..sync import Changes, Excluded
from .job import Job
from .verb import verb

GROUP = "Files"
POLL_S = 0.5
"""Seconds between two looks at the directory."""
LOOKS_MAX = 6
"""In a row that find a file which cannot be read. Editors have files that exist for a moment."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", help="directory here")
    parser.add_argument("target", nargs="?", default="", help="directory on the board")
    parser.add_argument("--delete", action="store_true", help="remove what is not here")
    parser.add_argument(
        "--exclude", action="append", default=[], metavar="PATTERN", help="leave out such names"
    )


def _watch_arguments(parser: argparse.ArgumentParser) -> None:
    _arguments(parser)
    parser.add_argument("--reset", action="store_true", help="soft-reset after each change")


def _once(job: Job, args: argparse.Namespace) -> Changes:
    folder = Path(args.folder)
    if not folder.is_dir():
        raise LocalFileError(f"{folder}: no such directory")
    target = remote(args.target).rstrip("/") or remote(args.target)
    changes = job.board.sync(
        folder, target, job.output.bar, delete=args.delete, exclude=tuple(args.exclude)
    )
    job.output.left_out(changes.left_out)
    gone = f", {changes.removed} removed" if args.delete else ""
    job.output.say(f"{changes.copied} copied, {changes.same} the same{gone}")
    return changes


USAGE = "[--delete] [--exclude PATTERN] DIR [TARGET]"


@verb(
    "sync",
    GROUP,
    "make the board what a directory is",
    usage=USAGE,
    arguments=_arguments,
    takes_rest=True,
)
def sync_once(job: Job, args: argparse.Namespace) -> Any:
    """Copies only what differs, by digest."""
    return _once(job, args)._asdict()


@verb(
    "watch",
    GROUP,
    "sync, and again whenever a file changes",
    usage=f"[--reset] {USAGE}",
    arguments=_watch_arguments,
    takes_rest=True,
)
def watch(job: Job, args: argparse.Namespace) -> Any:
    """Until Ctrl-C; waits for a board that goes away."""
    skip = Excluded(tuple(args.exclude))
    seen: object = None
    reconnect = Reconnect(float("inf"))
    unreadable = 0
    while True:
        try:
            now = _state(Path(args.folder), skip)
            if now != seen:
                try:
                    _once(job, args)
                finally:
                    job.output.bar.end()
                if seen is None:
                    job.output.complain(f"watching {args.folder}; Ctrl-C ends")
                elif args.reset:
                    job.board.soft_reset()
                    job.forget(returns=True)
                seen = now
                reconnect.connected()
            unreadable = 0
            time.sleep(POLL_S)
        except LocalFileError:
            unreadable += 1
            if unreadable == LOOKS_MAX or not Path(args.folder).is_dir():
                raise
            time.sleep(POLL_S)
        except WebreplError as error:
            delay = reconnect.failed(error)
            job.output.complain(f"{error}; trying again in {delay:.0f} s")
            job.forget(returns=False)
            time.sleep(delay)


def _state(folder: Path, skip: Excluded) -> object:
    """A value that differs after a file was changed."""
    here = walk_here(folder, skip)
    with local(folder):
        times = [(folder / name).stat().st_mtime_ns for name in here.files]
    return [*here.files.items(), *times, *here.folders]
