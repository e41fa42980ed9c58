# SPDX-License-Identifier: MIT
"""The URL is the path: files by POST and PUT, directories, and DELETE."""

from __future__ import annotations

import hashlib
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

from tests.support.board_disk import DiskPath
from tests.support.http import HttpClient
from tests.support.waiting import eventually

from .http_app import App, files, pattern


def digest(data: bytes) -> str:
    return f"sha-256=:{b64encode(hashlib.sha256(data).digest()).decode()}:"


@pytest.mark.parametrize("method", ["POST", "PUT"])
class TestFile:
    @pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 1_000_000, 3_000_000])
    def test_is_the_body(self, receiver: App, root: Path, method: str, size: int) -> None:
        """All data received is forwarded to the file verbatim; max_body does not count."""
        client = receiver.connect()
        response = client.request("/up/a.bin", method, body=pattern(size))
        assert (response.code, response.header("Location")) == (201, "/up/a.bin")
        assert response.header("Repr-Digest") == digest(pattern(size))
        assert (root / "a.bin").read_bytes() == pattern(size)
        assert client.request("/hello").code == 200

    def test_replaces_the_old_one(self, receiver: App, root: Path, method: str) -> None:
        (root / "a").write_bytes(b"old and longer")
        response = receiver.request("/up/a", method, body=b"new")
        assert (response.code, response.header("Location")) == (204, None)
        assert response.header("Repr-Digest") == digest(b"new")
        assert files(root) == {"a": b"new"}

    def test_the_parent_directory_is_created(self, receiver: App, root: Path, method: str) -> None:
        """The parent directory is created automatically."""
        assert receiver.request("/up/x/y/z.txt", method, body=b"1").code == 201
        assert receiver.request("/up/x/y2/z.txt", method, body=b"2").code == 201
        assert files(root) == {
            "x": None,
            "x/y": None,
            "x/y/z.txt": b"1",
            "x/y2": None,
            "x/y2/z.txt": b"2",
        }

    def test_chunked(self, receiver: App, root: Path, method: str) -> None:
        head = "Transfer-Encoding: chunked\r\n"
        client = receiver.connect()
        client.send(f"{method} /up/a HTTP/1.1\r\nHost: x\r\n{head}\r\n3\r\nabc\r\n")
        assert client.is_silent(0.05)
        client.send("2\r\nde\r\n0\r\n\r\n")
        assert client.response().code == 201
        assert files(root) == {"a": b"abcde"}

    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("/up/%c3%a4%20b", "ä b"),
            ("/up/a+b", "a+b"),
            ("/up/a%2bb%25", "a+b%"),
            ("/up/a?query=1", "a"),
            ("/up/" + "n" * 255, "n" * 255),
            ("/up/.hidden", ".hidden"),
            ("/up/a..b", "a..b"),
        ],
    )
    def test_names(self, receiver: App, root: Path, method: str, url: str, name: str) -> None:
        assert receiver.request(url, method, body=b"1").code == 201
        assert files(root) == {name: b"1"}

    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
    def test_the_new_one_keeps_the_permissions_of_the_old(
        self, receiver: App, root: Path, method: str, mode: int
    ) -> None:
        """Half of it may not be read by others either."""
        old = root / "a"
        old.write_bytes(b"old")
        old.chmod(mode)
        client = receiver.connect()
        client.send(f"{method} /up/a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1")
        (half,) = eventually(lambda: list(root.glob("*.~up")))
        eventually(lambda: half.stat().st_size)
        assert half.stat().st_mode & 0o777 == mode
        client.send("2")
        assert client.response().code == 204
        assert (old.read_bytes(), old.stat().st_mode & 0o777) == (b"12", mode)

    def test_a_directory_is_in_the_way(self, receiver: App, root: Path, method: str) -> None:
        (root / "a").mkdir()
        response = receiver.request("/up/a", method, body=b"1")
        assert (response.code, response.text) == (409, "409 Conflict: a directory is there\n")
        assert files(root) == {"a": None}

    def test_a_file_is_in_the_way(self, receiver: App, root: Path, method: str) -> None:
        (root / "a").write_bytes(b"1")
        assert receiver.request("/up/a/b", method, body=b"2").code == 409
        assert receiver.request("/up/a/b/c", method, body=b"2").code == 409
        assert files(root) == {"a": b"1"}

    def test_a_refused_upload_leaves_no_directories(
        self, receiver: App, root: Path, method: str
    ) -> None:
        assert receiver.request("/up/x/y/" + "n" * 256, method, body=b"2").code in (400, 414)
        assert files(root) == {}

    @pytest.mark.parametrize("url", ["/up/a", "/up/x/", "/put"])
    def test_a_part_of_a_file_is_refused(
        self, receiver: App, root: Path, method: str, url: str
    ) -> None:
        headers = "Content-Range: bytes 0-2/10\r\n"
        response = receiver.request(url, method, headers, b"abc")
        assert (response.code, response.text) == (
            400,
            "400 Bad Request: a part of a file cannot be stored\n",
        )
        assert files(root) == {}

    @pytest.mark.parametrize("behind", ["", "/", "/a", "/a/"])
    def test_temporary_names_are_reserved(
        self, receiver: App, root: Path, method: str, behind: str
    ) -> None:
        body = b"" if behind.endswith("/") else b"1"
        assert receiver.request(f"/up/0123abcd.~up{behind}", method, body=body).code == 404
        assert files(root) == {}


