# SPDX-License-Identifier: MIT
"""Verbs for files: ls, tree, cat, cp, put, get, rm, mkdir, rmdir, mv, touch, df and others."""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ..board import Board
from ..errors import UsageError
from ..files import Entry
from ..local_files import digest_here, is_special, local
from ..paths import base, is_remote, is_root, join, remote
from . import editing
from .job import Job
from .places import STDIO, expand, place_here, place_there, stat_or_none
from .verb import verb

GROUP = "Files"


def human(size: float) -> str:
    """A size as people read it."""
    for unit in ("B", "K", "M", "G"):
        if size < 1024 or unit == "G":
            return f"{size:.0f}{unit}" if unit == "B" else f"{size:.1f}{unit}"
        size /= 1024
    raise AssertionError


def _paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="+", help="name on the board; a colon in front is allowed")


def _maybe_path(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", default="", help="directory on the board")


def _maybe_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="*", default=[""], help="files or directories on the board")


def _shown(entry: Entry) -> dict[str, Any]:
    """An entry for --json."""
    return {"name": entry.name, "is_dir": entry.is_dir, "size": entry.size}


@verb("ls", GROUP, "list directories", usage="[PATH...]", arguments=_maybe_paths, takes_rest=True)
def ls(job: Job, args: argparse.Namespace) -> Any:
    """Size and name of everything in directories, or of single files."""
    found: list[Entry] = []
    names = [remote(name) for name in expand(job.board, args.path)]
    for name in names:
        one = stat_or_none(job.board, name) if name else None
        if one and not one.is_dir:
            entries = [one._replace(name=name)] if len(names) > 1 else [one]
        else:
            entries = job.board.listdir(name)
            if len(names) > 1:
                job.output.say(f":{name}")
        for entry in entries:
            job.output.say(f"{entry.size:12d} {entry.name}{'/' if entry.is_dir else ''}")
        found += entries
    return [_shown(entry) for entry in found]


def _tree_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-s", "--size", action="store_true", help="sizes in bytes")
    parser.add_argument("-h", "--human", action="store_true", help="sizes as people read them")
    parser.add_argument("path", nargs="*", default=[""], help="directories on the board")


@verb(
    "tree",
    GROUP,
    "show directories and all below",
    usage="[-s | -h] [PATH...]",
    arguments=_tree_arguments,
    takes_rest=True,
)
def tree(job: Job, args: argparse.Namespace) -> Any:
    """Everything below directories."""
    found = []
    for name in expand(job.board, args.path):
        job.output.say(f":{remote(name)}")
        found += _branch(job, remote(name), "", args.size)
    return found


def _branch(job: Job, path: str, indent: str, in_bytes: bool) -> list[dict[str, Any]]:
    found = []
    entries = job.board.listdir(path)
    for entry in entries:
        last = entry is entries[-1]
        size = f"{entry.size}" if in_bytes else human(entry.size)
        shown = "" if entry.is_dir else f"  {size}"
        job.output.say(f"{indent}{'└── ' if last else '├── '}{entry.name}{shown}")
        node = _shown(entry)
        if entry.is_dir:
            below = indent + ("    " if last else "│   ")
            is_link = entry.is_link  # it may lead back here
            inner = join(path, entry.name)
            node["entries"] = [] if is_link else _branch(job, inner, below, in_bytes)
        found.append(node)
    return found


@verb("cat", GROUP, "print files", usage="PATH...", arguments=_paths, takes_rest=True)
def cat(job: Job, args: argparse.Namespace) -> Any:
    """The contents of files."""
    contents = bytearray()
    for path in expand(job.board, args.path):
        job.board.get(remote(path), contents.extend if job.output.as_json else job.output.stream)
    return contents.decode(errors="replace")


def _cp_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-r", "--recursive", action="store_true", help="directories, too")
    parser.add_argument("-f", "--force", action="store_true", help="also what is the same")
    parser.add_argument("path", nargs="+", help="from where ... to where; :NAME is on the board")


@verb(
    "cp",
    GROUP,
    "copy to the board, from it, or on it",
    usage="[-r] [-f] SOURCE... TARGET",
    arguments=_cp_arguments,
    takes_rest=True,
)
def cp(job: Job, args: argparse.Namespace) -> Any:
    """Copies; a name with a colon in front is the board's, and - is standard input or output."""
    if len(args.path) < 2:
        raise UsageError("cp: from where to where? cp SOURCE... TARGET")
    *sources, target = args.path
    sources = expand(job.board, sources, marked=True)
    if len(sources) > 1 and target != STDIO and not _is_folder(job, target):
        raise UsageError(f"cp: {target} is no directory, and there are several files")
    copied = 0
    for source in sources:
        copied += _copy(job, source, target, args)
    return {"copied": copied}


