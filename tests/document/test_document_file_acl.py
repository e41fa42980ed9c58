# SPDX-License-Identifier: MIT
"""file_acl(): who may read or write which file."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.support.program import Program
from tests.support.waiting import PATIENCE

from .sentences import checks


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Files to request."""
    tree = tmp_path / "tree"
    (tree / "sub").mkdir(parents=True)
    (tree / "file").write_text("old")
    return tree


def deciding(run, tree: Path, verdict: str) -> Program:
    """Starts a server whose callback returns this value."""
    return run(f"""
import uhttpd
asked = []
def decide(*args):
    asked.extend(args)
    return {verdict}
httpd = uhttpd.Server(0, routes=10)
httpd.route('/asked', uhttpd.GET, lambda req: req.write(repr(asked)))
httpd.receive(prefix='/fs', base={str(tree)!r}, delete=True)
httpd.serve('/fs', {str(tree)!r})
httpd.file_acl(decide)
print('PORT', httpd.port())
input()
""")


def ask(board: Program, method: str, path: str) -> int:
    content = b"new" if method == "POST" and not path.endswith("/") else None
    url = board.url(f"/fs{path}")
    return httpx.request(method, url, content=content, timeout=PATIENCE).status_code


READS = [("GET", "/file"), ("GET", "/sub/")]
WRITES = [("POST", "/file"), ("POST", "/new/"), ("DELETE", "/file"), ("DELETE", "/sub/")]


def is_untouched(tree: Path) -> bool:
    found = sorted(str(path.relative_to(tree)) for path in tree.rglob("*"))
    return found == ["file", "sub"] and (tree / "file").read_text() == "old"


@checks("file_acl.when", "file_acl.path")
@pytest.mark.parametrize(("method", "path"), READS + WRITES)
def test_the_callback_is_asked(run, tree: Path, method: str, path: str) -> None:
    board = deciding(run, tree, "uhttpd.ACL_RW")
    assert ask(board, method, path) < 300
    asked = board.get("/asked").text
    assert repr(f"{tree}{path}") in asked
    assert all(isinstance(word, str) for word in eval(asked))


@checks("file_acl.rights", "file_acl.denied", "constants.acl_ro")
def test_read_only(run, tree: Path) -> None:
    board = deciding(run, tree, "uhttpd.ACL_RO")
    assert [ask(board, *request) for request in WRITES] == [403] * len(WRITES)
    assert is_untouched(tree)
    assert [ask(board, *request) for request in READS] == [200] * len(READS)


@checks("file_acl.rights", "constants.acl_wo")
def test_write_only(run, tree: Path) -> None:
    board = deciding(run, tree, "uhttpd.ACL_WO")
    assert [ask(board, *request) for request in READS] == [403] * len(READS)
    assert all(ask(board, *request) < 300 for request in WRITES)


@checks("file_acl.rights", "constants.acl_rw")
def test_read_and_write(run, tree: Path) -> None:
    board = deciding(run, tree, "uhttpd.ACL_RW")
    assert all(ask(board, *request) < 300 for request in READS + WRITES)


@checks("file_acl.status", "file_acl.denied")
@pytest.mark.parametrize("status", [400, 404, 451, 599])
def test_a_status(run, tree: Path, status: int) -> None:
    board = deciding(run, tree, str(status))
    assert {ask(board, *request) for request in READS + WRITES} == {status}
    assert is_untouched(tree)


@checks("file_acl.nonsense", "file_acl.denied")
@pytest.mark.parametrize(
    "verdict", ["0", "4", "-1", "399", "600", "2**32 + 1", "2**70", "None", "True", "'403'", "3.0"]
)
def test_nonsense(run, tree: Path, verdict: str) -> None:
    board = deciding(run, tree, verdict)
    assert {ask(board, *request) for request in READS + WRITES} == {403}
    assert is_untouched(tree)


@checks("file_acl.denied")
def test_a_callback_that_raises(run, tree: Path) -> None:
    board = deciding(run, tree, "1 // 0")
    assert ask(board, "POST", "/file") == 500
    assert "ZeroDivisionError" in board.expect("ZeroDivisionError")
    assert is_untouched(tree)


@checks("file_acl.rights")
def test_no_callback_any_more(run, tree: Path) -> None:
    board = run(f"""
import uhttpd
httpd = uhttpd.Server(0)
httpd.serve('/fs', {str(tree)!r})
httpd.file_acl(lambda path: 403)
httpd.file_acl(None)
print('PORT', httpd.port())
input()
""")
    assert ask(board, "GET", "/file") == 200
