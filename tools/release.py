#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives the project another version: `make release VERSION=0.2.0`.

version.txt has the version. Other files repeat it because each of them is published separately:
the manifests of the components, and the Python package. A test compares them. This writes all of
them, and moves the entries below "Unreleased" in each changelog under the version and today's
date. It commits nothing, but prints what to do next.
"""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION = "version.txt"
COPIES = {
    "components/uhttpd/idf_component.yml": r'^version: "(.*)"$',
    "components/webrepl/idf_component.yml": r'^version: "(.*)"$',
    "clients/python/src/webrepl_client/__init__.py": r'^__version__ = "(.*)"$',
}
CHANGELOGS = ("CHANGELOG.md", "components/uhttpd/CHANGELOG.md", "components/webrepl/CHANGELOG.md")
UNRELEASED = "## [Unreleased]\n"
NEXT = """\
Read `git diff`, then:
  git commit -am 'release: Version {version}.'
  git tag v{version}
  tools/package.py"""


class ReleaseError(Exception):
    """There can be no such release; the text says why."""


def numbers(version: str) -> tuple[int, ...]:
    """Returns numbers by which versions are compared."""
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        raise ReleaseError(f"{version!r} is no version such as 0.2.0")
    return tuple(map(int, version.split(".")))


def copies(root: Path) -> dict[str, str]:
    """Returns the version in each file."""
    found = {}
    for name, pattern in COPIES.items():
        (found[name],) = re.findall(pattern, (root / name).read_text(encoding="utf-8"), re.M)
    return found


def dated(changelog: str, version: str, date: str) -> str:
    """Returns a changelog with the unreleased entries under their version."""
    before, mark, rest = changelog.partition(UNRELEASED)
    if not mark:
        raise ReleaseError(f"a changelog has no {UNRELEASED.strip()}")
    changes, heading, older = rest.partition("\n## ")
    changes = changes.strip("\n") or "No changes."
    released = f"{before}{mark}\n## [{version}] - {date}\n\n{changes}\n"
    return released + heading + older


def release(root: Path, version: str, date: str) -> dict[Path, str]:
    """Returns the new contents of all files that change."""
    current = (root / VERSION).read_text(encoding="utf-8").strip()
    if numbers(version) < numbers(current):
        raise ReleaseError(f"{version} is older than {current}, which {VERSION} has")
    changed = {root / VERSION: f"{version}\n"}
    for name in COPIES:
        text = (root / name).read_text(encoding="utf-8")
        line = re.search(COPIES[name], text, re.M)
        assert line, name
        changed[root / name] = text[: line.start(1)] + version + text[line.end(1) :]
    for name in CHANGELOGS:
        text = (root / name).read_text(encoding="utf-8")
        if f"\n## [{version}]" in text:
            raise ReleaseError(f"{name} has a version {version} already")
        changed[root / name] = dated(text, version, date)
    return changed


def main() -> None:
    """Checks the version, and writes the files."""
    if len(sys.argv) != 2 or not sys.argv[1]:
        raise ReleaseError("which version? make release VERSION=0.2.0")
    if subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT):
        raise ReleaseError("there are changes that are not committed")
    changed = release(ROOT, sys.argv[1], datetime.date.today().isoformat())
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8")
    print(NEXT.format(version=sys.argv[1]))


if __name__ == "__main__":
    try:
        main()
    except ReleaseError as problem:
        sys.exit(f"release: {problem}")