def _is_folder(job: Job, target: str) -> bool:
    if not is_remote(target):
        return Path(target).is_dir()
    found = stat_or_none(job.board, remote(target))
    return found is not None and found.is_dir


def _copy(job: Job, source: str, target: str, args: argparse.Namespace) -> int:
    if is_remote(source) and is_remote(target):
        return _copy_there(job, remote(source), remote(target))
    if is_remote(target):
        return _copy_to(job, source, remote(target), args)
    if is_remote(source):
        return _copy_from(job, remote(source), target, args)
    raise UsageError("cp: neither name is on the board; put a colon in front of one")


def _copy_to(job: Job, source: str, target: str, args: argparse.Namespace) -> int:
    here = Path(source)
    if source != STDIO and here.is_dir():
        if not args.recursive:
            raise UsageError(f"cp: {source} is a directory; give -r")
        found = stat_or_none(job.board, target)
        place = join(target, here.resolve().name) if found else target
        copied = job.board.put_tree(here, place, job.output.bar, force=args.force)
        job.output.left_out(job.output.bar.missed)
        return copied
    place = target if source == STDIO else place_there(job.board, target, here.name)
    return _send(job, source, place, unless_same=not args.force)


def _send(job: Job, source: str, place: str, *, unless_same: bool) -> int:
    report = job.output.bar
    with _source(source) as file:
        size = file.seek(0, 2)
        board = job.board  # who is asked for a password sees no bar
        report.begin(1, size)
        if unless_same and source != STDIO and _is_there(board, Path(source), place, size):
            report.skipped(place, size)
            return 0
        report.file(place)
        board.put(place, file, report.reached)
    return 1


def _is_there(board: Board, here: Path, place: str, size: int) -> bool:
    there = stat_or_none(board, place)
    if there is None or there.is_dir or there.size != size:
        return False
    return board.digest(place) == digest_here(here)


@contextlib.contextmanager
def _source(name: str) -> Iterator[BinaryIO]:
    """A file here that can seek: also what comes out of a pipe."""
    if name != STDIO and not is_special(Path(name)):
        with local(name), Path(name).open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as copy, local(name):
        if name == STDIO:
            _pour(sys.stdin.buffer, copy)
        else:
            with Path(name).open("rb") as pipe:
                _pour(pipe, copy)
        yield copy


def _pour(source: BinaryIO, target: BinaryIO) -> None:
    while piece := source.read(1 << 16):
        target.write(piece)
    target.seek(0)


def _copy_from(job: Job, source: str, target: str, args: argparse.Namespace) -> int:
    found = job.board.stat(source) if not is_root(source) else Entry("", True, 0)
    if not found.is_dir:
        return _fetch(job, source, target, found.size)
    if not args.recursive:
        raise UsageError(f"cp: :{source} is a directory; give -r")
    place = Path(target)
    if place.is_dir() and base(source):
        place = place / base(source)
    return job.board.get_tree(source, place, job.output.bar, force=args.force)


def _fetch(job: Job, source: str, target: str, size: int) -> int:
    if target == STDIO:
        job.board.get(source, job.output.stream)
        return 1
    job.output.bar.begin(1, size)
    job.board.get_file(source, place_here(target, source), job.output.bar)
    return 1


def _copy_there(job: Job, source: str, target: str) -> int:
    """The board has no such operation, so the file is fetched and sent back."""
    place = place_there(job.board, target, base(source))
    with tempfile.TemporaryFile() as file:
        job.board.get(source, file.write)
        job.board.put(place, file)
    return 1


def _put_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("here", help="file here")
    parser.add_argument("there", nargs="?", help="name on the board; by default the same")


@verb(
    "put",
    GROUP,
    "copy a file to the board",
    usage="FILE [NAME]",
    arguments=_put_arguments,
    takes_rest=True,
)
def put(job: Job, args: argparse.Namespace) -> Any:
    """One file, whatever is there."""
    there = remote(args.there or ("" if args.here == STDIO else Path(args.here).name))
    if there == "" or there.endswith("/"):
        if args.here == STDIO:
            raise UsageError("put: what is the name on the board? put - NAME")
        there = join(there, Path(args.here).name)
    return {"copied": _send(job, args.here, there, unless_same=False)}


def _get_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("there", help="name on the board")
    parser.add_argument("here", nargs="?", default=".", help="file or directory here")


