# SPDX-License-Identifier: MIT
"""Conditions of an upload: a state of the old file, a digest of the new one."""

from __future__ import annotations

from pathlib import Path

import pytest

from .http_app import App, files
from .test_receive_dynamic import digest


class TestState:
    """If-Match and If-None-Match (RFC 9110 section 13.1)."""

    def test_only_a_new_file(self, receiver: App, root: Path) -> None:
        assert receiver.request("/up/a", "PUT", "If-None-Match: *\r\n", b"1").code == 201
        assert receiver.request("/up/a", "PUT", "If-None-Match: *\r\n", b"2").code == 412
        assert files(root) == {"a": b"1"}

    def test_only_an_existing_file(self, receiver: App, root: Path) -> None:
        assert receiver.request("/up/a", "PUT", "If-Match: *\r\n", b"1").code == 412
        assert files(root) == {}
        assert receiver.request("/up/a", "PUT", body=b"1").code == 201
        assert receiver.request("/up/a", "PUT", "If-Match: *\r\n", b"2").code == 204

    @pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
    def test_the_tag_of_the_last_reply(self, receiver: App, root: Path, method: str) -> None:
        first = receiver.request("/up/a", "PUT", body=b"1").header("ETag")
        second = receiver.request("/up/a", "PUT", f"If-Match: {first}\r\n", b"2").header("ETag")
        assert first and second and first != second
        assert receiver.request("/up/a", method, f"If-Match: {first}\r\n").code == 412
        assert receiver.request("/up/a", method, f'If-Match: "x", W/{second}\r\n').code == 412
        assert files(root) == {"a": b"2"}
        assert receiver.request("/up/a", method, f'If-Match: "x", {second}\r\n').code == 204

    def test_an_old_date(self, receiver: App, root: Path) -> None:
        (root / "a").write_bytes(b"1")
        headers = "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        assert receiver.request("/up/a", "PUT", headers, b"2").code == 412
        assert files(root) == {"a": b"1"}

    def test_of_directories(self, receiver: App, root: Path) -> None:
        assert receiver.request("/up/x/", "PUT", "If-None-Match: *\r\n").code == 201
        assert receiver.request("/up/x/", "PUT", "If-None-Match: *\r\n").code == 412
        assert receiver.request("/up/y/", "DELETE", "If-Match: *\r\n").code == 412

    def test_fails_before_the_body(self, receiver: App, root: Path) -> None:
        (root / "a").write_bytes(b"1")
        client = receiver.connect()
        head = "PUT /up/a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nIf-None-Match: *\r\n"
        client.send(f"{head}Expect: 100-continue\r\n\r\n")
        assert client.response().code == 412
        assert client.is_closed()


def test_two_digests(receiver: App, root: Path) -> None:
    def both(content: bytes, representation: bytes) -> str:
        fields = f"Content-Digest: {digest(content)}\r\nRepr-Digest: {digest(representation)}\r\n"
        return receiver.request("/up/a", "PUT", fields, b"new").status

    assert both(b"new", b"new") == "201 Created"
    for content, representation in ((b"new", b"other"), (b"other", b"new"), (b"other", b"other")):
        assert both(content, representation) == "400 Bad Request"
    assert files(root) == {"a": b"new"}


@pytest.mark.parametrize("name", ["Repr-Digest", "Content-Digest"])
class TestDigest:
    """RFC 9530: the body must have the client's digest, or nothing is stored."""

    def test_right(self, receiver: App, root: Path, name: str) -> None:
        header = f"{name}: sha-512=:YQ==:, {digest(b'new')}\r\n"
        response = receiver.request("/up/a", "PUT", header, b"new")
        assert (response.code, response.header("Repr-Digest")) == (201, digest(b"new"))
        assert files(root) == {"a": b"new"}

    def test_wrong(self, receiver: App, root: Path, name: str) -> None:
        (root / "a").write_bytes(b"old")
        for url in ("/up/a", "/up/x/y/b"):
            response = receiver.request(url, "PUT", f"{name}: {digest(b'other')}\r\n", b"new")
            assert (response.code, response.text) == (
                400,
                "400 Bad Request: what came has another digest\n",
            )
        assert files(root) == {"a": b"old"}

    def test_unknown_algorithm(self, receiver: App, root: Path, name: str) -> None:
        assert receiver.request("/up/a", "PUT", f"{name}: md5=:YQ==:\r\n", b"1").code == 201

    def test_malformed(self, receiver: App, root: Path, name: str) -> None:
        client = receiver.connect()
        head = f"PUT /up/a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n{name}: sha-256=x\r\n"
        client.send(f"{head}Expect: 100-continue\r\n\r\n")
        response = client.response()
        assert (response.code, response.text) == (400, f"400 Bad Request: {name} is malformed\n")
        assert files(root) == {}
