# SPDX-License-Identifier: MIT
"""Copies, edits and removals lose nothing of anybody's work."""

from __future__ import annotations

import json
import os
import re
import stat
import threading
from pathlib import Path

import pytest
from webrepl_client import aio


@pytest.fixture
def editor(here: Path) -> str:
    """An editor that adds a line, and then does what a file called `then` says."""
    path = here / "editor"
    path.write_text(f'#!/bin/sh\necho "more" >> "$1"\n. {here}/then\n')
    path.chmod(0o755)
    (here / "then").write_text("")
    return str(path)


def kept_copy(done) -> str:
    """What is in the file that the message speaks of."""
    found = re.search(r"what you have written is in (\S+)", done.error)
    assert found, done
    return Path(found[1]).read_text()


def test_an_edit_is_kept_when_the_board_has_gone(
    board, command, here: Path, editor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aio, "RETURN_PATIENCE", 1.0)
    (board.directory / "a").write_text("1\n")
    (here / "then").write_text(f"kill -9 {board.process.pid}\n")
    done = command("edit", "a", EDITOR=editor)
    assert done.status in (3, 7)
    assert done.error.count("; trying again for 1 s\n") == 1
    assert kept_copy(done) == "1\nmore\n"


def test_an_edit_is_kept_when_the_board_refuses_it(
    board, command, here: Path, editor: str
) -> None:
    (board.directory / "a").write_text("1\n")
    (here / "then").write_text(f"rm {board.directory}/a; mkdir {board.directory}/a\n")
    done = command("edit", "a", EDITOR=editor)
    assert done.status == 1
    assert kept_copy(done) == "1\nmore\n"


def test_an_edit_is_kept_when_the_editor_fails(board, command, here: Path, editor: str) -> None:
    (board.directory / "a").write_text("1\n")
    (here / "then").write_text("exit 3\n")
    done = command("edit", "a", EDITOR=editor)
    assert done.status == 8
    assert kept_copy(done) == "1\nmore\n"
    assert (board.directory / "a").read_text() == "1\n"


def test_an_edit_leaves_nothing_behind(board, command, tmp_path: Path, editor: str) -> None:
    (board.directory / "a").write_text("1\n")
    folder = tmp_path / "temporary"
    folder.mkdir()
    assert command("edit", "a", EDITOR=editor, TMPDIR=str(folder)).status == 0
    assert (board.directory / "a").read_text() == "1\nmore\n"
    assert os.listdir(folder) == []


def test_a_file_that_cannot_be_read_is_not_edited(board, command, editor: str) -> None:
    (board.directory / "a").mkdir()
    done = command("edit", "a", EDITOR=editor)
    assert done.status == 1
    assert "Is a directory" in done.error


def test_an_editor_that_is_missing_is_told(board, command) -> None:
    done = command("edit", "a", EDITOR="no-such-editor -w")
    assert done.status == 2
    assert done.error.splitlines() == [
        "webrepl: edit: there is no program no-such-editor -w: set VISUAL or EDITOR"
    ]


def test_downloads_go_through_links(board, command, here: Path) -> None:
    (board.directory / "a").write_text("new")
    (here / "elsewhere").mkdir()
    (here / "elsewhere" / "target").write_text("old")
    (here / "link").symlink_to("elsewhere/target")
    assert command("get", "a", "link").status == 0
    assert (here / "link").is_symlink()
    assert (here / "elsewhere" / "target").read_text() == "new"
    assert os.listdir(here / "elsewhere") == ["target"]


@pytest.mark.parametrize("verb", ["get", "cp"])
def test_downloads_go_into_fifos(board, command, here: Path, verb: str) -> None:
    (board.directory / "a").write_bytes(b"x" * 200_000)
    os.mkfifo(here / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((here / "pipe").read_bytes()))
    reader.start()
    assert command(verb, ":a", "pipe").status == 0
    reader.join()
    assert read == [b"x" * 200_000]
    assert stat.S_ISFIFO((here / "pipe").stat().st_mode)


def test_standard_input_and_output(board, command) -> None:
    assert command("cp", "-", ":a", stdin=b"from a pipe").status == 0
    assert command("put", "-", "b", stdin=b"another").status == 0
    assert command("cp", ":a", "-").bytes == b"from a pipe"
    assert command("get", "b", "-").bytes == b"another"


def test_uploads_come_out_of_fifos(board, command, here: Path) -> None:
    os.mkfifo(here / "pipe")
    writer = threading.Thread(target=lambda: (here / "pipe").write_bytes(b"y" * 100_000))
    writer.start()
    assert command("cp", "pipe", ":a").status == 0
    writer.join()
    assert (board.directory / "a").read_bytes() == b"y" * 100_000


