# SPDX-License-Identifier: MIT
"""serve(): files and directories of the board."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from tests.support.program import Program, Run
from tests.support.waiting import PATIENCE


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """A tree of files; `program` serves it as /fs."""
    root = tmp_path / "www"
    (root / "sub").mkdir(parents=True)
    (root / "hello.txt").write_bytes(b"hello")
    (root / "empty.html").write_bytes(b"")
    (root / "grüße 100%.json").write_bytes(b"{}")
    (root / "sub" / "big.bin").write_bytes(os.urandom(1_000_003))
    (root / "sub" / "exact").write_bytes(bytes(range(256)) * 16)
    (tmp_path / "secret.txt").write_bytes(b"secret")
    return root


@pytest.fixture
def program(run: Run, www: Path) -> Program:
    return run(
        f"""
import uhttpd
httpd = uhttpd.Server(0, routes=10, ext_path={str(www.parent / "sd") + "/"!r})
httpd.serve('/fs/', {str(www) + "/"!r})
httpd.serve('/nodirs', {str(www)!r}, dirs=False)
httpd.serve('/ext', {str(www)!r}, ext=True)
httpd.serve()
print('PORT', httpd.port())
input()
"""
    )


@pytest.mark.parametrize(
    ("path", "file", "mime"),
    [
        ("/fs/hello.txt", "hello.txt", "text/plain; charset=utf-8"),
        ("/fs/hello.txt?a=b", "hello.txt", "text/plain; charset=utf-8"),
        ("/fs/%68ello.txt", "hello.txt", "text/plain; charset=utf-8"),
        ("/fs/empty.html", "empty.html", "text/html; charset=utf-8"),
        ("/fs/gr%C3%BC%C3%9fe%20100%25.json", "grüße 100%.json", "application/json"),
        ("/fs/sub/big.bin", "sub/big.bin", "application/octet-stream"),
        ("/fs/sub/exact", "sub/exact", "application/octet-stream"),
        ("/nodirs/hello.txt", "hello.txt", "text/plain; charset=utf-8"),
        ("/ext/hello.txt", "hello.txt", "text/plain; charset=utf-8"),
    ],
)
def test_file(program: Program, www: Path, path: str, file: str, mime: str) -> None:
    reply = program.get(path)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == mime
    assert reply.content == (www / file).read_bytes()


def test_prefix_and_base_default_to_the_root(program: Program, www: Path) -> None:
    assert program.get(f"{www}/hello.txt").text == "hello"


def test_head_has_no_body(program: Program) -> None:
    reply = httpx.head(program.url("/fs/hello.txt"), timeout=PATIENCE)
    assert (reply.status_code, reply.content, reply.headers["Content-Length"]) == (200, b"", "5")
    reply = httpx.head(program.url("/fs/sub/big.bin"), timeout=PATIENCE)
    assert (reply.status_code, reply.content) == (200, b"")


def test_directory(program: Program) -> None:
    reply = program.get("/fs/")
    assert reply.headers["Content-Type"] == "application/json"
    document = reply.json()
    assert document["path"] == "/"
    times = [entry.pop("modified", 0) for entry in document["list"]]
    assert [time > 0 for time in times].count(True) == 3
    assert sorted(document["list"], key=lambda entry: entry["path"]) == [
        {"path": "empty.html", "type": "file", "size": 0},
        {"path": "grüße 100%.json", "type": "file", "size": 2},
        {"path": "hello.txt", "type": "file", "size": 5},
        {"path": "sub", "type": "directory", "size": 0},
    ]
    document = program.get("/fs/sub/").json()
    assert document["path"] == "/sub/"
    assert document["list"][0] == {"path": "..", "type": "directory", "size": 0}
    (big,) = (entry for entry in document["list"] if entry["path"] == "big.bin")
    assert (big["type"], big["size"]) == ("file", 1_000_003)


def test_names_in_a_listing_are_quoted(program: Program, www: Path) -> None:
    names = {'a"b', "c\nd", "e\tf", "<script>", "\x1b[31m"}
    (www / "odd").mkdir()
    for name in names:
        (www / "odd" / name).touch()
    listed = {entry["path"] for entry in program.get("/fs/odd/").json()["list"]}
    assert listed == names | {".."}


def test_long_listing(program: Program, www: Path) -> None:
    (www / "many").mkdir()
    names = {f"file number {number}" for number in range(1000)}
    for name in names:
        (www / "many" / name).touch()
    listed = {entry["path"] for entry in program.get("/fs/many/").json()["list"]}
    assert listed == names | {".."}


@pytest.mark.parametrize(
    "path",
    [
        "/fs/none",
        "/fs/hello.txt/",
        "/fs/none/",
        "/nodirs/",
        "/nodirs/sub/",
        "/fs/%2a",
    ],
)
def test_not_found(program: Program, path: str) -> None:
    assert program.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/fs/../secret.txt", "/fs/sub/../../secret.txt", "/fs/.."),
        *("/fs/%2e%2e/secret.txt", "/fs/%2E./secret.txt", "/fs/..%2fsecret.txt"),
        *("/fs/sub/..%2F..%2fsecret.txt", "/fs/./hello.txt", "/fs/sub/."),
        *("/fs/..%5csecret.txt", "/fs/sub%5c..%5c..%5csecret.txt"),
        *("/fs/hello.txt%00", "/fs/%00", "/fs/hello.txt%00.html"),
        *("/fs/%", "/fs/%2", "/fs/%zz", "/fs/%ff%fe", "/fs/%c0%ae%c0%ae/secret.txt"),
        *("/fs//hello.txt", "/fs/sub//exact"),
    ],
)
def test_paths_that_are_refused(program: Program, path: str) -> None:
    client = program.connect(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    response = client.response()
    assert response.code == 400
    assert "secret" not in f"{response.headers}{response.text}"


def test_escapes_are_decoded_once(program: Program, www: Path) -> None:
    (www / "%2e%2e").write_text("an odd name")
    assert program.get("/fs/%252e%252e").text == "an odd name"
    assert program.get("/fs/%252e%252e/secret.txt").status_code == 404


def test_external_storage_comes_first(program: Program, www: Path) -> None:
    beside = Path(f"{www.parent}/sd{www}")
    beside.mkdir(parents=True)
    (beside / "hello.txt").write_text("from the card")
    assert program.get("/ext/hello.txt").text == "from the card"
    assert program.get("/ext/empty.html").text == ""
    assert program.get("/fs/hello.txt").text == "hello"


def test_only_get(program: Program) -> None:
    assert httpx.post(program.url("/fs/hello.txt"), timeout=PATIENCE).status_code == 405


def test_file_that_cannot_be_read_is_an_error(program: Program, www: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root can read everything")
    (www / "hello.txt").chmod(0)
    assert program.get("/fs/hello.txt").status_code == 403


def test_client_that_leaves_does_no_harm(program: Program) -> None:
    for _ in range(5):
        client = program.connect(b"GET /fs/sub/big.bin HTTP/1.1\r\nHost: x\r\n\r\n")
        client.receive(100)
        client.close()
    assert program.get("/fs/hello.txt").text == "hello"
