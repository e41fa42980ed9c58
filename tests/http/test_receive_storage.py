# SPDX-License-Identifier: MIT
"""Storage fails: at any of its calls, or because it is full."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path

import pytest

from tests.support.http import whole_request
from tests.support.waiting import eventually

from .files_app import calls_of, settled
from .http_app import App, Launch, files, pattern
from .test_receive_form import TYPE, file, form

BODY = pattern(20_000)
MORE_THAN_CALLS = 100
NOTE = 100  # bytes that replacing a file may take temporarily


def lay(root: Path, tree: dict[str, bytes | None]) -> None:
    """Checks that the directory holds this and nothing else, except sd."""
    for path in root.iterdir():
        if path.name != "sd":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name, data in tree.items():
        if data is None:
            (root / name).mkdir()
        else:
            (root / name).write_bytes(data)


def upload(url: str) -> bytes:
    return whole_request(url, "PUT", body=BODY)


FORM = whole_request("/up/", "POST", TYPE, form((file("a"), BODY)))
NAME = 'Content-Disposition: attachment; filename="/a"\r\n'
MOVE = whole_request("/up/a", "MOVE", "Destination: /up/b\r\n")
OLD: dict[str, bytes | None] = {"a": b"old"}
NEW: dict[str, bytes | None] = {"a": BODY}
CHANGES = {
    "new file": (upload("/up/x/y/a"), {}, {"x": None, "x/y": None, "x/y/a": BODY}),
    "old file": (upload("/up/a"), OLD, NEW),
    "form": (FORM, OLD, NEW),
    "named": (whole_request("/put", "PUT", NAME, BODY), {}, NEW),
    "directory": (whole_request("/up/x/y/", "PUT"), {}, {"x": None, "x/y": None}),
    "move": (MOVE, OLD, {"b": b"old"}),
    "removal": (whole_request("/up/a", "DELETE"), OLD, {}),
}


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EROFS, errno.ENOENT])
class TestEveryCall:
    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
    def test_fails_once(
        self,
        receiver: App,
        root: Path,
        change: tuple[bytes, dict[str, bytes | None], dict[str, bytes | None]],
        error: int,
    ) -> None:
        """The old or the new state is whole, the client knows which, and nothing else is left."""
        request, old, new = change
        for n in range(1, MORE_THAN_CALLS):
            lay(root, old)
            settled(receiver)
            receiver.command(f"fail {n} {error}")
            client = receiver.connect()
            client.send(request)
            code = client.response().code
            client.close()
            calls = calls_of(receiver)
            assert files(root) == (new if code < 300 else old), (n, code)
            if calls < n:
                assert code < 300
                return
        raise AssertionError("it never came to an end")

    def test_fails_while_a_tree_is_removed(self, receiver: App, root: Path, error: int) -> None:
        tree = {"x": None, "x/a": b"1", "x/y": None, "x/y/b": b"2"}
        for n in range(1, MORE_THAN_CALLS):
            lay(root, tree)
            settled(receiver)
            receiver.command(f"fail {n} {error}")
            code = receiver.request("/up/x/?force=1", "DELETE").code
            calls = calls_of(receiver)
            assert (code == 204) == (files(root) == {}), n
            if calls < n:
                return
        raise AssertionError("it never came to an end")


class TestDeadDisk:
    """From some call on nothing works any more. The next start cleans up."""

    def test_from_any_call_on(self, launch: Launch, root: Path) -> None:
        (root / "x").mkdir()
        (root / "x" / "a").write_bytes(b"old")
        app = launch(root=root)
        settled(app)
        for n in range(1, MORE_THAN_CALLS):
            app.command(f"fail {n} {errno.EIO} 1000")
            app.request("/up/x/a", "PUT", body=BODY)
            calls = calls_of(app)
            assert files(root)["x/a"] in (b"old", BODY), n
            app.command("stop")
            app.start()
            eventually(lambda: files(root).keys() == {"x", "x/a"})
            settled(app)
            if calls < n:
                return
        raise AssertionError("it never came to an end")


class TestDeepPaths:
    """What a path costs does not grow with how much of it is absent."""

    def test_absent_path_takes_a_few_calls(self, receiver: App) -> None:
        for path in ("/up" + "/x" * 900, "/up" + "/x" * 900 + "/"):
            settled(receiver)
            assert receiver.request(path, "DELETE").code == 404
            assert calls_of(receiver) < 200, "the search for leftovers may make some of them"

    def test_directories_are_made_in_one_call_each(self, receiver: App, root: Path) -> None:
        (root / "x/x").mkdir(parents=True)
        settled(receiver)
        assert receiver.request("/up" + "/x" * 300 + "/", "PUT").code == 201
        assert calls_of(receiver) < 300 + 60
        assert (root / "/".join("x" * 300)).is_dir()

    def test_tree_is_removed_in_a_few_calls_each(self, receiver: App, root: Path) -> None:
        (root / "/".join("x" * 300)).mkdir(parents=True)
        settled(receiver)
        assert receiver.request("/up/x/?force=1", "DELETE").code == 204
        assert calls_of(receiver) < 6 * 300 + 60
        assert files(root) == {}


class TestFull:
    @pytest.mark.parametrize("budget", [0, 1, 4096, 19_999])
    def test_length_is_known(self, receiver: App, root: Path, budget: int) -> None:
        """Space is checked before the client is asked for the body."""
        (root / "a").write_bytes(b"old")
        receiver.command(f"budget {budget}")
        client = receiver.connect()
        head = f"PUT /up/a HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\n"
        client.send(f"{head}Expect: 100-continue\r\n\r\n")
        response = client.response()
        assert (response.code, response.text) == (
            507,
            "507 Insufficient Storage: no space left\n",
        )
        assert files(root) == {"a": b"old"}
        receiver.command(f"budget {len(BODY) + NOTE}")
        assert receiver.request("/up/a", "PUT", body=BODY).code == 204

    def test_form(self, receiver: App, root: Path) -> None:
        receiver.command("budget 1000")
        client = receiver.connect()
        head = f"POST /up/x/y/ HTTP/1.1\r\nHost: x\r\n{TYPE}Content-Length: 1001\r\n"
        client.send(f"{head}Expect: 100-continue\r\n\r\n")
        assert client.response().code == 507
        assert files(root) == {}

    @pytest.mark.parametrize("budget", [0, 1, 4096, 19_999])
    def test_length_is_not_known(self, receiver: App, root: Path, budget: int) -> None:
        (root / "a").write_bytes(b"old")
        receiver.command(f"budget {budget}")
        client = receiver.connect()
        client.send("PUT /up/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send(b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY))
        assert client.response().code == 507
        assert files(root) == {"a": b"old"}

    def test_files_of_a_form_that_found_room_stay(self, receiver: App, root: Path) -> None:
        receiver.command("budget 1000000")
        client = receiver.connect()
        body = form((file("a"), bytes(900)), (file("b"), bytes(200)))
        head = f"POST /up/ HTTP/1.1\r\nHost: x\r\n{TYPE}Content-Length: {len(body)}\r\n"
        client.send(f"{head}Expect: 100-continue\r\n\r\n")
        assert client.response().code == 100
        receiver.command("budget 1000")
        client.send(body)
        response = client.response()
        assert response.code == 507
        reply = json.loads(response.body)
        assert [(entry["path"], entry["status"]) for entry in reply["files"]] == [
            ("/a", 201),
            ("/b", 507),
        ]
        assert files(root) == {"a": bytes(900)}

    def test_others_go_on(self, receiver: App, root: Path) -> None:
        receiver.command("budget 0")
        assert receiver.request("/up/a", "PUT", body=b"").code == 201
        assert receiver.request("/up/x/", "PUT").code == 201
        assert receiver.request("/up/a", "DELETE").code == 204
        assert files(root) == {"x": None}
