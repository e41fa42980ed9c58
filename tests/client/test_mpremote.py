# SPDX-License-Identifier: MIT
"""mpremote's own verbs, unmodified, over the network."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from .desktop import run_command


@pytest.fixture
def mpremote(board, here: Path):
    def run(*words: object, **more: str):
        return run_command("-c", board.address, "mpremote", *words, cwd=here, **more)

    return run


def done(result) -> str:
    """Runs mpremote, which must succeed. Returns its output."""
    assert result.status == 0, result
    return result.out


def test_exec_eval_run(mpremote, here: Path) -> None:
    assert done(mpremote("exec", "print('hello')")).strip() == "hello"
    (here / "program.py").write_text("print(sum(range(10)))")
    assert done(mpremote("run", "program.py")).strip() == "45"
    assert mpremote("exec", "1/0").status == 1


def test_mount_and_import(mpremote, here: Path) -> None:
    (here / "mounted.py").write_text(f"TEXT = {'x' * 3000!r}\nprint('imported')\n")
    (here / "data.bin").write_bytes(bytes(range(256)) * 8)
    code = (
        "import mounted; print(len(mounted.TEXT)); "
        "print(sum(open('data.bin', 'rb').read())); "
        "f = open('made.txt', 'w'); f.write('by the board'); f.close()"
    )
    lines = done(mpremote("mount", ".", "exec", code)).splitlines()
    from_board = [line for line in lines if not line.startswith("Local directory")]
    assert from_board == ["imported", "3000", str(sum(range(256)) * 8)]
    assert (here / "made.txt").read_text() == "by the board"


def test_paths_begin_where_they_did_before_a_mount(board, mpremote) -> None:
    """os.umount() leaves the current directory at /, which on a desktop is the machine's."""
    done(mpremote("mount", ".", "exec", "1"))
    result = run_command("-c", board.address, "eval", "__import__('os').getcwd()")
    assert result.out.split() == [str(board.directory)]


def test_its_prompt_needs_a_terminal(board, here: Path) -> None:
    result = run_command("-c", board.address, "mount", ".", cwd=here)
    assert result.status == 1
    assert result.error == "webrepl: mpremote goes on to its prompt, which needs a terminal\n"


def test_cp_of_a_tree(board, mpremote, here: Path) -> None:
    for number in range(0, 256, 6):
        path = here / "tree" / f"folder{number % 5}" / f"file{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes([number]) * number)
    done(mpremote("fs", "cp", "-r", "tree", ":./"))
    copied = {
        path.relative_to(board.directory): path.read_bytes()
        for path in board.directory.rglob("*")
        if path.is_file()
    }
    assert copied == {
        path.relative_to(here): path.read_bytes()
        for path in (here / "tree").rglob("*")
        if path.is_file()
    }


def test_sha256sum_cat_ls_rm(board, mpremote) -> None:
    (board.directory / "a").write_bytes(bytes(range(256)))
    digest = hashlib.sha256(bytes(range(256))).hexdigest()
    assert digest in done(mpremote("sha256sum", ":a"))
    assert "a" in done(mpremote("ls", ":."))
    done(mpremote("rm", ":a"))
    assert not (board.directory / "a").exists()


def test_edit(board, mpremote, here: Path) -> None:
    editor = here / "editor"
    editor.write_text('#!/bin/sh\necho "more" >> "$1"\n')
    editor.chmod(0o755)
    (board.directory / "a.txt").write_text("größe\n")
    done(mpremote("edit", ":a.txt", EDITOR=str(editor)))
    assert (board.directory / "a.txt").read_text() == "größe\nmore\n"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """Serves a package index on this machine. Returns its address."""
    folder = tmp_path / "index"
    package = {
        "v": 1,
        "version": "1.0",
        "hashes": [["little.py", "0123456789abcdef"]],
        "deps": [],
        "urls": [],
    }
    (folder / "package" / "py" / "little").mkdir(parents=True)
    (folder / "package" / "py" / "little" / "latest.json").write_text(json.dumps(package))
    (folder / "file" / "01").mkdir(parents=True)
    (folder / "file" / "01" / "0123456789abcdef").write_text("ANSWER = 42\n")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_mip_installs_from_an_index(board, mpremote, index: str) -> None:
    done(mpremote("mip", "install", "--no-mpy", "--index", index, "--target", "lib", "little"))
    assert (board.directory / "lib" / "little.py").exists() or list(
        board.directory.rglob("little.py")
    )


def test_soft_reset(board, mpremote) -> None:
    done(mpremote("exec", "x = 1"))
    assert done(mpremote("soft-reset", "exec", "print('x' in globals())")).strip() == "False"
    board.wait_for_life(2)


def test_romfs_is_asked_for(mpremote) -> None:
    assert "ROMFS" in done(mpremote("romfs", "query"))


def test_a_wrong_password_is_told(board, here: Path) -> None:
    result = run_command("-c", board.address, "-p", "wrong", "mpremote", "ls", cwd=here)
    assert result.status == 5
    assert "wrong password" in result.error