@pytest.mark.parametrize("method", ["POST", "PUT"])
class TestDirectory:
    def test_is_created(self, receiver: App, root: Path, method: str) -> None:
        """If the path ends with a slash, the corresponding directory is created."""
        response = receiver.request("/up/x/y/", method)
        assert (response.code, response.header("Location")) == (201, "/up/x/y/")
        assert files(root) == {"x": None, "x/y": None}

    def test_exists(self, receiver: App, root: Path, method: str) -> None:
        (root / "x").mkdir()
        assert receiver.request("/up/x/", method).code == 204
        assert receiver.request("/up/", method).code == 204
        assert files(root) == {"x": None}

    def test_body_is_ignored(self, receiver: App, root: Path, method: str) -> None:
        """The request body is ignored."""
        client = receiver.connect()
        for code in (201, 200):
            response = client.request("/up/x/", method, body=b"data")
            assert response.code == code
            assert "the body is not stored" in response.text
        assert client.request("/hello").code == 200
        assert files(root) == {"x": None}

    def test_file_is_in_the_way(self, receiver: App, root: Path, method: str) -> None:
        """The failure code is returned."""
        (root / "x").write_bytes(b"1")
        assert receiver.request("/up/x/", method).code == 409
        assert receiver.request("/up/x/y/z/", method).code == 409
        assert files(root) == {"x": b"1"}

    @pytest.mark.parametrize("url", ["x/", "x/y/"])
    def test_a_link_that_leads_nowhere_is_no_directory(
        self, receiver: App, root: Path, method: str, url: str
    ) -> None:
        (root / "x").symlink_to("nowhere")
        response = receiver.request(f"/up/{url}", method)
        assert (response.code, response.text) == (
            409,
            "409 Conflict: something is there already\n",
        )
        assert (root / "x").is_symlink()
        assert not (root / "nowhere").exists()

    def test_some_of_it_cannot_be_made(self, receiver: App, root: Path, method: str) -> None:
        assert receiver.request(f"/up/x/{'n' * 256}/y/", method).code in (400, 414)
        assert files(root) == {}


NOTHING = "404 Not Found: nothing is there\n"


@pytest.mark.parametrize(
    ("method", "url", "headers", "text"),
    [
        ("DELETE", "none", "", NOTHING),
        ("DELETE", "none/", "", NOTHING),
        ("DELETE", "none/?force=1", "", NOTHING),
        ("DELETE", "none/a", "", NOTHING),
        ("MOVE", "none", "Destination: /up/b\r\n", NOTHING),
        ("MOVE", "none/", "Destination: /up/b\r\n", NOTHING),
        ("MOVE", "a", "Destination: /up/none/b\r\n", "409 Conflict: a directory is not there\n"),
        ("PUT", "0123abcd.~up", "", "404 Not Found: the name is reserved\n"),
        ("PUT", "x%2fa", "", "400 Bad Request: the URL is no clean path\n"),
        ("PUT", "%ff", "", "400 Bad Request: the URL is no clean path\n"),
        (
            "PUT",
            "a",
            "If-None-Match: *\r\n",
            "412 Precondition Failed: it is not in the state that the request asks for\n",
        ),
        ("PUT", "acl-403", "", "403 Forbidden: this is not allowed\n"),
        ("DELETE", "acl-404", "", NOTHING),
    ],
)
def test_every_refusal_says_what_was_wrong(
    receiver: App, root: Path, method: str, url: str, headers: str, text: str
) -> None:
    (root / "a").write_bytes(b"1")
    assert receiver.request(f"/up/{url}", method, headers).text == text
    assert files(root) == {"a": b"1"}


