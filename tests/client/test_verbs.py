# SPDX-License-Identifier: MIT
"""Every verb does what it says, in both editions of the protocol."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from .desktop import webrepl


def result(command: Any, *words: object) -> Any:
    """Runs one verb with --json. Returns what it shows."""
    done = command("-j", *words)
    assert done.status == 0, done
    return json.loads(done.out)["result"]


def test_ls_shows_sizes_and_directories(board, command) -> None:
    (board.directory / "lib").mkdir()
    (board.directory / "größe.txt").write_bytes(b"12345")
    done = command("ls")
    assert done.status == 0, done
    assert sorted(done.out.split()) == sorted(["5", "größe.txt", "0", "lib/"])
    assert result(command, "ls", ":größe.txt") == [
        {"name": "größe.txt", "is_dir": False, "size": 5}
    ]
    assert command("ls", "nothing").status == 1


def test_tree_shows_all_below(board, command) -> None:
    (board.directory / "a" / "b").mkdir(parents=True)
    (board.directory / "a" / "b" / "c.py").write_bytes(b"x" * 2048)
    (board.directory / "d").write_bytes(b"")
    lines = command("tree").out.splitlines()
    assert lines == [":", "├── a", "│   └── b", "│       └── c.py  2.0K", "└── d  0B"]


def test_cat_prints_bytes_as_they_are(board, command) -> None:
    contents = bytes(range(256)) * 5
    (board.directory / "a").write_bytes(contents)
    assert command("cat", ":a", "a").bytes == contents * 2


@pytest.mark.parametrize("size", [0, 1, 255, 256, 1023, 1024, 1025, 70_000])
def test_cp_goes_both_ways(board, command, here: Path, size: int) -> None:
    contents = os.urandom(size)
    (here / "a").write_bytes(contents)
    assert command("cp", "a", ":b").status == 0
    assert (board.directory / "b").read_bytes() == contents
    assert command("cp", ":b", "c").status == 0
    assert (here / "c").read_bytes() == contents
    assert os.listdir(board.directory) == ["b"]
    assert sorted(os.listdir(here)) == ["a", "c"]


def test_cp_into_directories_and_on_the_board(board, command, here: Path) -> None:
    (board.directory / "lib").mkdir()
    (here / "x.py").write_text("1")
    (here / "y.py").write_text("2")
    assert command("cp", "x.py", "y.py", ":lib").status == 0
    assert command("cp", ":lib/x.py", ":lib/z.py").status == 0
    assert sorted(os.listdir(board.directory / "lib")) == ["x.py", "y.py", "z.py"]
    assert command("cp", "x.py", ":nowhere/").status == 1
    assert command("cp", "x.py", "y.py", ":x.py").status == 2
    assert command("cp", ":lib/x.py", ".").status == 0


def test_cp_of_a_tree_skips_what_is_the_same(board, command, here: Path) -> None:
    for number in range(5):
        folder = here / "tree" / f"folder {number}" / "deep"
        folder.mkdir(parents=True)
        (folder / f"file {number}").write_text("contents " * number)
    (here / "tree" / "empty").mkdir()
    assert result(command, "cp", "-r", "tree", ":") == {"copied": 5}
    (board.directory / "tree" / "folder 3" / "deep" / "file 3").write_text("CONTENTS " * 3)
    assert result(command, "cp", "-r", "tree", ":") == {"copied": 1}
    assert result(command, "cp", "-r", "-f", "tree", ":") == {"copied": 5}
    assert result(command, "cp", "-r", ":tree", "back") == {"copied": 5}
    there = sorted(str(path.relative_to(here / "back")) for path in (here / "back").rglob("*"))
    assert there == sorted(
        str(path.relative_to(here / "tree")) for path in (here / "tree").rglob("*")
    )
    assert command("cp", "tree", ":").status == 2


def test_put_and_get(board, command, here: Path) -> None:
    (here / "a.py").write_text("pass")
    assert command("put", "a.py").status == 0
    assert command("put", "a.py", "/".join([".", "b.py"])).status == 0
    assert command("get", "b.py").status == 0
    assert (here / "b.py").read_text() == "pass"
    assert sorted(os.listdir(board.directory)) == ["a.py", "b.py"]


def test_names_of_every_kind(board, command, here: Path) -> None:
    for name in ["with space", "quo'te\"s", "日本.txt", "x" * 120, "-dash", "back\\slash"]:
        (here / "local").write_text(name)
        assert command("cp", "local", f":{name}").status == 0, name
        assert (board.directory / name).read_text() == name
        assert command("cat", f":{name}").out == name
        assert command("rm", f":{name}").status == 0


def test_rm_mkdir_rmdir_mv_touch(board, command) -> None:
    assert command("mkdir", ":a", ":a/b").status == 0
    assert command("touch", "a/b/f").status == 0
    assert command("rmdir", ":a").status == 1
    assert command("mv", "a/b/f", "a/g").status == 0
    assert command("touch", "a/g", "h").status == 0
    assert command("mv", "h", ":a").status == 0
    assert sorted(os.listdir(board.directory / "a")) == ["b", "g", "h"]
    assert result(command, "rm", "-r", ":a") == {"removed": 2}
    assert os.listdir(board.directory) == []


def test_mv_replaces_a_file(board, command) -> None:
    (board.directory / "a").write_text("new")
    (board.directory / "b").write_text("old")
    assert command("mv", "a", "b").status == 0
    assert (board.directory / "b").read_text() == "new"


def test_sha256sum_and_df(board, command) -> None:
    (board.directory / "a").write_bytes(b"x" * 5000)
    digest = hashlib.sha256(b"x" * 5000).hexdigest()
    assert command("sha256sum", ":a").out == f"{digest}  a\n"
    space = result(command, "df")
    assert space["total"] >= space["free"] > 0
    assert "use%" in command("df").out


def test_exec_eval_run(command, here: Path) -> None:
    assert command("exec", "print('größe'); print(2)").out == "größe\r\n2\r\n"
    assert command("eval", "6 * 7").out == "42\r\n"
    assert result(command, "eval", "[1, 'a', {'b': None}]") == [1, "a", {"b": None}]
    (here / "program.py").write_text("for i in range(3):\n    print(i)\n")
    assert command("run", "program.py").out == "0\r\n1\r\n2\r\n"
    assert command("run", "-", stdin=b"print('piped')").out == "piped\r\n"


def test_long_programs_arrive_whole(command, here: Path) -> None:
    lines = [f"x{number} = '{'é' * (number % 50)}'" for number in range(2000)]
    (here / "long.py").write_text("\n".join([*lines, "print(len(x1999))"]))
    assert command("run", "long.py").out == f"{1999 % 50}\r\n"


def test_a_failing_program_shows_its_traceback(command) -> None:
    done = command("exec", "def f(): 1/0\nf()")
    assert done.status == 1
    assert done.error.splitlines()[-1] == "ZeroDivisionError: divide by zero"
    assert "Traceback" in done.error
    assert command("exec", "this is no Python").status == 1


def test_exec_without_following(board, command) -> None:
    code = "import time; time.sleep(0.5); open('done', 'w').close(); print('DONE')"
    assert command("exec", "--no-follow", code).out == ""
    board.expect("DONE")


def test_verbs_are_chained(board, command) -> None:
    done = command("mkdir", "a", "+", "touch", "a/b", "+", "ls", "a")
    assert done.out.split() == ["0", "b"]
    done = command("eval", "1", "eval", "2", "exec", "print(3)")
    assert done.out.split() == ["1", "2", "3"]
    assert command("mkdir", "a", "+", "touch", "c").status == 1
    assert not (board.directory / "c").exists(), "what follows a failure is not done"


def test_soft_reset_and_what_follows(board, command) -> None:
    done = command("exec", "x = 1", "soft-reset", "eval", "'x' in globals()")
    assert (done.status, done.out) == (0, "False\r\n"), done
    board.wait_for_life(2)


def test_reset_where_there_is_none(command) -> None:
    done = command("reset")
    assert (done.status, done.error) == (1, "webrepl: this firmware cannot reset its board\n")


def test_edit(board, command, here: Path) -> None:
    editor = here / "editor"
    editor.write_text('#!/bin/sh\necho "more" >> "$1"\n')
    editor.chmod(0o755)
    (board.directory / "a").write_text("one\n")
    assert command("edit", "a", ":new", EDITOR=str(editor)).status == 0
    assert (board.directory / "a").read_text() == "one\nmore\n"
    assert (board.directory / "new").read_text() == "more\n"
    assert command("edit", "a", EDITOR="true").status == 0
    assert command("edit", "a", EDITOR="false").status == 8
    assert command("edit", "a").status == 2
    assert (board.directory / "a").read_text() == "one\nmore\n"


def test_programs_run_on_while_files_are_used(board) -> None:
    start = "import time\nfor i in range(20): time.sleep(0.1)\nprint('STILL', 'HERE')"
    assert webrepl("-c", board.address, "exec", "--no-follow", start).status == 0
    assert webrepl("-c", board.address, "touch", "a", "+", "ls").out.split() == ["0", "a"]
    board.expect("STILL HERE")