def test_removing_does_not_follow_links(board, command, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "work").write_text("of years")
    (board.directory / "lib" / "deep").mkdir(parents=True)
    (board.directory / "lib" / "deep" / "link").symlink_to(precious)
    (board.directory / "lib" / "file").symlink_to(precious / "work")
    (board.directory / "link").symlink_to(precious)
    done = command("rm", "-r", "lib", "link")
    assert done.status == 0, done
    assert (precious / "work").read_text() == "of years"
    assert os.listdir(board.directory) == []


def test_sync_does_not_remove_behind_links(board, command, tmp_path: Path, here: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "work").write_text("of years")
    (board.directory / "link").symlink_to(precious)
    (here / "a").write_text("a")
    done = command("sync", "--delete", ".")
    assert done.status == 0, done
    assert (precious / "work").read_text() == "of years"
    assert os.listdir(board.directory) == ["a"]


def test_removing_everything_is_asked_for(board, command, edition, person) -> None:
    (board.directory / "a").write_text("1")
    for root in (":/", ":", ":."):
        done = command("rm", "-r", root)
        assert done.status == 2
        assert "everything on the board" in done.error
    assert os.listdir(board.directory) == ["a"]
    somebody = person(*edition, "-c", board.address, "rm", "-r", ":")
    somebody.expect("Type yes: ")
    somebody.type("no\r")
    assert somebody.status() == 2
    assert os.listdir(board.directory) == ["a"]
    assert command("rm", "-r", "-f", ":").status == 0
    assert os.listdir(board.directory) == []


def test_sync_copes_with_every_change_of_shape(board, command, here: Path) -> None:
    def sync(*words: str) -> dict[str, int]:
        done = command("-j", "sync", *words, ".", ":app")
        assert done.status == 0, done
        return json.loads(done.out)["result"]

    (here / "becomes_folder").write_text("file")
    (here / "becomes_file" / "deep").mkdir(parents=True)
    (here / "becomes_file" / "deep" / "x").write_text("x")
    (here / "becomes_file" / "y").write_text("y")
    assert sync()["copied"] == 3
    (here / "becomes_folder").unlink()
    (here / "becomes_folder").mkdir()
    (here / "becomes_folder" / "z").write_text("z")
    (here / "becomes_file" / "deep" / "x").unlink()
    (here / "becomes_file" / "deep").rmdir()
    (here / "becomes_file" / "y").unlink()
    (here / "becomes_file").rmdir()
    (here / "becomes_file").write_text("file")
    done = command("sync", ".", ":app")
    assert done.status == 8
    assert "becomes_file is a file here, and a directory on the board" in done.error
    assert (board.directory / "app" / "becomes_file" / "y").exists()
    found = sync("--delete")
    assert (found["copied"], found["removed"]) == (2, 3)
    assert (board.directory / "app" / "becomes_file").read_text() == "file"
    assert (board.directory / "app" / "becomes_folder" / "z").read_text() == "z"
    assert sync("--delete") == {"copied": 0, "removed": 0, "same": 2, "left_out": []}


def test_copies_say_what_they_leave_out(command, here: Path) -> None:
    (here / ".env").write_text("secret")
    (here / ".git").mkdir()
    (here / "__pycache__").mkdir()
    (here / "broken").symlink_to("nowhere")
    done = command("sync", ".")
    assert done.status == 0
    assert done.error.splitlines() == ["left out: .env, .git, broken"]
    done = command("cp", "-r", ".", ":copy")
    assert done.status == 0
    assert done.error.splitlines() == ["left out: broken"]


@pytest.mark.parametrize("name", ["[red]x", "d[/b]x"])
def test_names_with_brackets_are_only_names(board, edition, here: Path, person, name: str) -> None:
    (here / "x").write_bytes(b"1" * 5000)
    (board.directory / "d[").mkdir()
    somebody = person(*edition, "-c", board.address, "cp", "x", f":{name}", cwd=here)
    somebody.expect(re.escape(name))
    assert somebody.status() == 0
    assert (board.directory / name).stat().st_size == 5000


def test_wildcards_mean_names_on_the_board(board, command, here: Path) -> None:
    for name in ("a.py", "b.py", "c.txt", "[d].py"):
        (board.directory / name).write_text(name)
    (board.directory / "lib").mkdir()
    (board.directory / "lib" / "e.py").write_text("e")
    assert command("cp", ":?.py", ":*/*.py", ".").status == 0
    assert sorted(os.listdir(here)) == ["a.py", "b.py", "e.py"]
    assert command("cat", "[d].py").out == "[d].py"
    assert command("rm", "*.py").status == 0
    assert sorted(os.listdir(board.directory)) == ["c.txt", "lib"]
    done = command("rm", "*.py")
    assert (done.status, done.error) == (1, "webrepl: :*.py: No such file or directory\n")
