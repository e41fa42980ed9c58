# SPDX-License-Identifier: MIT
"""MOVE renames files and directories."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.http import Response

from .http_app import App, files


def move(app: App, source: str, destination: str, more: str = "") -> Response:
    return app.request(source, "MOVE", f"Destination: {destination}\r\n{more}")


@pytest.fixture(autouse=True)
def tree(root: Path) -> None:
    (root / "x" / "y").mkdir(parents=True)
    (root / "a").write_bytes(b"1")
    (root / "x" / "b").write_bytes(b"2")


TREE = {"a": b"1", "x": None, "x/b": b"2", "x/y": None}


class TestFile:
    def test_to_a_new_name(self, receiver: App, root: Path) -> None:
        response = move(receiver, "/up/a", "/up/x/%c3%a4")
        assert (response.code, response.header("Location")) == (201, "/up/x/%c3%a4")
        assert response.header("ETag")
        assert files(root) == {"x": None, "x/b": b"2", "x/y": None, "x/ä": b"1"}

    def test_onto_another(self, receiver: App, root: Path) -> None:
        response = move(receiver, "/up/a", "/up/x/b")
        assert (response.code, response.header("Location")) == (204, None)
        assert files(root) == {"x": None, "x/b": b"1", "x/y": None}

    @pytest.mark.parametrize("overwrite", ["F", "f"])
    def test_not_onto_another(self, receiver: App, root: Path, overwrite: str) -> None:
        response = move(receiver, "/up/a", "/up/x/b", f"Overwrite: {overwrite}\r\n")
        assert response.code == 412
        assert files(root) == TREE
        assert move(receiver, "/up/a", "/up/c", f"Overwrite: {overwrite}\r\n").code == 201

    @pytest.mark.parametrize(
        ("source", "destination", "code"),
        [
            ("/up/none", "/up/c", 404),
            ("/up/none/", "/up/c", 404),
            ("/up/a/", "/up/c", 409),
            ("/up/a", "/up/c/", 409),
            ("/up/a", "/up/x", 409),
            ("/up/a", "/up/x/", 409),
            ("/up/a", "/up/none/c", 409),
            ("/up/a", "/up/x/b/c", 409),
            ("/up/a", "/up/a", 403),
            ("/up/a", "/up/%61", 403),
            ("/up/a", "/up/a/b", 403),
            ("/up/a", "/up/", 403),
            ("/up/", "/up/c", 403),
            ("/up/a", "/up/0123abcd.~up", 400),
            ("/up/a", "/up/x/0123abcd.~up/b", 400),
            ("/up/0123abcd.~up", "/up/c", 404),
        ],
    )
    def test_impossible_moves_are_refused(
        self, receiver: App, root: Path, source: str, destination: str, code: int
    ) -> None:
        assert move(receiver, source, destination).code == code
        assert files(root) == TREE


class TestDirectory:
    @pytest.mark.parametrize(("source", "destination"), [("x/", "z/"), ("x", "z"), ("x/", "z")])
    def test_takes_all_along(
        self, receiver: App, root: Path, source: str, destination: str
    ) -> None:
        assert move(receiver, f"/up/{source}", f"/up/{destination}").code == 201
        assert files(root) == {"a": b"1", "z": None, "z/b": b"2", "z/y": None}

    @pytest.mark.parametrize(
        ("destination", "code"),
        [("a", 409), ("x", 403), ("x/y/z", 403), ("x/y/", 403), ("other/", 409)],
    )
    def test_impossible_moves_are_refused(
        self, receiver: App, root: Path, destination: str, code: int
    ) -> None:
        (root / "other").mkdir()
        assert move(receiver, "/up/x/", f"/up/{destination}").code == code
        assert files(root) == {**TREE, "other": None}


class TestDestination:
    @pytest.mark.parametrize(
        "header",
        [
            "Destination: /up/c",
            "Destination: /%75p/%63",
            "Destination: http://test/up/c",
            "Destination: HTTPS://TEST/up/c",
            "X-Destination: /up/c",
            "Destination: /up/c\r\nX-Destination: /up/d",
        ],
    )
    def test_is_a_path_or_on_this_host(self, receiver: App, root: Path, header: str) -> None:
        assert receiver.request("/up/a", "MOVE", f"{header}\r\n").code == 201
        assert (root / "c").read_bytes() == b"1"

    @pytest.mark.parametrize(
        ("value", "code", "reason"),
        [
            ("http://other/up/c", 502, "Destination is on another host"),
            ("http://test:80/up/c", 502, "Destination is on another host"),
            ("http:///up/c", 400, "Destination is malformed"),
            ("http://test", 400, "Destination is malformed"),
            ("http://a@test/up/c", 400, "Destination is malformed"),
            ("ftp://test/up/c", 400, "Destination is malformed"),
            ("//test/up/c", 400, "Destination is malformed"),
            ("up/c", 400, "Destination is malformed"),
            ("", 400, "Destination is malformed"),
            ("/up/c?d", 400, "Destination is malformed"),
            ("/up/c#d", 400, "Destination is malformed"),
            ("/c", 403, "Destination is not below the prefix"),
            ("/up", 403, "Destination is not below the prefix"),
            ("/upper/c", 403, "Destination is not below the prefix"),
            ("/keep/c", 403, "Destination is not below the prefix"),
            ("/up/../c", 400, "Destination is no clean path"),
            ("/up/%2e%2e/c", 400, "Destination is no clean path"),
            ("/up/x%2fc", 400, "Destination is no clean path"),
            ("/up//c", 400, "Destination is no clean path"),
            ("/up/%00", 400, "Destination is no clean path"),
            ("/up/%ff", 400, "Destination is no clean path"),
            ("/up/%4", 400, "Destination is no clean path"),
            ("/up/x\\c", 400, "Destination is no clean path"),
        ],
    )
    def test_errors_say_what_is_wrong(
        self, receiver: App, root: Path, value: str, code: int, reason: str
    ) -> None:
        response = move(receiver, "/up/a", value)
        assert response.code == code
        assert response.text.endswith(f": {reason}\n")
        assert files(root) == TREE

    def test_is_missing(self, receiver: App) -> None:
        response = receiver.request("/up/a", "MOVE")
        assert (response.code, response.text) == (400, "400 Bad Request: Destination is missing\n")


class TestRights:
    def test_both_ends_are_asked_for(self, receiver: App, root: Path) -> None:
        (root / "acl-2").write_bytes(b"3")
        (root / "acl-1").write_bytes(b"4")
        before = files(root)
        assert move(receiver, "/up/acl-1", "/up/c").code == 403
        assert move(receiver, "/up/acl-2", "/up/c").code == 403  # it would be readable there
        assert move(receiver, "/up/a", "/up/acl-1").code == 403
        assert move(receiver, "/up/a", "/up/acl-451").code == 451
        assert files(root) == before
        assert move(receiver, "/up/a", "/up/acl-2").code == 204

    @pytest.mark.parametrize("name", ["acl-1", "acl-2", "y/acl-1", "y/z/acl-403"])
    def test_everything_in_a_directory_is_asked_for(
        self, receiver: App, root: Path, name: str
    ) -> None:
        """It would get another path, with which it might be allowed."""
        (root / "x" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "x" / name).write_bytes(b"3")
        before = files(root)
        assert move(receiver, "/up/x/", "/up/z/").code == 403
        assert files(root) == before

    def test_links_in_a_directory_are_not_followed(self, receiver: App, root: Path) -> None:
        (root / "x" / "y" / "up").symlink_to("..")
        assert move(receiver, "/up/x/", "/up/z/").code == 201
        assert (root / "z" / "y" / "up").is_symlink()

    def test_external_only(self, receiver: App, root: Path) -> None:
        (root / "sd" / "a").write_bytes(b"3")
        assert move(receiver, "/sd/sd/a", "/sd/b").code == 403
        assert move(receiver, "/sd/a", "/sd/sd/b").code == 403
        assert move(receiver, "/sd/sd/a", "/sd/sd/b").code == 201


def test_the_old_state_may_be_asked_for(receiver: App, root: Path) -> None:
    assert move(receiver, "/up/a", "/up/c", 'If-Match: "other"\r\n').code == 412
    assert files(root) == TREE
    etag = move(receiver, "/up/a", "/up/c").header("ETag")
    assert move(receiver, "/up/c", "/up/d", f"If-Match: {etag}\r\n").code == 201
