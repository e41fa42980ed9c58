#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command, and fails if it leaves processes behind. It names and ends them.

    tools/watched.py COMMAND [ARGUMENT ...]

The status is 1 if something was left, or else that of the command.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 30
"""How many seconds processes get to end. On a busy machine they may be slow."""


def adopt_orphans() -> None:
    """Makes this process the parent of every descendant whose parent has ended."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def parent_of(pid: int) -> int:
    """Returns the parent of a process, or 0 if the process has gone."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(status.rpartition(")")[2].split()[1])


def children() -> list[int]:
    """Collects children that have ended, and returns those that still run."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    everyone = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in everyone if parent_of(pid) == os.getpid()]


def command_line(pid: int) -> str:
    """Returns the command line of a process."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ").strip()
    return "?"


def leftovers() -> list[int]:
    """Returns children that do not end by themselves."""
    end = time.monotonic() + PATIENCE
    while (left := children()) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def end_all() -> None:
    """Ends every child, and the orphans that this leaves."""
    while left := children():
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def main() -> int:
    """Runs the command."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    adopt_orphans()
    # Ctrl-C ends the command. Afterwards this still looks for what the command left.
    signal.signal(signal.SIGINT, lambda *_: None)
    status = subprocess.call(sys.argv[1:])
    left = leftovers()
    for pid in left:
        print(f"left behind: process {pid}: {command_line(pid)}", flush=True)
    end_all()
    return 1 if left else status


if __name__ == "__main__":
    sys.exit(main())
