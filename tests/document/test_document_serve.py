# SPDX-License-Identifier: MIT
"""serve(): files and directories."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.support.paths import MICROPYTHON
from tests.support.program import Program
from tests.support.waiting import PATIENCE

from .sentences import checks


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """Files to serve."""
    www = tmp_path / "www" / "data"
    (www / "subdir").mkdir(parents=True)
    (www / "hello.txt").write_text("x" * 42)
    (www / "subdir" / "hello.txt").write_text("in subdir")
    return www


def serving(run, calls: str) -> Program:
    """Starts a server and makes some calls. It prints what they raise."""
    return run(f"""
import uhttpd
httpd = uhttpd.Server(0, ext_path='/nowhere')
try:
    {calls}
except Exception as error:
    print(type(error).__name__, error)
print('PORT', httpd.port())
input()
""")


@checks("serve.get")
def test_get_below_the_prefix(run, www: Path) -> None:
    board = serving(run, f"httpd.serve('/fs', {str(www)!r})")
    assert board.get("/fs/hello.txt").text == "x" * 42
    assert board.get("/hello.txt").status_code == 404
    for method in ("POST", "PUT", "DELETE"):
        assert httpx.request(method, board.url("/fs/hello.txt")).status_code == 405


@checks("serve.prefix_slash")
def test_a_prefix_without_slash(run) -> None:
    serving(run, "httpd.serve('fs')").expect("ValueError prefix must start with '/'")


@checks("serve.base_slash")
def test_a_base_without_slash(run) -> None:
    serving(run, "httpd.serve('/fs', 'www')").expect("ValueError base must start with '/'")


@checks("serve.prefix_default", "serve.resolution")
@pytest.mark.parametrize("call", ["httpd.serve()", "httpd.serve('')", "httpd.serve(None, None)"])
def test_without_prefix_and_base_urls_are_paths(run, www: Path, call: str) -> None:
    assert serving(run, call).get(f"{www}/hello.txt").text == "x" * 42


@checks("serve.resolution")
def test_the_base_alone_is_put_in_front(run, www: Path) -> None:
    board = serving(run, f"httpd.serve(base={str(www)!r})")
    assert board.get("/subdir/hello.txt").text == "in subdir"


@checks("serve.resolution")
def test_the_prefix_alone_is_taken_away(run, www: Path) -> None:
    assert serving(run, "httpd.serve('/fs')").get(f"/fs{www}/hello.txt").text == "x" * 42


@checks("serve.example")
def test_prefix_and_base(run, www: Path) -> None:
    board = serving(run, f"httpd.serve(prefix='/fs', base={str(www)!r})")
    assert board.get("/fs/subdir/hello.txt").text == "in subdir"


@checks("serve.directory", "serve.document")
def test_the_document_of_a_directory(run, www: Path) -> None:
    board = serving(run, f"httpd.serve('/fs', {str(www.parent)!r})")
    reply = board.get("/fs/data/")
    assert reply.headers["Content-Type"] == "application/json"
    document = reply.json()
    assert document.keys() == {"path", "list"}
    assert document["path"] == "/data/"
    assert document["list"][0] == {"path": "..", "type": "directory", "size": 0}
    file, folder = sorted(document["list"][1:], key=lambda entry: entry["path"])
    assert file.pop("modified") == int((www / "hello.txt").stat().st_mtime)
    assert [file, folder] == [
        {"path": "hello.txt", "type": "file", "size": 42},
        {"path": "subdir", "type": "directory", "size": 0},
    ]


@checks("serve.directory")
def test_directories_are_not_listed(run, www: Path) -> None:
    board = serving(run, f"httpd.serve('/fs', {str(www)!r}, False)")
    assert board.get("/fs/subdir/").status_code == 404
    assert board.get("/fs/subdir/hello.txt").text == "in subdir"


@checks("serve.ext", "serve.ext_fallback")
def test_external_storage_comes_first(run, www: Path, tmp_path: Path) -> None:
    card = Path(f"{tmp_path}/sd{www}")
    (card / "only").mkdir(parents=True)
    (card / "only" / "file").write_text("on the card")
    (card / "subdir").mkdir()
    (card / "subdir" / "hello.txt").write_text("on the card")
    board = run(f"""
import uhttpd
httpd = uhttpd.Server(0, ext_path={str(tmp_path / "sd")!r})
httpd.serve('/fs', {str(www)!r}, True, True)
httpd.serve('/internal', {str(www)!r})
print('PORT', httpd.port())
input()
""")
    assert board.get("/fs/subdir/hello.txt").text == "on the card"
    assert [entry["path"] for entry in board.get("/fs/only/").json()["list"]] == ["..", "file"]
    assert board.get("/fs/hello.txt").text == "x" * 42
    assert board.get("/internal/subdir/hello.txt").text == "in subdir"
    assert board.get("/fs/nothing").status_code == 404


@checks("serve.ext")
def test_external_storage_is_at_sd_by_default() -> None:
    from bindgen.parse import parse

    stub = parse(MICROPYTHON / "uhttpd.pyi")
    (constructor,) = (owner.constructor for owner in stub.classes if owner.name == "Server")
    assert {p.name: p.default for p in constructor.parameters}["ext_path"] == "/sd"


@checks("serve.get")
def test_keep_alive_is_no_matter(run, www: Path) -> None:
    board = serving(run, f"httpd.serve('/fs', {str(www)!r})")
    with httpx.Client(base_url=board.url("/fs"), timeout=PATIENCE) as client:
        for _ in range(3):
            assert client.get("/hello.txt").text == "x" * 42
            assert client.get("/").status_code == 200
