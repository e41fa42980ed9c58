#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures our server beside its peers, and prints what it found as ratios.

All servers run at the same time and are measured in turns, round after round. So whatever else the
machine does affects all of them. A figure is the median of its rounds, followed by the lowest and
the highest one. Details go to build/bench.json.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import socket
import statistics
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MICROPYTHON = ROOT / "build" / "host" / "micropython"
C_SERVER = ROOT / "build" / "desktop" / "bench" / "bench_hello"

SECONDS = 2  # that wrk runs each time
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}  # in milliseconds


@dataclass
class Server:
    """A server under test, and its measurements."""

    name: str
    url: str
    requests: list[float] = field(default_factory=list)  # per second
    p99: list[float] = field(default_factory=list)  # milliseconds


def free_port() -> int:
    """Returns a port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(*command: object) -> Iterator[str]:
    """Runs a server, and yields the base of its URLs."""
    paths = [".frozen", sysconfig.get_path("purelib")]
    environment = {**os.environ, "MICROPYPATH": ":".join(paths), "PORT": str(free_port())}
    process = subprocess.Popen(
        [str(word) for word in command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        for line in process.stdout:
            if match := re.match(r"PORT (\d+)", line):
                yield f"http://127.0.0.1:{match[1]}"
                break
        else:
            raise SystemExit(f"bench: {command} ended without a port")
    finally:
        process.terminate()
        process.wait()


def milliseconds(text: str) -> float:
    """Parses a time in wrk's notation."""
    match = re.fullmatch(r"([\d.]+)(us|ms|s)", text)
    if not match:
        raise SystemExit(f"bench: wrk wrote '{text}' for a time")
    return float(match[1]) * UNITS[match[2]]


def figure(pattern: str, report: str) -> str:
    """Finds one figure in wrk's report."""
    match = re.search(pattern, report, re.MULTILINE)
    if not match:
        raise SystemExit(f"bench: wrk reported no {pattern}")
    return match[1]


def measure(server: Server, connections: int) -> None:
    """Runs wrk once against a server."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", server.url]
    report = subprocess.check_output(command, text=True)
    failed = re.search(r"(Non-2xx.*|Socket errors.*)", report)
    if failed:
        raise SystemExit(f"bench: {server.name}: {failed[1]}")
    server.requests.append(float(figure(r"Requests/sec:\s+([\d.]+)", report)))
    server.p99.append(milliseconds(figure(r"^ +99% +(\S+)", report)))


def spread(values: list[float], digits: int = 0) -> str:
    """Formats the median, the lowest and the highest."""
    middle = statistics.median(values)
    return f"{middle:,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def ratio(ours: list[float], theirs: list[float]) -> str:
    """Compares each round with the one that ran next to it."""
    return spread([a / b for a, b in zip(ours, theirs)], 2)


def compare(servers: list[Server], connections: int, rounds: int) -> dict[str, object]:
    """Measures all servers in turns; prints and returns the results."""
    for _ in range(rounds):
        for server in servers:
            measure(server, connections)
    ours, returned, awaited, ceiling, inline, peer = servers
    print(
        f"\n{connections} connection{'s' if connections > 1 else ''}: median (lowest to highest)"
    )
    for server in servers:
        rate, slowest = spread(server.requests), spread(server.p99, 2)
        print(f"  {server.name:34} {rate:34} requests/s   p99 {slowest} ms")
    ratios = {
        "requests, ours / Microdot": ratio(ours.requests, peer.requests),
        "requests, returned str / write()": ratio(returned.requests, ours.requests),
        "requests, async def / write()": ratio(awaited.requests, ours.requests),
        "requests, async def / Microdot": ratio(awaited.requests, peer.requests),
        "requests, Python / C in a worker": ratio(ours.requests, ceiling.requests),
        "requests, Python / C inline": ratio(ours.requests, inline.requests),
        "p99, ours / Microdot": ratio(ours.p99, peer.p99),
    }
    for name, value in ratios.items():
        print(f"  {name:34} {value}")
    measured = [asdict(server) for server in servers]
    return {"connections": connections, "servers": measured, "ratios": ratios}


def main() -> None:
    """Measures Hello World with one and with eight connections."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each server")
    rounds = parser.parse_args().rounds
    bench = ROOT / "bench"
    with (
        running(MICROPYTHON, bench / "hello_uhttpd.py") as ours,
        running(MICROPYTHON, bench / "hello_microdot.py") as microdot,
        running(C_SERVER) as c_server,
    ):
        results = [
            compare(
                [
                    Server("uhttpd, Python callback", f"{ours}/"),
                    Server("uhttpd, a returned str", f"{ours}/returned"),
                    Server("uhttpd, async def", f"{ours}/async"),
                    Server("uhttpd, C handler in a worker", f"{c_server}/"),
                    Server("uhttpd, C handler inline", f"{c_server}/inline"),
                    Server("Microdot, on the same MicroPython", f"{microdot}/"),
                ],
                connections,
                rounds,
            )
            for connections in (1, 8)
        ]
    (ROOT / "build" / "bench.json").write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
