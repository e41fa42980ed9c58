# SPDX-License-Identifier: MIT
"""Forms with files in them (RFC 7578), as browsers send."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.board_disk import needs_such_names
from tests.support.http import Response, whole_request

from .http_app import App, files, pattern
from .test_receive_dynamic import digest

TYPE = "Content-Type: multipart/form-data; boundary=XX\r\n"


def form(*parts: tuple[str, bytes], end: bytes = b"--XX--\r\n") -> bytes:
    return (
        b"".join(
            b"--XX\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n" % (name.encode(), data)
            for name, data in parts
        )
        + end
    )


def file(name: str) -> str:
    return f'name="f"; filename="{name}"'


def post(app: App, url: str, body: bytes, headers: str = TYPE) -> Response:
    return app.request(url, "POST", headers, body)


def statuses(response: Response) -> dict[str, int]:
    return {entry["path"]: entry["status"] for entry in json.loads(response.body)["files"]}


class TestFiles:
    def test_each_is_stored(self, receiver: App, root: Path) -> None:
        (root / "x").mkdir()
        (root / "x" / "b").write_bytes(b"old")
        big = pattern(300_000)
        response = post(receiver, "/up/x/", form((file("a"), b"1"), (file("b"), big)))
        assert (response.code, response.header("Content-Type")) == (201, "application/json")
        entries = json.loads(response.body)["files"]
        assert [(entry["path"], entry["status"], entry["digest"]) for entry in entries] == [
            ("/x/a", 201, digest(b"1")),
            ("/x/b", 204, digest(big)),
        ]
        assert all(entry["etag"].startswith('"') for entry in entries)
        assert files(root) == {"x": None, "x/a": b"1", "x/b": big}

    def test_nothing_new(self, receiver: App, root: Path) -> None:
        (root / "a").write_bytes(b"old")
        response = post(receiver, "/up/", form((file("a"), b"")))
        assert (response.code, statuses(response)) == (200, {"/a": 204})
        assert files(root) == {"a": b""}

    def test_directories_are_made(self, receiver: App, root: Path) -> None:
        response = post(receiver, "/up/x/y/", form((file("z/a"), b"1")))
        assert (response.code, statuses(response)) == (201, {"/x/y/z/a": 201})
        assert files(root) == {"x": None, "x/y": None, "x/y/z": None, "x/y/z/a": b"1"}

    def test_fields_that_are_no_files(self, receiver: App, root: Path) -> None:
        parts = ('name="t"', b"text"), (file(""), b""), (file("a"), b"1"), ('name="u"', b"")
        assert statuses(post(receiver, "/up/", form(*parts))) == {"/a": 201}
        assert files(root) == {"a": b"1"}

    def test_names_in_json(self, receiver: App, root: Path) -> None:
        needs_such_names(root / 'ä"b')
        response = post(receiver, "/up/", form((file('ä\\"b'), b"1")))
        assert statuses(response) == {'/ä"b': 201}
        assert files(root) == {'ä"b': b"1"}

    def test_one_url_for_all(self, receiver: App, root: Path) -> None:
        response = post(receiver, "/put", form((file("/x/a"), b"1"), (file("b"), b"2")))
        assert statuses(response) == {"/x/a": 201, "/b": 201}
        assert files(root) == {"x": None, "x/a": b"1", "b": b"2"}

    def test_chunked(self, receiver: App, root: Path) -> None:
        client = receiver.connect()
        head = f"POST /up/ HTTP/1.1\r\nHost: x\r\n{TYPE}Transfer-Encoding: chunked\r\n\r\n"
        body = form((file("a"), b"1"))
        client.send(head.encode() + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
        assert client.response().code == 201
        assert files(root) == {"a": b"1"}


class TestNoDirectory:
    """The URL names a file."""

    def test_a_form_is_refused(self, receiver: App, root: Path) -> None:
        """Its envelope would be stored, as `curl -F file=@a http://board/up/a` sends it."""
        (root / "a").write_bytes(b"old")
        response = post(receiver, "/up/a", form((file("a"), b"1")))
        assert response.code == 400
        assert response.text.startswith("400 Bad Request: a form goes to a directory")
        assert files(root) == {"a": b"old"}

    def test_put_stores_whatever_it_is(self, receiver: App, root: Path) -> None:
        body = form((file("b"), b"1"))
        assert receiver.request("/up/a", "PUT", TYPE, body).code == 201
        assert files(root) == {"a": body}


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (r"C:\data\new x.txt", "new x.txt"),
        (r"C:\\data\\new x.txt", "new x.txt"),
        (r"d:x.txt", "d:x.txt"),
        (r"say \"x\".txt", 'say "x".txt'),
    ],
)
def test_names_from_windows(receiver: App, root: Path, sent: str, stored: str) -> None:
    """Some clients send a path of their computer, escaped or not."""
    needs_such_names(root / stored)
    assert statuses(post(receiver, "/up/", form((file(sent), b"1")))) == {f"/{stored}": 201}
    assert files(root) == {stored: b"1"}


def test_cut_at_every_byte(receiver: App, root: Path) -> None:
    """The same is stored, however TCP cuts the form."""
    data = b"\r\n--X\r\n--\r--XX"
    request = whole_request("/up/x/", "POST", TYPE, form((file("a"), data), (file("b"), b"")))
    begin = request.index(b"--XX")
    client = receiver.connect()
    for cut in range(begin, len(request)):
        client.send(request[:cut])
        receiver.wait_for()
        client.send(request[cut:])
        assert client.response().code in (200, 201)
        assert files(root) == {"x": None, "x/a": data, "x/b": b""}


class TestFailure:
    """Files before the failure stay. The file that failed does not exist."""

    @pytest.mark.parametrize(
        ("name", "status", "error"),
        [
            ("../b", 400, "the filename of Content-Disposition is no clean path"),
            ("/../b", 400, "the filename of Content-Disposition is no clean path"),
            ("x//b", 400, "the filename of Content-Disposition is no clean path"),
            ("x\\b", 400, "the filename of Content-Disposition is no clean path"),
            ("x\\\\b", 400, "the filename of Content-Disposition is no clean path"),
            ("0123abcd.~up", 400, "the filename of Content-Disposition is reserved"),
            ("x/0123ABCD.~UP/b", 400, "the filename of Content-Disposition is reserved"),
            ('b"', 400, "Content-Disposition is malformed"),
        ],
    )
    def test_bad_name(self, receiver: App, root: Path, name: str, status: int, error: str) -> None:
        parts = (file("a"), b"1"), (file(name), b"2"), (file("c"), b"3")
        response = post(receiver, "/up/", form(*parts))
        assert (response.code, statuses(response)) == (status, {"/a": 201})
        assert json.loads(response.body)["error"] == error
        assert files(root) == {"a": b"1"}

    @pytest.mark.parametrize(
        ("name", "status"),
        [("acl-1", 403), ("acl-410", 410), ("d", 409), ("a/b", 409), ("b/", 400)],
    )
    def test_refused_name(self, receiver: App, root: Path, name: str, status: int) -> None:
        (root / "d").mkdir()
        parts = (file("a"), b"1"), (file(name), b"2"), (file("c"), b"3")
        response = post(receiver, "/up/", form(*parts))
        assert (response.code, statuses(response)) == (status, {"/a": 201, f"/{name}": status})
        assert json.loads(response.body)["error"]
        assert files(root) == {"a": b"1", "d": None}

    def test_too_long(self, receiver: App, root: Path) -> None:
        response = post(receiver, "/small/", form((file("a"), b"1"), (file("b"), bytes(1001))))
        assert (response.code, statuses(response)) == (413, {"/a": 201, "/b": 413})
        assert files(root) == {"a": b"1"}

    def test_too_many(self, receiver: App, root: Path) -> None:
        parts = [(file(f"{i:03}{'n' * 97}"), b"1") for i in range(100)]
        response = post(receiver, "/up/", form(*parts))
        stored = statuses(response)
        assert response.code == 413
        assert json.loads(response.body)["error"] == "too many files for one form"
        assert 10 < len(stored) < 100
        assert {f"/{name}" for name in files(root)} == set(stored)

    def test_a_state_is_asked_for(self, receiver: App, root: Path) -> None:
        (root / "b").write_bytes(b"old")
        body = form((file("a"), b"1"), (file("b"), b"2"))
        response = post(receiver, "/up/", body, TYPE + "If-None-Match: *\r\n")
        assert (response.code, statuses(response)) == (412, {"/a": 201, "/b": 412})
        assert files(root) == {"a": b"1", "b": b"old"}

    @pytest.mark.parametrize(
        ("body", "error"),
        [
            (b"", "the form ends early"),
            (b"--XX", "the form ends early"),
            (form(end=b"--XX--"), "no file is in the form"),
            (form(('name="a"', b"1")), "no file is in the form"),
            (b"--XXX", "the form is malformed: something else follows a boundary"),
            (
                b"--XX\r\n\r\n\r\n--XX--",
                "the form is malformed: a part has no Content-Disposition",
            ),
        ],
    )
    def test_no_form(self, receiver: App, root: Path, body: bytes, error: str) -> None:
        response = post(receiver, "/up/", body)
        assert (response.code, response.text) == (400, f"400 Bad Request: {error}\n")
        assert files(root) == {}

    def test_ends_early(self, receiver: App, root: Path) -> None:
        """The length is right, but the form is not."""
        body = form((file("a"), b"1"), (file("b"), b"2"), end=b"")
        for end in range(len(body)):
            response = post(receiver, "/up/x/", body[:end])
            assert response.code == 400
            assert not (root / "x" / "b").exists()
            assert len(files(root)) <= 2

    @pytest.mark.parametrize(
        ("headers", "error"),
        [
            ("Content-Type: multipart/form-data\r\n", "Content-Type has no good boundary"),
            (TYPE + f"Content-Digest: {digest(b'')}\r\n", "a form with a digest"),
            (TYPE + f"Repr-Digest: {digest(b'')}\r\n", "a form with a digest"),
        ],
    )
    def test_headers(self, receiver: App, root: Path, headers: str, error: str) -> None:
        response = post(receiver, "/up/", form((file("a"), b"1")), headers)
        assert response.code == 400
        assert response.text.startswith(f"400 Bad Request: {error}")
        assert files(root) == {}

    @pytest.mark.parametrize(("url", "code"), [("/up/acl-1/", 403), ("/up/f/", 409)])
    def test_directory(self, receiver: App, root: Path, url: str, code: int) -> None:
        """The directory is checked before the body."""
        (root / "f").write_bytes(b"1")
        client = receiver.connect()
        client.send(f"POST {url} HTTP/1.1\r\nHost: x\r\n{TYPE}Content-Length: 9\r\n\r\n")
        assert client.response().code == code
        assert files(root) == {"f": b"1"}
