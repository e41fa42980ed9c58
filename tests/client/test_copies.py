# SPDX-License-Identifier: MIT
"""Copies show a bar, end with equal digests, and continue after a kill."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from webrepl_client.local_files import walk_here

from .desktop import COMMAND, environment, webrepl


def digests(folder: Path) -> dict[str, str]:
    """Digests of all files below a folder, by name."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def many(here: Path, edition: list[str]) -> Path:
    """A directory with many small files; fewer for the classic edition, which takes longer."""
    folder = here / "many"
    for number in range(60 if edition else 500):
        path = folder / f"folder{number % 7}" / f"file{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(number % 300))
    return folder


def test_a_megabyte_with_a_bar(board, edition, here: Path, person) -> None:
    (here / "big").write_bytes(os.urandom(1_000_000))
    somebody = person(*edition, "-c", board.address, "cp", "big", ":", cwd=here)
    somebody.expect(r"big .*1\.0/1\.0 MB.*[kM]B/s.*0:00:00")
    assert somebody.status() == 0
    somebody = person(*edition, "-c", board.address, "cp", ":big", "back", cwd=here)
    somebody.expect(r"big .*1\.0/1\.0 MB.*[kM]B/s.*0:00:00")
    assert somebody.status() == 0
    digest = hashlib.sha256((here / "big").read_bytes()).hexdigest()
    assert digests(board.directory) == {"big": digest}
    assert digests(here)["back"] == digest


def test_many_files_with_a_bar(board, edition, many: Path, here: Path, person) -> None:
    all_of_them = f"{len(digests(many))}/{len(digests(many))}"
    somebody = person(*edition, "-c", board.address, "cp", "-r", "many", ":", cwd=here)
    somebody.expect(all_of_them)
    assert somebody.status() == 0
    assert digests(board.directory / "many") == digests(many)
    somebody = person(*edition, "-c", board.address, "cp", "-r", ":many", "back", cwd=here)
    somebody.expect(all_of_them)
    assert somebody.status() == 0
    assert digests(here / "back") == digests(many)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_killed_at_any_moment_and_run_again(board, edition, here: Path, kill: int) -> None:
    folder = here / "tree"
    folder.mkdir()
    for number in range(20):
        (folder / f"f{number}").write_bytes(os.urandom(200_000))
    chance = random.Random(kill)
    words = [*edition, "-c", board.address, "cp", "-r", "tree", ":"]
    whole = digests(folder)
    for _ in range(4):
        kill_at_random(words, here, kill, chance)
        for name, digest in digests(board.directory).items():
            base = Path(name).name
            assert base not in whole or whole[base] == digest, "half a file"
    finish(words, here)
    assert digests(board.directory / "tree") == digests(folder)
    (here / "back").mkdir()
    words = [*edition, "-c", board.address, "cp", "-r", ":tree", "back"]
    for _ in range(3):
        kill_at_random(words, here, kill, chance)
    finish(words, here)
    assert digests(here / "back" / "tree") == digests(folder)


def kill_at_random(words: list[str], here: Path, kill: int, chance: random.Random) -> None:
    """Starts the copy, and kills it at a random moment."""
    process = subprocess.Popen(
        [*COMMAND, *words], cwd=here, env=environment(), stderr=subprocess.DEVNULL
    )
    time.sleep(chance.uniform(0.3, 1))
    process.send_signal(kill)
    process.wait()


def finish(words: list[str], here: Path) -> None:
    """Runs it again. For a moment the board may not know yet that the killed session is over."""
    end = time.monotonic() + 30
    while (done := webrepl(*words, cwd=here)).status in (6, 7):
        assert time.monotonic() < end, done
        time.sleep(0.2)
    assert done.status == 0, done


def test_sync_copies_only_what_differs(board, command, many: Path) -> None:
    def counts(*words: object) -> dict[str, int]:
        done = command("-j", "sync", *words)
        assert done.status == 0, done
        found = json.loads(done.out)["result"]
        assert found.pop("left_out") in ([], ["__pycache__"])
        return found

    count = len(digests(many))
    assert counts("many", ":app") == {"copied": count, "removed": 0, "same": 0}
    assert digests(board.directory / "app") == digests(many)
    assert counts("many", ":app") == {"copied": 0, "removed": 0, "same": count}
    (many / "folder1" / "file1.py").write_bytes(b"!")
    (many / "folder2" / "file2.py").unlink()
    (many / "__pycache__").mkdir()
    (many / "__pycache__" / "x.pyc").write_bytes(b"")
    (many / "new" / "deep").mkdir(parents=True)
    (many / "new" / "deep" / "x").write_bytes(b"x")
    assert counts("many", "app") == {"copied": 2, "removed": 0, "same": count - 2}
    (board.directory / "app" / "old" / "older").mkdir(parents=True)
    (board.directory / "app" / "old" / "older" / "x").write_bytes(b"")
    assert counts("--delete", "--exclude", "new", "many", "app")["removed"] == 2
    assert not (board.directory / "app" / "old").exists()
    assert (board.directory / "app" / "new" / "deep" / "x").exists(), "what is left out stays"


def test_sync_into_the_root(board, command, many: Path, here: Path) -> None:
    assert command("sync", ".").status == 0
    assert digests(board.directory) == digests(here)


def test_watch_follows_changes(board, edition, here: Path, person) -> None:
    (here / "a.py").write_text("1")
    watcher = person(*edition, "-c", board.address, "watch", ".", ":app", cwd=here)
    watcher.expect("1 copied, 0 the same")
    watcher.expect("watching .; Ctrl-C ends")
    (here / "b.py").write_text("2")
    watcher.expect("1 copied, 1 the same")
    assert (board.directory / "app" / "b.py").read_text() == "2"
    watcher.expect(r"\x1b\[\?25h")  # the cursor is there again, since no bar is drawn
    watcher.type("\x03")
    assert watcher.status() == 130


def test_watch_copes_with_files_that_exist_for_a_moment(
    board, edition, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Editors try out whether they may write, and keep copies while they do."""
    (here / "a.py").write_text("1")
    (here / "4913").touch()

    def walk(*words: object) -> object:
        found = walk_here(*words)
        (here / "4913").unlink(missing_ok=True)
        return found

    pauses = iter([None, KeyboardInterrupt()])

    def pause(_: float) -> None:
        if ends := next(pauses):
            raise ends

    monkeypatch.setattr("webrepl_client.sync.walk_here", walk)
    monkeypatch.setattr("webrepl_client.cli.sync_verbs.time", SimpleNamespace(sleep=pause))
    result = webrepl(*edition, "-c", board.address, "watch", ".", ":app", cwd=here)
    assert result.status == 130
    assert (board.directory / "app" / "a.py").read_text() == "1"


def test_watch_waits_for_a_board_that_was_reset(board, edition, here: Path, person) -> None:
    (here / "a.py").write_text("1")
    watcher = person(*edition, "-c", board.address, "watch", "--reset", ".", ":app", cwd=here)
    watcher.expect("1 copied")
    (here / "a.py").write_text("2")
    watcher.expect("1 copied")
    board.wait_for_life(2)
    (here / "a.py").write_text("3")
    watcher.expect("1 copied")
    assert (board.directory / "app" / "a.py").read_text() == "3"
