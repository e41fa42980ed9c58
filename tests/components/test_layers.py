# SPDX-License-Identifier: MIT
"""Calls go one way: two sources of uhttpd call each other only as states of a session."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from pathlib import Path

from tests.support.paths import BUILD

ARCHIVE = BUILD / "desktop" / "lib" / "libuhttpd.a"

# These pass a session on to each other: a finished request becomes a stream, a taken connection or
# a held request, which ends as a finished request again.
STATE_MACHINE = {"finish", "conn", "hold", "stream"}
# These are one client of a group: its session, its mailbox and its queue.
GROUP = {"client", "group", "inbox"}


def symbols(archive: Path) -> dict[str, tuple[set[str], set[str]]]:
    """The symbols that each object of an archive defines, and those that it needs."""
    command = ["nm", "--format=posix", "--extern-only", str(archive)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, tuple[set[str], set[str]]] = {}
    name = ""
    for line in output.splitlines():
        words = line.split()
        if line.endswith(":"):
            name = line.rsplit("[", 1)[-1].split(".c.o")[0]
            while name in found:  # events/stream.c and stream.c
                name += "'"
            found[name] = (set(), set())
        elif len(words) > 1:
            found[name][words[1] == "U"].add(words[0])
    return found


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    """The sources that can be reached from one."""
    seen: set[str] = set()
    left = list(graph[start])
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left.extend(graph[name])
    return seen


def circles() -> set[frozenset[str]]:
    """Sources that can be reached from each other."""
    found = symbols(ARCHIVE)
    home = {symbol: name for name, (defined, _) in found.items() for symbol in defined}
    graph = defaultdict(set)
    for name, (_, wanted) in found.items():
        graph[name] = {home[symbol] for symbol in wanted if symbol in home} - {name}
    reach = {name: reachable(graph, name) for name in list(graph)}
    return {
        frozenset({name} | {other for other in reach[name] if name in reach[other]})
        for name in reach
        if name in reach[name]
    }


def test_only_the_states_of_a_session_lead_to_each_other() -> None:
    assert [sorted(circle) for circle in circles() if circle not in (STATE_MACHINE, GROUP)] == []
