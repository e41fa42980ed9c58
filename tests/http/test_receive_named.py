# SPDX-License-Identifier: MIT
"""One URL for all files: Content-Disposition names the path."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.board_disk import needs_such_names

from .http_app import App, files


def disposition(value: str) -> str:
    return f"Content-Disposition: {value}\r\n"


def named(path: str) -> str:
    return disposition(f'attachement; filename="{path}"')


class TestFile:
    @pytest.mark.parametrize("method", ["POST", "PUT"])
    @pytest.mark.parametrize(
        "value",
        [
            'attachement; filename="/path/to/file"',
            'attachment; filename="/path/to/file"',
            'ATTACHMENT;filename="path/to/file"',
            "attachment; filename*=UTF-8''%2Fpath%2Fto%2Ffile",
            "attachment; filename=x; filename*=utf-8''path%2fto%2ffile",
        ],
    )
    def test_the_header_names_it(self, receiver: App, root: Path, method: str, value: str) -> None:
        """The file path is taken from the Content-Disposition header; parents are created."""
        response = receiver.request("/put", method, disposition(value), b"data")
        assert (response.code, response.header("Location")) == (201, None)
        assert files(root) == {"path": None, "path/to": None, "path/to/file": b"data"}
        assert receiver.request("/put", method, disposition(value), b"new").code == 204
        assert (root / "path/to/file").read_bytes() == b"new"

    def test_a_name_is_no_url(self, receiver: App, root: Path) -> None:
        needs_such_names(root / "a%20b+c?d#e")
        assert receiver.request("/put", "PUT", named("/a%20b+c?d#e"), b"1").code == 201
        assert files(root) == {"a%20b+c?d#e": b"1"}

    def test_names_in_any_script(self, receiver: App, root: Path) -> None:
        assert receiver.request("/put", "PUT", named("/Ünïcödé/文件"), b"1").code == 201
        assert files(root) == {"Ünïcödé": None, "Ünïcödé/文件": b"1"}


class TestWithoutAName:
    """The header is mandatory."""

    @pytest.mark.parametrize(
        ("header", "reason"),
        [
            ("", "Content-Disposition is missing"),
            (disposition("attachment"), "Content-Disposition has no filename"),
            (disposition('attachment; filename=""'), "Content-Disposition has no filename"),
            (disposition('inline; filename="a"'), "is not of the type attachment"),
            (disposition('form-data; filename="a"'), "is not of the type attachment"),
            (disposition(""), "is not of the type attachment"),
            (disposition("attachment; filename=/a"), "Content-Disposition is malformed"),
            (disposition('attachment; filename="a'), "Content-Disposition is malformed"),
            (disposition('attachment; filename="\t"'), "Content-Disposition is malformed"),
            (disposition("attachment; filename*=UTF-8''a%00"), "Content-Disposition is malformed"),
            (named("/0123ABCD.~UP"), "the filename of Content-Disposition is reserved"),
            (named("/a/0123abcd.~up"), "the filename of Content-Disposition is reserved"),
        ],
    )
    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
    def test_errors_say_what_is_wrong(
        self, receiver: App, root: Path, method: str, header: str, reason: str
    ) -> None:
        response = receiver.request("/put", method, header, b"1")
        assert response.code == 400
        assert response.text.startswith("400 Bad Request: ")
        assert response.text.endswith(f"{reason}\n")
        assert files(root) == {}


class TestDirectory:
    def test_is_made_and_removed(self, receiver: App, root: Path) -> None:
        """A slash at the end of the path means a directory here, too."""
        assert receiver.request("/put", "POST", named("/x/y/")).code == 201
        assert files(root) == {"x": None, "x/y": None}
        assert receiver.request("/put", "POST", named("/x/y/")).code == 204
        assert receiver.request("/put", "DELETE", named("/x/y/")).code == 204
        assert files(root) == {"x": None}

    def test_force(self, receiver: App, root: Path) -> None:
        assert receiver.request("/put", "PUT", named("/x/y/a"), b"1").code == 201
        assert receiver.request("/put", "DELETE", named("/x/")).code == 409
        assert receiver.request("/put?force=1", "DELETE", named("/x/")).code == 204
        assert files(root) == {}

    def test_file_is_removed(self, receiver: App, root: Path) -> None:
        (root / "a").write_bytes(b"1")
        assert receiver.request("/put", "DELETE", named("/a")).code == 204
        assert receiver.request("/put", "DELETE", named("/a")).code == 404
        assert files(root) == {}


def test_the_prefix_is_the_only_url(receiver: App) -> None:
    """The prefix is treated as the endpoint location."""
    assert receiver.request("/put/", "PUT", named("/a"), b"1").code == 404
    assert receiver.request("/put/a", "PUT", named("/a"), b"1").code == 404
    response = receiver.request("/put", "MOVE", named("/a") + "Destination: /put/b\r\n")
    assert (response.code, response.header("Allow")) == (405, "POST, PUT, DELETE, OPTIONS")
    response = receiver.request("/put-small", "DELETE", named("/a"))
    assert (response.code, response.header("Allow")) == (405, "POST, PUT, OPTIONS")
