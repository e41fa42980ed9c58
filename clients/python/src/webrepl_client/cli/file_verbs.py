# SPDX-License-Identifier: MIT
"""Verbs for files: ls, tree, cat, cp, put, get, rm, mkdir, rmdir, mv, touch, df and others."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from .. import transfer
from ..errors import LocalFileError, RemoteFileError, UsageError
from ..files import Entry
from ..paths import base, is_remote, join, remote
from .job import Job
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


@verb("ls", GROUP, "list a directory", usage="[PATH]", arguments=_maybe_path, takes_rest=True)
def ls(job: Job, args: argparse.Namespace) -> Any:
    """Size and name of everything in a directory, or of one file."""
    path = remote(args.path)
    one = transfer.stat_or_none(job.board, path) if path else None
    entries = [one] if one and not one.is_dir else job.board.listdir(path)
    for entry in entries:
        job.output.say(f"{entry.size:12d} {entry.name}{'/' if entry.is_dir else ''}")
    return [entry._asdict() for entry in entries]


@verb(
    "tree",
    GROUP,
    "show a directory and all below",
    usage="[PATH]",
    arguments=_maybe_path,
    takes_rest=True,
)
def tree(job: Job, args: argparse.Namespace) -> Any:
    """Everything below a directory."""
    job.output.say(f":{remote(args.path)}")
    return _branch(job, remote(args.path), "")


def _branch(job: Job, path: str, indent: str) -> list[dict[str, Any]]:
    found = []
    entries = job.board.listdir(path)
    for entry in entries:
        last = entry is entries[-1]
        size = "" if entry.is_dir else f"  {human(entry.size)}"
        job.output.say(f"{indent}{'└── ' if last else '├── '}{entry.name}{size}")
        node: dict[str, Any] = entry._asdict()
        if entry.is_dir:
            below = indent + ("    " if last else "│   ")
            node["entries"] = _branch(job, join(path, entry.name), below)
        found.append(node)
    return found


@verb("cat", GROUP, "print files", usage="PATH...", arguments=_paths, takes_rest=True)
def cat(job: Job, args: argparse.Namespace) -> Any:
    """The contents of files."""
    contents = bytearray()
    for path in args.path:
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
    """Copies; a name with a colon in front is the board's."""
    if len(args.path) < 2:
        raise UsageError("cp: from where to where? cp SOURCE... TARGET")
    *sources, target = args.path
    if len(sources) > 1 and not _is_folder(job, target):
        raise UsageError(f"cp: {target} is no directory, and there are several files")
    copied = 0
    for source in sources:
        copied += _copy(job, source, target, args)
    return {"copied": copied}


def _is_folder(job: Job, target: str) -> bool:
    if not is_remote(target):
        return Path(target).is_dir()
    found = transfer.stat_or_none(job.board, remote(target))
    return found is not None and found.is_dir


def _copy(job: Job, source: str, target: str, args: argparse.Namespace) -> int:
    if is_remote(source) and is_remote(target):
        return _copy_there(job, remote(source), remote(target))
    if is_remote(target):
        return _copy_to(job, Path(source), remote(target), args)
    if is_remote(source):
        return _copy_from(job, remote(source), target, args)
    raise UsageError("cp: neither name is on the board; put a colon in front of one")


def _copy_to(job: Job, source: Path, target: str, args: argparse.Namespace) -> int:
    report = job.output.bar
    if source.is_dir():
        if not args.recursive:
            raise UsageError(f"cp: {source} is a directory; give -r")
        found = transfer.stat_or_none(job.board, target)
        place = join(target, source.resolve().name) if found else target
        return transfer.put_tree(job.board, source, place, report, force=args.force)
    with transfer.local(source):
        size = source.stat().st_size
    place = transfer.place_there(job.board, target, source.name)
    there = transfer.stat_or_none(job.board, place)
    known = {place: there.size} if there and not there.is_dir and not args.force else None
    return transfer.put_all(job.board, [transfer.Copy(source, place, size)], report, known)


def _copy_from(job: Job, source: str, target: str, args: argparse.Namespace) -> int:
    report = job.output.bar
    found = job.board.stat(source) if source.strip("/.") else Entry("", True, 0)
    if not found.is_dir:
        copy = transfer.Copy(transfer.place_here(target, source), source, found.size)
        report.begin(1, found.size)
        transfer.get_file(job.board, copy, report)
        return 1
    if not args.recursive:
        raise UsageError(f"cp: :{source} is a directory; give -r")
    place = Path(target)
    if place.is_dir() and base(source):
        place = place / base(source)
    return transfer.get_tree(job.board, source, place, report, force=args.force)


def _copy_there(job: Job, source: str, target: str) -> int:
    """The board has no such operation, so the file is fetched and sent back."""
    place = transfer.place_there(job.board, target, base(source))
    with tempfile.TemporaryFile() as file:
        job.board.get(source, file.write)  # type: ignore[arg-type]
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
    here = Path(args.here)
    with transfer.local(here):
        size = here.stat().st_size
    there = remote(args.there or here.name)
    if there == "" or there.endswith("/"):
        there = join(there, here.name)
    copy = transfer.Copy(here, there, size)
    transfer.put_all(job.board, [copy], job.output.bar, None)
    return {"copied": 1}


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
    size = job.board.stat(there).size
    job.output.bar.begin(1, size)
    copy = transfer.Copy(transfer.place_here(args.here, there), there, size)
    transfer.get_file(job.board, copy, job.output.bar)
    return {"copied": 1}


def _rm_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-r", "--recursive", action="store_true", help="directories, too")
    _paths(parser)


@verb("rm", GROUP, "remove files", usage="[-r] PATH...", arguments=_rm_arguments, takes_rest=True)
def rm(job: Job, args: argparse.Namespace) -> Any:
    """Removes files, with -r directories and what is in them."""
    removed = 0
    for name in args.path:
        path = remote(name)
        found = transfer.stat_or_none(job.board, path)
        if args.recursive and found and found.is_dir:
            removed += transfer.remove_tree(job.board, path)
        else:
            job.board.remove(path)
            removed += 1
    return {"removed": removed}


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
    found = transfer.stat_or_none(job.board, new)
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
        if not transfer.stat_or_none(job.board, remote(path)):
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
    for name in args.path:
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


@verb("edit", GROUP, "edit files in $EDITOR", usage="PATH...", arguments=_paths, takes_rest=True)
def edit(job: Job, args: argparse.Namespace) -> Any:
    """Fetches files, runs the editor, and stores those that have changed."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise UsageError("edit: neither VISUAL nor EDITOR is set")
    return {"changed": [path for path in map(remote, args.path) if _edit(job, path, editor)]}


def _edit(job: Job, path: str, editor: str) -> bool:
    before = io.BytesIO()
    with contextlib.suppress(RemoteFileError):  # a new file
        before.write(job.board.read_bytes(path))
    with tempfile.TemporaryDirectory(prefix="webrepl-") as folder:
        copy = Path(folder) / (base(path) or "file")
        copy.write_bytes(before.getvalue())
        with job.output.undisturbed():
            status = subprocess.call([*shlex.split(editor), str(copy)])
        if status != 0:
            raise LocalFileError(f"{editor} ended with status {status}: :{path} is unchanged")
        with transfer.local(copy):
            after = copy.read_bytes()
    if after == before.getvalue():
        return False
    job.board.write_bytes(path, after)
    return True
