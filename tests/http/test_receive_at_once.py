# SPDX-License-Identifier: MIT
"""Several clients change the same file, or a directory and its contents."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.http import HttpClient
from tests.support.waiting import eventually

from .http_app import App, Launch, files

HEAD = "PUT /up/x/a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"


@pytest.fixture
def upload(receiver: App, root: Path) -> HttpClient:
    """Sends the first half of an upload."""
    client = receiver.connect()
    client.send(HEAD + "12345")
    eventually(lambda: len(files(root)) == 2)
    return client


def finish(upload: HttpClient) -> int:
    upload.send("67890")
    return upload.response().code


class TestSecondUpload:
    def test_of_the_same_file(self, receiver: App, root: Path, upload: HttpClient) -> None:
        """The second client gets an error before its body, and when to try again."""
        second = receiver.connect()
        second.send(HEAD)
        response = second.response()
        assert (response.code, response.header("Retry-After")) == (409, "1")
        assert response.text == "409 Conflict: somebody else is changing it\n"
        assert finish(upload) == 201
        assert files(root) == {"x": None, "x/a": b"1234567890"}
        assert receiver.request("/up/x/a", "PUT", body=b"2").code == 204

    def test_by_another_way(self, receiver: App, root: Path, upload: HttpClient) -> None:
        (root / "link").symlink_to("x")
        name = 'Content-Disposition: attachment; filename="/link/a"\r\n'
        assert receiver.request("/up/link/a", "PUT", body=b"2").code == 409
        assert receiver.request("/keep/x/%61", "PUT", body=b"2").code == 409
        assert receiver.request("/put", "PUT", name, b"2").code == 409
        (root / "link").unlink()
        assert finish(upload) == 201
        assert files(root) == {"x": None, "x/a": b"1234567890"}

    def test_of_another_file(self, receiver: App, root: Path, upload: HttpClient) -> None:
        assert receiver.request("/up/x/b", "PUT", body=b"2").code == 201
        assert finish(upload) == 201
        assert files(root) == {"x": None, "x/a": b"1234567890", "x/b": b"2"}

    def test_after_one_that_was_given_up(
        self, receiver: App, root: Path, upload: HttpClient
    ) -> None:
        upload.finish_sending()
        upload.read_to_end()
        assert receiver.request("/up/x/a", "PUT", body=b"2").code == 201
        assert files(root) == {"x": None, "x/a": b"2"}

    def test_in_a_directory_that_the_first_one_takes_back(
        self, receiver: App, root: Path, upload: HttpClient
    ) -> None:
        second = receiver.connect()
        second.send(HEAD.replace("x/a", "x/b") + "abcde")
        eventually(lambda: len(files(root)) == 3)
        upload.finish_sending()
        upload.read_to_end()
        second.send("fghij")
        assert second.response().code == 201
        assert files(root) == {"x": None, "x/b": b"abcdefghij"}


class TestChangeMeanwhile:
    @pytest.mark.parametrize(
        ("url", "method", "headers"),
        [
            ("/up/x/a", "DELETE", ""),
            ("/up/x/?force=1", "DELETE", ""),
            ("/up/x/", "DELETE", ""),
            ("/up/x/a", "MOVE", "Destination: /up/b\r\n"),
            ("/up/x/", "MOVE", "Destination: /up/z\r\n"),
            ("/up/x", "MOVE", "Destination: /up/z\r\n"),
            ("/up/c", "MOVE", "Destination: /up/x/a\r\n"),
        ],
    )
    def test_waits(
        self, receiver: App, root: Path, upload: HttpClient, url: str, method: str, headers: str
    ) -> None:
        (root / "c").write_bytes(b"3")
        assert receiver.request(url, method, headers).code == 409
        assert finish(upload) == 201
        assert files(root) == {"c": b"3", "x": None, "x/a": b"1234567890"}

    def test_of_something_else(self, receiver: App, root: Path, upload: HttpClient) -> None:
        (root / "x" / "b").write_bytes(b"2")
        (root / "xx").mkdir()
        assert receiver.request("/up/x/b", "MOVE", "Destination: /up/x/c\r\n").code == 201
        assert receiver.request("/up/xx/", "DELETE").code == 204
        assert finish(upload) == 201
        assert files(root) == {"x": None, "x/a": b"1234567890", "x/c": b"2"}


class TestDirectoryOfAnUpload:
    """If the upload fails, the directory goes, unless somebody else has asked for it."""

    @pytest.mark.parametrize("method", ["PUT", "POST"])
    @pytest.mark.parametrize(
        ("url", "left"), [("x/", {"x": None}), ("x/y/", {"x": None, "x/y": None})]
    )
    def test_stays_if_it_was_asked_for(
        self, receiver: App, root: Path, method: str, url: str, left: dict[str, None]
    ) -> None:
        upload = receiver.connect()
        upload.send(HEAD.replace("x/a", "x/y/z/a") + "12345")
        eventually(lambda: len(files(root)) == 4)
        assert receiver.request(f"/up/{url}", method).code == 204
        upload.finish_sending()
        upload.read_to_end()
        assert files(root) == left

    def test_goes_if_the_file_alone_was_in_the_way(
        self, receiver: App, root: Path, upload: HttpClient
    ) -> None:
        response = receiver.request("/up/x/a/", "PUT")
        assert (response.code, response.header("Retry-After")) == (409, "1")
        assert response.text == "409 Conflict: somebody else is changing it\n"
        upload.finish_sending()
        upload.read_to_end()
        assert files(root) == {}


def test_stalled_uploads_hold_up_nobody(receiver: App, root: Path) -> None:
    """No worker waits for them: there are two workers, and four uploads that stall."""
    clients = []
    for i in range(4):
        client = receiver.connect()
        client.send(HEAD.replace("x/a", f"{i}") + "12345")
        clients.append(client)
    assert receiver.get("/hello").code == 200
    assert receiver.request("/up/b", "PUT", body=b"1").code == 201
    for client in clients:
        assert finish(client) == 201


def test_directories_that_come_and_go(receiver: App, root: Path) -> None:
    """Uploads that fail remove their new directory while others put files into it."""
    for i in range(60):
        failing, good = receiver.connect(), receiver.connect()
        failing.send(HEAD.replace("x/a", "x/y/a") + "12345")
        good.send(HEAD.replace("x/a", "x/y/b") + "1234567890")
        failing.finish_sending()
        assert good.response().code == 201, i
        failing.read_to_end()
        assert files(root) == {"x": None, "x/y": None, "x/y/b": b"1234567890"}
        assert receiver.request("/up/x/?force=1", "DELETE").code == 204
        failing.close()
        good.close()


MATCH, FORM = "If-Match: {}\r\n", "Content-Type: multipart/form-data; boundary=x\r\n"
PART = b'--x\r\nContent-Disposition: form-data; name="f"; filename="e"\r\n\r\n1\r\n--x--\r\n'
ALONE = [
    ("PUT", "a", "", 201),
    ("PUT", "a", "", 204),
    ("GET", "a", "", 200),
    ("DELETE", "a", MATCH.format('"x"'), 412),
    ("PUT", "a", MATCH.format('"x"'), 412),
    ("DELETE", "a", MATCH.format('"x"'), 412),
    ("PUT", "d/b", "", 201),
    ("GET", "d/", "", 200),
    ("MOVE", "a", "Destination: /up/d/c\r\n", 201),
    ("GET", "d/c", "", 200),
    ("MOVE", "d/", "Destination: /up/e/\r\n", 201),
    ("PUT", "d/", "", 201),
    ("POST", "d/", FORM, 201),
    ("GET", "d/e", "", 200),
    ("DELETE", "d/e", "", 204),
    ("DELETE", "d/", "", 204),
    ("DELETE", "e/?force=1", "", 204),
]


@pytest.fixture
def one_processor() -> Iterator[None]:
    """Lets a client that was woken by its answer go on before the worker that has sent it."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    yield
    os.sched_setaffinity(0, allowed)


@pytest.mark.usefixtures("one_processor")
def test_a_client_that_waits_for_each_answer_is_alone(launch: Launch, root: Path) -> None:
    """Whatever an answer says is over, also for the next worker, from the server's start on."""
    app = launch(base=str(root), prefix="/up", root=root, workers=4)
    for _ in range(15):
        for method, path, headers, code in ALONE:
            body = PART if headers == FORM else b"1" if method == "PUT" else b""
            response = app.request(f"/up/{path}", method, headers, body)
            assert response.code == code, (method, path, response.text)
    assert files(root) == {}