@verb(
    "get",
    GROUP,
    "copy a file from the board",
    usage="NAME [FILE]",
    arguments=_get_arguments,
    takes_rest=True,
)
def get(job: Job, args: argparse.Namespace) -> Any:
    """One file, whatever is here."""
    there = remote(args.there)
    return {"copied": _fetch(job, there, args.here, job.board.stat(there).size)}


def _rm_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-r", "--recursive", action="store_true", help="directories, too")
    parser.add_argument("-f", "--force", action="store_true", help="ask nothing")
    _paths(parser)


@verb(
    "rm",
    GROUP,
    "remove files",
    usage="[-r] [-f] PATH...",
    arguments=_rm_arguments,
    takes_rest=True,
)
def rm(job: Job, args: argparse.Namespace) -> Any:
    """Removes files, with -r directories and what is in them. Links are not followed."""
    removed = 0
    for name in expand(job.board, args.path):
        path = remote(name)
        found = stat_or_none(job.board, path)
        if args.recursive and found and found.is_dir:
            if is_root(path) and not args.force:
                _be_sure(job, path)
            removed += job.board.remove_tree(path)
        else:
            job.board.remove(path)
            removed += 1
    return {"removed": removed}


def _be_sure(job: Job, path: str) -> None:
    """Everything on a board is not removed by a slip of the finger."""
    if not sys.stdin.isatty():
        raise UsageError(f"rm: :{path} is everything on the board; -f removes it")
    with job.output.undisturbed():
        answer = input(f"Remove everything on {job.name}? Type yes: ")
    if answer.strip().lower() != "yes":
        raise UsageError("rm: nothing was removed")


@verb("mkdir", GROUP, "make directories", usage="PATH...", arguments=_paths, takes_rest=True)
def mkdir(job: Job, args: argparse.Namespace) -> Any:
    """New directories."""
    for path in args.path:
        job.board.mkdir(remote(path))


@verb(
    "rmdir", GROUP, "remove empty directories", usage="PATH...", arguments=_paths, takes_rest=True
)
def rmdir(job: Job, args: argparse.Namespace) -> Any:
    """Empty directories."""
    for path in args.path:
        job.board.rmdir(remote(path))


def _mv_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old")
    parser.add_argument("new")


@verb("mv", GROUP, "rename a file or directory", usage="OLD NEW", arguments=_mv_arguments)
def mv(job: Job, args: argparse.Namespace) -> Any:
    """Another name, or another directory."""
    old, new = remote(args.old), remote(args.new)
    found = stat_or_none(job.board, new)
    job.board.rename(old, join(new, base(old)) if found and found.is_dir else new)


@verb(
    "touch",
    GROUP,
    "make empty files where there are none",
    usage="PATH...",
    arguments=_paths,
    takes_rest=True,
)
def touch(job: Job, args: argparse.Namespace) -> Any:
    """Files that are there stay as they are."""
    for path in args.path:
        if not stat_or_none(job.board, remote(path)):
            job.board.write_bytes(remote(path), b"")


@verb(
    "sha256sum",
    GROUP,
    "print digests of files",
    usage="PATH...",
    arguments=_paths,
    takes_rest=True,
)
def sha256sum(job: Job, args: argparse.Namespace) -> Any:
    """As the command of that name does."""
    digests = {}
    for name in expand(job.board, args.path):
        digests[remote(name)] = job.board.digest(remote(name)).hex()
        job.output.say(f"{digests[remote(name)]}  {remote(name)}")
    return digests


@verb(
    "df",
    GROUP,
    "show how much room there is",
    usage="[PATH]",
    arguments=_maybe_path,
    takes_rest=True,
)
def df(job: Job, args: argparse.Namespace) -> Any:
    """Of the file system that a path is on."""
    path = remote(args.path) or "/"
    space = job.board.space(path)
    used = space.total - space.free
    percent = 100 * used // space.total if space.total else 0
    job.output.say(f"{'path':12} {'size':>10} {'used':>10} {'free':>10} {'use%':>5}")
    row = f"{path:12} {human(space.total):>10} {human(used):>10} {human(space.free):>10}"
    job.output.say(f"{row} {percent:>4}%")
    return {"path": path, "total": space.total, "free": space.free}


@verb(
    "edit",
    GROUP,
    "edit files in $EDITOR",
    usage="PATH...",
    arguments=_paths,
    takes_rest=True,
    is_for_one=True,
)
def edit(job: Job, args: argparse.Namespace) -> Any:
    """Fetches files, runs the editor, and stores those that have changed."""
    editing.editor()
    paths = [remote(name) for name in args.path]
    return {"changed": [path for path in paths if editing.edit(job, path)]}
