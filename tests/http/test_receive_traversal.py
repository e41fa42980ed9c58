# SPDX-License-Identifier: MIT
"""Paths that lead out of the base, through names or symbolic links."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .http_app import App, files
from .test_receive_form import TYPE, file, form

CLIMBING = [
    "../outside/a",
    "x/../../outside/a",
    "/../outside/a",
    "..",
    ".",
    "./a",
    "x/./a",
    "x/..",
    "x//a",
    "//a",
    "x\\\\..\\\\a",
    "..\\\\outside\\\\a",
    "a\x7f",
]
ENCODED = [
    "%2e%2e/outside/a",
    "..%2foutside%2fa",
    "%2e%2e%2foutside%2fa",
    "x/%2e%2e/%2e%2e/outside/a",
    "%2e/a",
    "a%00",
    "a%00.txt",
    "%00",
    "..%5coutside%5ca",
    "a%0a",
    "a%7f",
    "%2fetc%2fa",
    "/%2fa",
    "%c0%ae%c0%ae/outside/a",
    "%ff",
    "%",
    "%g0",
    "a%4",
]


@pytest.fixture(autouse=True)
def outside(root: Path) -> Path:
    folder = root.parent / "outside"
    folder.mkdir()
    (folder / "a").write_bytes(b"old")
    return folder


@pytest.mark.parametrize("method", ["PUT", "DELETE", "MOVE"])
@pytest.mark.parametrize("path", [*CLIMBING, *ENCODED])
def test_in_urls(receiver: App, root: Path, outside: Path, method: str, path: str) -> None:
    path = path.replace("\\\\", "\\")
    for tail in ("", "/", "?force=1"):
        response = receiver.request(f"/up/{path}{tail}", method, "Destination: /up/b\r\n", b"1")
        assert response.code == 400
    assert (files(root), files(outside)) == ({}, {"a": b"old"})


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", CLIMBING)
def test_in_names(receiver: App, root: Path, outside: Path, method: str, path: str) -> None:
    header = f'Content-Disposition: attachment; filename="{path}"\r\n'
    assert receiver.request("/put", method, header, b"1").code == 400
    assert (files(root), files(outside)) == ({}, {"a": b"old"})


@pytest.mark.parametrize("path", [name for name in ENCODED if "%2f" not in name[:4]])
def test_in_extended_names(receiver: App, root: Path, outside: Path, path: str) -> None:
    header = f"Content-Disposition: attachment; filename*=UTF-8''{path.replace('/', '%2F')}\r\n"
    assert receiver.request("/put", "PUT", header, b"1").code == 400
    assert (files(root), files(outside)) == ({}, {"a": b"old"})


@pytest.mark.parametrize("path", CLIMBING)
@pytest.mark.parametrize("url", ["/up/", "/put"])
def test_in_forms(receiver: App, root: Path, outside: Path, path: str, url: str) -> None:
    response = receiver.request(url, "POST", TYPE, form((file("b"), b"1"), (file(path), b"2")))
    assert response.code == 400
    assert [entry["path"] for entry in json.loads(response.body)["files"]] == ["/b"]
    assert (files(root), files(outside)) == ({"b": b"1"}, {"a": b"old"})


class TestLinks:
    """Targets of links outside the base are not found. Links are removed, not followed."""

    @pytest.fixture(autouse=True)
    def links(self, root: Path, outside: Path) -> None:
        (root / "dir").symlink_to(outside)
        (root / "file").symlink_to(outside / "a")
        (root / "new").symlink_to(outside / "new")
        (root / "x").mkdir()
        (root / "x" / "in").write_bytes(b"1")
        (root / "x" / "dir").symlink_to(outside)
        (root / "x" / "up").symlink_to("..")
        (root / "x" / "nowhere").symlink_to("nowhere at all")

    @pytest.mark.parametrize(
        "url", ["/up/dir/b", "/up/dir/x/b", "/up/file", "/up/dir/", "/up/dir/x/"]
    )
    def test_nothing_is_written_through_them(self, receiver: App, outside: Path, url: str) -> None:
        assert receiver.request(url, "PUT", body=b"1").code == 404
        assert receiver.request(url, "DELETE").code == 404
        assert receiver.request(url, "MOVE", "Destination: /up/b\r\n").code == 404
        assert receiver.request("/up/x/in", "MOVE", f"Destination: {url}\r\n").code == 404
        assert files(outside) == {"a": b"old"}

    def test_a_link_to_nothing_is_replaced(self, receiver: App, root: Path, outside: Path) -> None:
        assert receiver.request("/up/new", "PUT", body=b"1").code == 201
        assert not (root / "new").is_symlink()
        assert files(outside) == {"a": b"old"}

    def test_a_link_within_is_replaced(self, receiver: App, root: Path) -> None:
        (root / "link").symlink_to("x/in")
        assert receiver.request("/up/link", "PUT", body=b"2").code == 204
        assert (root / "x" / "in").read_bytes() == b"1"
        assert not (root / "link").is_symlink()

    def test_a_directory_within_may_be_reached_by_a_link(self, receiver: App, root: Path) -> None:
        (root / "link").symlink_to("x")
        assert receiver.request("/up/link/y/b", "PUT", body=b"2").code == 201
        assert (root / "x" / "y" / "b").read_bytes() == b"2"

    def test_removing_a_tree_leaves_targets_outside(
        self, receiver: App, root: Path, outside: Path
    ) -> None:
        assert receiver.request("/up/x/?force=1", "DELETE").code == 204
        assert set(files(root)) == {"dir", "file", "new"}
        assert files(outside) == {"a": b"old"}

    @pytest.mark.parametrize("url", ["/up/link", "/up/link/?force=1"])
    def test_a_link_is_removed_alone(self, receiver: App, root: Path, url: str) -> None:
        (root / "link").symlink_to("x")
        assert receiver.request("/up/link/", "DELETE").code == 409
        assert receiver.request(url, "DELETE").code == 204
        assert not (root / "link").is_symlink()
        assert (root / "x" / "in").read_bytes() == b"1"

    def test_a_link_to_nothing_is_removed(self, receiver: App, root: Path) -> None:
        assert receiver.request("/up/x/nowhere", "DELETE").code == 204
        assert not (root / "x" / "nowhere").is_symlink()

    def test_a_base_that_is_a_link(self, launch, root: Path, tmp_path: Path) -> None:  # noqa: ANN001
        link = tmp_path / "link"
        link.symlink_to(root)
        app = launch(root=link)
        assert app.request("/up/b/c", "PUT", body=b"1").code == 201
        assert app.request("/sd/sd/c", "PUT", body=b"1").code == 201
        assert app.request("/up/b/?force=1", "DELETE").code == 204
