#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the messages of commits: `area: What changes.`, and a body that says why.

Usage: tools/commits.py [FILE]

FILE has the message of a commit that is being made (git's hook commit-msg). Without FILE, the
commits that origin/main lacks are checked, or the last commit if there are none.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUBJECT = re.compile(r"[\w./*-]+(, [\w./*-]+)*: [^a-z\s].*\.")
SUBJECT_WIDTH = 72
BODY_WIDTH = 80


def problems(message: str) -> list[str]:
    """Lists what is wrong with a message."""
    lines = [line for line in message.rstrip().splitlines() if not line.startswith("#")]
    subject, *rest = lines or [""]
    found = []
    if not SUBJECT.fullmatch(subject):
        found.append("the subject is not of the form 'area: What changes for whom.'")
    if len(subject) > SUBJECT_WIDTH:
        found.append(f"the subject is longer than {SUBJECT_WIDTH} characters")
    if len(rest) < 2 or rest[0]:
        found.append("after an empty line, a body must say why")
    if any(len(line) > BODY_WIDTH and " " in line.strip() for line in rest):
        found.append(f"the body is not wrapped at {BODY_WIDTH} columns")
    return found


def git(*arguments: str) -> str:
    """Returns what git prints, or nothing if it fails."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout


def messages() -> dict[str, str]:
    """Returns the messages to check, by the names of their commits."""
    names = git("rev-list", "--no-merges", "origin/main..HEAD").split()
    names = names or git("rev-list", "--no-merges", "-1", "HEAD").split()
    return {name[:10]: git("show", "--no-patch", "--format=%B", name) for name in names}


def main() -> int:
    """Prints what is wrong. Returns 1 if there is anything."""
    given = {path: Path(path).read_text() for path in sys.argv[1:]}
    found = [
        f"{name}: {problem}"
        for name, message in (given or messages()).items()
        for problem in problems(message)
    ]
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
