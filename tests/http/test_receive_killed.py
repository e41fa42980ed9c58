# SPDX-License-Identifier: MIT
"""A server is killed in the middle of an upload, as by a power cut, and starts again."""

from __future__ import annotations

from pathlib import Path

from tests.support.waiting import eventually

from .http_app import App, Launch, files


def uploading(app: App, url: str) -> None:
    """Sends the first half of an upload, and waits until it is on the disk."""
    client = app.connect()
    client.send(f"PUT {url} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
    client.send(bytes(50_000))


def test_leaves_nothing_after_the_next_start(launch: Launch, root: Path) -> None:
    (root / "x" / "y").mkdir(parents=True)
    (root / "x" / "y" / "a").write_bytes(b"old")
    (root / "sd" / "d").mkdir()
    before = files(root)
    app = launch(root=root)
    for url in ("/up/x/y/a", "/up/x/b", "/up/c", "/up/sd/d/e"):
        uploading(app, url)
    eventually(lambda: len(files(root)) == len(before) + 4)
    app.cut_power()
    assert {
        name: data for name, data in files(root).items() if not name.endswith(".~up")
    } == before
    launch(root=root)
    eventually(lambda: files(root) == before)


def test_an_upload_in_progress_stays(launch: Launch, root: Path) -> None:
    """A second server with the same files does not remove an upload as a leftover."""
    app = launch(root=root)
    client = app.connect()
    client.send("PUT /up/a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
    eventually(lambda: len(files(root)) == 1)
    (root / "b").write_bytes(b"1")
    (root / "0123abcd.~up").write_bytes(b"left")
    app.command("receive")
    eventually(lambda: not (root / "0123abcd.~up").exists())
    client.send("67890")
    assert client.response().code == 201
    assert files(root) == {"a": b"1234567890", "b": b"1"}


def test_the_same_upload_replaces_the_leftover(launch: Launch, root: Path) -> None:
    app = launch(root=root)
    client = app.connect()
    client.send("PUT /up/a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
    eventually(lambda: len(files(root)) == 1)
    (name,) = files(root)
    client.finish_sending()
    client.read_to_end()
    assert files(root) == {}
    (root / name).write_bytes(b"left by somebody else, and longer")
    assert app.request("/up/a", "PUT", body=b"new").code == 201
    assert files(root) == {"a": b"new"}
    (root / name).symlink_to("a")
    assert app.request("/up/a", "PUT", body=b"newer").code == 204
    assert files(root) == {"a": b"newer"}


def test_other_files_are_nobodys_leftovers(launch: Launch, root: Path) -> None:
    for name in ("0123abcd.~u", "0123abcd.~upx", "0123abc.~up", "x0123abcd.~up", "0123abcg.~up"):
        (root / name).write_bytes(b"1")
    (root / "x").mkdir()
    before = files(root)
    (root / "89ABCDEF.~UP").write_bytes(b"1")
    for name in ("0123abcd.~wr", "x/89ABCDEF.~WR"):  # of a WebREPL
        (root / name).write_bytes(b"1")
    launch(root=root)
    eventually(lambda: files(root) == before)


def test_links_are_not_followed(launch: Launch, root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "0123abcd.~up").write_bytes(b"1")
    (root / "link").symlink_to(outside)
    (root / "loop").symlink_to(".")
    (root / "x").mkdir()
    (root / "x" / "0123abcd.~up").symlink_to(outside / "0123abcd.~up")
    launch(root=root)
    eventually(lambda: not (root / "x" / "0123abcd.~up").is_symlink())
    assert (outside / "0123abcd.~up").exists()


def test_a_server_stops_while_it_looks(launch: Launch, root: Path) -> None:
    for i in range(300):
        (root / f"{i}").mkdir()
    app = launch(root=root)
    for _ in range(5):
        app.command("stop")
        app.start()