def test_a_name_that_is_too_long(receiver: App, root: Path) -> None:
    text = receiver.request("/up/" + "n" * 256, "PUT").text
    on_fat = isinstance(root, DiskPath) and root.disk.is_fat()
    fats = "400 Bad Request: the storage takes no such name\n"  # FAT does not say why
    assert text == (fats if on_fat else "414 URI Too Long: the name is too long\n")
    assert files(root) == {}


class TestDelete:
    def test_file(self, receiver: App, root: Path) -> None:
        """If the verb is DELETE, the resolved path is deleted: without a slash, the file."""
        (root / "a").write_bytes(b"1")
        client = receiver.connect()
        assert client.request("/up/a", "DELETE").code == 204
        assert files(root) == {}
        assert client.request("/up/a", "DELETE").code == 404

    def test_empty_directory(self, receiver: App, root: Path) -> None:
        """With a slash at the end, rmdir is executed."""
        (root / "x").mkdir()
        assert receiver.request("/up/x/", "DELETE").code == 204
        assert files(root) == {}
        assert receiver.request("/up/x/", "DELETE").code == 404

    def test_full_directory(self, receiver: App, root: Path) -> None:
        (root / "x").mkdir()
        (root / "x" / "a").write_bytes(b"1")
        response = receiver.request("/up/x/", "DELETE")
        assert (response.code, response.text) == (
            409,
            "409 Conflict: the directory is not empty\n",
        )
        assert receiver.request("/up/x/?force=0", "DELETE").code == 409
        assert receiver.request("/up/x/?force", "DELETE").code == 409
        assert files(root) == {"x": None, "x/a": b"1"}

    @pytest.mark.parametrize("query", ["force=1", "a=b&force=1", "force=%31"])
    def test_force(self, receiver: App, root: Path, query: str) -> None:
        """If force=1 is in the query, the directory is removed recursively."""
        for name in ("x/a", "x/y/b", "x/y/z/c", "x/y2/d"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(b"1")
        (root / "x" / "empty").mkdir()
        (root / "other").write_bytes(b"2")
        assert receiver.request(f"/up/x/?{query}", "DELETE").code == 204
        assert files(root) == {"other": b"2"}

    def test_force_on_an_empty_directory(self, receiver: App, root: Path) -> None:
        (root / "x").mkdir()
        assert receiver.request("/up/x/?force=1", "DELETE").code == 204
        assert files(root) == {}

    def test_force_on_a_file(self, receiver: App, root: Path) -> None:
        (root / "a").write_bytes(b"1")
        assert receiver.request("/up/a/?force=1", "DELETE").code == 409
        assert receiver.request("/up/a?force=1", "DELETE").code == 204
        assert receiver.request("/up/a/?force=1", "DELETE").code == 404

    def test_a_tree_deeper_than_any_stack(self, receiver: App, root: Path) -> None:
        subprocess.run(["mkdir", "-p", root / ("x" + "/d" * 1000)], check=True)
        assert receiver.request("/up/x/?force=1", "DELETE").code == 204
        assert files(root) == {}

    def test_many_files(self, receiver: App, root: Path) -> None:
        (root / "x").mkdir()
        for i in range(3000):
            (root / "x" / f"{i}").touch()
        assert receiver.request("/up/x/?force=1", "DELETE").code == 204
        assert files(root) == {}

    def test_slash_tells_files_from_directories(self, receiver: App, root: Path) -> None:
        (root / "a").write_bytes(b"1")
        (root / "x").mkdir()
        assert receiver.request("/up/a/", "DELETE").code == 409
        assert receiver.request("/up/x", "DELETE").code == 409
        assert files(root) == {"a": b"1", "x": None}

    @pytest.mark.parametrize("url", ["/up/", "/up/?force=1"])
    def test_the_root_stays(self, receiver: App, root: Path, url: str) -> None:
        (root / "a").write_bytes(b"1")
        assert receiver.request(url, "DELETE").code == 403
        assert files(root) == {"a": b"1"}

    def test_only_where_it_was_asked_for(self, receiver: App, root: Path) -> None:
        """DELETE is answered only if delete=True."""
        (root / "a").write_bytes(b"1")
        response = receiver.request("/keep/a", "DELETE")
        assert (response.code, response.header("Allow")) == (405, "POST, PUT, MOVE, OPTIONS")
        assert files(root) == {"a": b"1"}


class TestExternalOnly:
    """If extonly=True, uploads to the internal storage are refused."""

    def test_external(self, receiver: App, root: Path) -> None:
        assert receiver.request("/sd/sd/x/a", "PUT", body=b"1").code == 201
        assert files(root) == {"sd/x": None, "sd/x/a": b"1"}
        assert receiver.request("/sd/sd/x/?force=1", "DELETE").code == 204

    @pytest.mark.parametrize("url", ["/sd/a", "/sd/sdx/a", "/sd/x/sd/a", "/sd/x/"])
    def test_internal(self, receiver: App, root: Path, url: str) -> None:
        assert receiver.request(url, "PUT", body=b"1").code == 403
        assert receiver.request(url, "DELETE").code == 403
        assert files(root) == {}

    def test_nothing_is_mounted(self, receiver: App, root: Path) -> None:
        (root / "sd").rmdir()
        assert receiver.request("/sd/sd/a", "PUT", body=b"1").code == 403
        assert receiver.request("/sd/sd/", "PUT").code == 403
        assert list(root.iterdir()) == []

    def test_links_make_no_difference(self, receiver: App, root: Path) -> None:
        (root / "in").symlink_to("sd")
        (root / "sd" / "out").symlink_to("..")
        assert receiver.request("/sd/in/a", "PUT", body=b"1").code == 201
        assert receiver.request("/sd/sd/out/b", "PUT", body=b"1").code == 403
        assert files(root / "sd") == {"a": b"1", "out": None}


class TestAccess:
    """file_acl decides when a file is written, and when a directory is created."""

    def test_rights(self, receiver: App, root: Path) -> None:
        for name, code in [("1", 403), ("2", 201), ("3", 201), ("410", 410), ("399", 403)]:
            assert receiver.request(f"/up/acl-{name}", "PUT", body=b"1").code == code
        assert files(root) == {"acl-2": b"1", "acl-3": b"1"}

    def test_directories_on_the_way(self, receiver: App, root: Path) -> None:
        assert receiver.request("/up/acl-451x/y/acl-2", "PUT", body=b"1").code == 451
        assert receiver.request("/up/acl-451x/", "PUT").code == 451
        assert files(root) == {}

    def test_is_asked_before_anything_is_revealed(self, receiver: App, root: Path) -> None:
        (root / "acl-1").mkdir()
        (root / "acl-1file").write_bytes(b"1")
        for url in ("/up/acl-1", "/up/acl-1/", "/up/acl-1file", "/up/acl-1no"):
            assert receiver.request(url, "PUT", body=b"1").code == 403
            assert receiver.request(url, "DELETE").code == 403

    def test_removing_a_tree_asks_for_each_entry(self, receiver: App, root: Path) -> None:
        for name in ("x/acl-1", "y/acl-1/a", "z/acl-2"):
            (root / name).parent.mkdir(parents=True)
            (root / name).write_bytes(b"1")
        assert receiver.request("/up/x/?force=1", "DELETE").code == 403
        assert receiver.request("/up/y/?force=1", "DELETE").code == 403
        assert receiver.request("/up/z/?force=1", "DELETE").code == 204
        assert files(root).keys() == {"x", "x/acl-1", "y", "y/acl-1", "y/acl-1/a"}

    def test_the_body_is_not_waited_for(self, receiver: App) -> None:
        client = receiver.connect()
        client.send("PUT /up/acl-1 HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
        assert client.response().code == 403


def test_one_upload_after_the_other_on_one_connection(receiver: App, root: Path) -> None:
    client: HttpClient = receiver.connect()
    for i in range(20):
        assert client.request(f"/up/{i}", "PUT", body=b"%d" % i).code == 201
    assert files(root) == {f"{i}": b"%d" % i for i in range(20)}
