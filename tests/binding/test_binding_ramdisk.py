# SPDX-License-Identifier: MIT
"""serve() and receive() on the file systems of boards: littlefs and FAT, on a disk in memory."""

from __future__ import annotations

import os

import httpx
import pytest

from tests.support.program import Program, Run
from tests.support.ram_disk import ram_disk
from tests.support.waiting import PATIENCE

BLOCK = 512  # bytes, of the disk
BLOCKS = {"VfsLfs2": 256, "VfsFat": 512}

PROGRAM = """
import os, uhttpd

httpd = uhttpd.Server(0, ext_path='/ram')
httpd.receive(prefix='/ram', base='/ram', delete=True)
httpd.serve('/ram', '/ram')
httpd.route('/do', uhttpd.POST, lambda req: req.write(repr(eval(req.read()))))
print('PORT', httpd.port())
input()
"""


@pytest.fixture(params=BLOCKS)
def board(run: Run, request: pytest.FixtureRequest) -> Program:
    """A program with such a disk at /ram."""
    kind = request.param
    return run(ram_disk(kind, "/ram", BLOCKS[kind]) + PROGRAM)


def ask(board: Program, method: str, path: str, **more: object) -> httpx.Response:
    return httpx.request(method, board.url(path), timeout=PATIENCE, **more)


def put(board: Program, path: str, content: bytes, **headers: str) -> int:
    return ask(board, "PUT", path, content=content, headers=headers).status_code


def listed(board: Program, path: str) -> dict[str, tuple[str, int]]:
    entries = ask(board, "GET", path).json()["list"]
    return {entry["path"]: (entry["type"], entry["size"]) for entry in entries}


def test_uploads_are_served(board: Program) -> None:
    data = os.urandom(20_000)
    assert put(board, "/ram/a/b/grüße.bin", data) == 201
    reply = ask(board, "GET", "/ram/a/b/grüße.bin")
    assert reply.content == data
    assert reply.headers["Content-Length"] == "20000"
    part = ask(board, "GET", "/ram/a/b/grüße.bin", headers={"Range": "bytes=10000-10099"})
    assert (part.status_code, part.content) == (206, data[10000:10100])
    assert listed(board, "/ram/a/b/") == {"..": ("directory", 0), "grüße.bin": ("file", 20_000)}
    assert listed(board, "/ram/")["a"] == ("directory", 0)


def test_a_file_is_replaced_and_its_tag_changes(board: Program) -> None:
    """Even within a tick of the clock, and even if the length stays the same."""
    tags = []
    for content in (b"one", b"two", b"six"):
        assert put(board, "/ram/file", content) in (200, 201, 204)
        reply = ask(board, "GET", "/ram/file")
        assert reply.content == content
        tags.append(reply.headers["ETag"])
        not_modified = ask(board, "GET", "/ram/file", headers={"If-None-Match": tags[-1]})
        assert not_modified.status_code == 304
    assert len(set(tags)) == 3
    assert put(board, "/ram/file", b"four", **{"If-Match": tags[0]}) == 412
    assert put(board, "/ram/file", b"four", **{"If-Match": tags[-1]}) in (200, 204)
    assert listed(board, "/ram/") == {"file": ("file", 4)}


def test_files_and_directories_are_not_confused(board: Program) -> None:
    assert put(board, "/ram/file", b"data") == 201
    assert ask(board, "POST", "/ram/empty/").status_code == 201
    assert ask(board, "DELETE", "/ram/empty").is_client_error
    assert ask(board, "DELETE", "/ram/file/").is_client_error
    assert put(board, "/ram/empty", b"data") in (404, 409)
    assert listed(board, "/ram/") == {"file": ("file", 4), "empty": ("directory", 0)}


def test_removal(board: Program) -> None:
    for path in ("/ram/tree/one", "/ram/tree/sub/two"):
        assert put(board, path, b"data") == 201
    assert ask(board, "DELETE", "/ram/tree/").status_code == 409
    assert ask(board, "DELETE", "/ram/tree/one").is_success
    assert ask(board, "DELETE", "/ram/tree/?force=1").is_success
    assert ask(board, "GET", "/ram/tree/").status_code == 404
    assert listed(board, "/ram/") == {}


def test_move(board: Program) -> None:
    put(board, "/ram/one", b"1")
    put(board, "/ram/two", b"2")
    assert ask(board, "MOVE", "/ram/one", headers={"Destination": "/ram/two"}).is_success
    assert ask(board, "GET", "/ram/two").content == b"1"
    assert listed(board, "/ram/") == {"two": ("file", 1)}


def test_a_full_disk_leaves_the_old_file_and_nothing_else(board: Program) -> None:
    assert put(board, "/ram/file", b"old") == 201
    assert put(board, "/ram/file", bytes(BLOCK * 1000)) == 507
    assert put(board, "/ram/new", bytes(BLOCK * 1000)) == 507
    reply = ask(board, "PUT", "/ram/file", content=(bytes(BLOCK) for _ in range(1000)))
    assert reply.status_code == 507
    assert ask(board, "GET", "/ram/file").content == b"old"
    assert listed(board, "/ram/") == {"file": ("file", 3)}
    assert put(board, "/ram/file", b"new") in (200, 204)


def test_many_at_a_time(board: Program) -> None:
    """The device releases the interpreter's lock in the middle of each operation."""
    from concurrent.futures import ThreadPoolExecutor

    files = {f"/ram/{i}/file": os.urandom(500) for i in range(4)}

    def there_and_back(path: str) -> bool:
        stored = all(put(board, path, files[path]) < 300 for _ in range(2))
        return stored and ask(board, "GET", path).content == files[path]

    assert board.port  # only one thread reads the program's output
    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(there_and_back, files))
