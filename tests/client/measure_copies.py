# SPDX-License-Identifier: MIT
"""Copies of many small files over a network whose round trips take time.

python -m tests.client.measure_copies --files 500 --trip-ms 20

Prints for each copy how long the command took, and its round trips: of those, all that one side
sends without waiting for the other counts as one. A command that does nothing comes first.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from tests.support.proxy import DelayingProxy, LockStepProxy

from .desktop import Board, run_command

COPIES = {
    "nothing": ["eval", "1"],
    "up": ["cp", "-r", "many", ":"],
    "up, unchanged": ["cp", "-r", "many", ":"],
    "down": ["cp", "-r", ":many", "there"],
    "down, unchanged": ["cp", "-r", ":many", "there"],
    "1 MB up": ["cp", "big", ":"],
    "1 MB down": ["cp", ":big", "there"],
}


class Bench:
    """A board, and the files of a person who is far away."""

    def __init__(self, folder: Path, files: int) -> None:
        """Writes the files."""
        self.board = Board(folder / "board")
        self.here = folder / "here"
        (self.here / "there").mkdir(parents=True)
        (self.here / "many").mkdir()
        (self.here / "big").write_bytes(os.urandom(1_000_000))
        for number in range(files):
            (self.here / "many" / f"{number}.py").write_bytes(os.urandom(1024))

    def run(self, port: int, words: list[str]) -> float:
        """Seconds that a command takes through a proxy."""
        start = time.monotonic()
        result = run_command("-c", f"127.0.0.1:{port}", *words, cwd=self.here)
        assert result.status == 0, result
        return time.monotonic() - start


def times(bench: Bench, trip_s: float) -> list[float]:
    """Seconds for each copy."""
    proxy = DelayingProxy(bench.board.port, trip_s / 2)
    return [bench.run(proxy.port, words) for words in COPIES.values()]


def trips(bench: Bench) -> list[int]:
    """Round trips for each copy."""
    proxy = LockStepProxy(bench.board.port)
    counts = [0]
    for words in COPIES.values():
        bench.run(proxy.port, words)
        counts.append(proxy.round_trips)
    return [after - before for before, after in zip(counts, counts[1:])]


def main() -> None:
    """Measures as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--trip-ms", type=float, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        benches = [Bench(Path(name, part), arguments.files) for part in ("delayed", "steps")]
        taken = times(benches[0], arguments.trip_ms / 1000)
        counted = trips(benches[1])
        for bench in benches:
            bench.board.close()
    for copy, seconds, count in zip(COPIES, taken, counted):
        print(f"{copy:16} {seconds:6.2f} s {count:6} round trips")


if __name__ == "__main__":
    main()
