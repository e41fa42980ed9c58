# SPDX-License-Identifier: MIT
"""No URL leads out of the served folder, or has two meanings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.board_disk import DiskPath

from .files_app import names, raw
from .http_app import App, Launch

SECRET = b"nobody must see this"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder, with a secret beside it."""
    base = tmp_path / "www"
    (base / "sub").mkdir(parents=True)
    (base / "a.txt").write_text("a")
    (base / "sub" / "b.txt").write_text("b")
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "www-too").mkdir()
    (tmp_path / "www-too" / "secret").write_bytes(SECRET)
    return base


@pytest.fixture
def app(launch: Launch, base: Path) -> App:
    """A server of that folder."""
    return launch(base=str(base), prefix="/fs", header=16384)


REFUSED = [
    *(b"/fs/..", b"/fs/../secret", b"/fs/sub/../../secret", b"/fs/./a.txt", b"/fs/sub/../a.txt"),
    *(b"/fs/%2e%2e/secret", b"/fs/%2E%2E/secret", b"/fs/.%2e/secret", b"/fs/%2e./secret"),
    *(b"/fs/%2e/a.txt", b"/fs/sub/%2e%2e/%2e%2e/secret"),
    *(b"/fs/..%2fsecret", b"/fs/..%2Fsecret", b"/fs/%2e%2e%2fsecret", b"/fs/sub%2fb.txt"),
    *(b"/fs/%2fetc/passwd", b"/fs/%2f"),
    *(b"/fs/..%5csecret", b"/fs/..\\secret", b"/fs/sub\\b.txt", b"/fs/sub%5Cb.txt"),
    *(b"/fs//a.txt", b"/fs/sub//b.txt", b"/fs//", b"/fs//etc/passwd", b"/fs/sub//"),
    *(b"/fs/a.txt%00", b"/fs/a.txt%00.html", b"/fs/%00", b"/fs/..%00/secret"),
    *(b"/fs/a%0d%0aX:%20y", b"/fs/a%0a", b"/fs/a%01", b"/fs/a%7f"),
    *(b"/fs/%", b"/fs/%2", b"/fs/%zz", b"/fs/a%", b"/fs/%u002e%u002e/secret"),
    *(b"/fs/%c0%ae%c0%ae/secret", b"/fs/%e0%80%ae/secret", b"/fs/%ff", b"/fs/%ed%a0%80"),
]


def test_paths_that_are_refused(app: App) -> None:
    client = app.connect()
    for target in REFUSED:
        assert raw(client, target).code == 400, target
    assert raw(client, b"/fs/a.txt").body == b"a"


@pytest.mark.parametrize(
    "target",
    [
        *(b"/fs/%252e%252e/secret", b"/fs/..%252fsecret", b"/fs/...", b"/fs/.../secret"),
        *(b"/fs/~root", b"/fs/-too/secret", b"/fs/..a", b"/fs/a.txt::$DATA", b"/fs/c:"),
    ],
)
def test_paths_that_mean_themselves(app: App, target: bytes) -> None:
    assert raw(app.connect(), target).code == 404


def test_a_path_before_the_prefix_is_taken_off(app: App) -> None:
    client = app.connect()
    for target in (b"/fs-too/secret", b"/fsecret", b"/fs%2Fa.txt", b"/x/../fs/a.txt"):
        assert raw(client, target).code == 404, target
    assert raw(client, b"/%66s/a.txt").body == b"a"


def test_no_other_host_is_where_a_redirection_leads(launch: Launch, base: Path) -> None:
    (base / "example.org").mkdir()
    client = launch(base=str(base), prefix="").connect()
    assert raw(client, b"//example.org").code == 400
    assert raw(client, b"/\\example.org").code == 400
    assert raw(client, b"/example.org").header("Location") == "./example.org/"


class TestLinks:
    def test_those_that_stay_inside_are_followed(self, app: App, base: Path) -> None:
        (base / "link").symlink_to("sub/b.txt")
        (base / "dir").symlink_to("sub")
        (base / "sub" / "up").symlink_to("..")
        for target in ("/fs/link", "/fs/dir/b.txt", "/fs/sub/up/sub/up/link"):
            assert app.get(target).body == b"b"
        assert names(app, "/fs/dir/") == {"..", "b.txt", "up"}
        assert names(app, "/fs/") == {"a.txt", "sub", "link", "dir"}

    @pytest.mark.parametrize("target", ["../secret", "/etc/passwd", "../www-too/secret"])
    def test_a_file_outside(self, app: App, base: Path, target: str) -> None:
        (base / "link").symlink_to(target)
        (base / "further").symlink_to("link")
        assert app.get("/fs/link").code == 404
        assert app.get("/fs/further").code == 404
        assert names(app, "/fs/") == {"a.txt", "sub"}

    @pytest.mark.parametrize("target", ["..", "/", "../www-too", "../.."])
    def test_a_directory_outside(self, app: App, base: Path, target: str) -> None:
        (base / "link").symlink_to(target)
        for path in ("/fs/link", "/fs/link/", "/fs/link/secret", "/fs/link/nothing"):
            assert app.get(path).code == 404
        assert names(app, "/fs/") == {"a.txt", "sub"}

    def test_compressed_forms_and_indexes_outside(self, app: App, base: Path) -> None:
        (base / "a.txt.gz").symlink_to("../secret")
        (base / "new.gz").symlink_to("../secret")
        (base / "sub" / "index.html").symlink_to("../../secret")
        response = app.get("/fs/a.txt", "Accept-Encoding: gzip\r\n")
        assert (response.body, response.header("Content-Encoding")) == (b"a", None)
        assert app.get("/fs/new", "Accept-Encoding: gzip\r\n").code == 404
        assert app.get("/fs/sub/").code == 404

    def test_those_that_lead_nowhere_or_round_in_circles(self, app: App, base: Path) -> None:
        (base / "nowhere").symlink_to("nothing")
        (base / "circle").symlink_to("circle")
        for path in ("/fs/nowhere", "/fs/circle", "/fs/circle/a"):
            assert app.get(path).code == 404

    def test_the_folder_may_be_one_itself(
        self, launch: Launch, tmp_path: Path, base: Path
    ) -> None:
        link = tmp_path / "link"
        link.symlink_to(base)
        (base / "out").symlink_to("../secret")
        app = launch(base=str(link))
        assert app.get("/fs/a.txt").body == b"a"
        assert app.get("/fs/out").code == 404


class TestSpecialFiles:
    def test_a_pipe_would_hold_a_worker_for_ever(self, app: App, base: Path) -> None:
        import os

        os.mkfifo(base / "pipe")
        assert app.get("/fs/pipe").code == 403

    def test_a_device(self, launch: Launch) -> None:
        assert launch(base="/dev").get("/fs/zero").code == 403


def too_long(base: Path) -> int:
    """The answer to a name that no file can have: FAT and littlefs say only that there is none."""
    return 404 if isinstance(base, DiskPath) else 414


class TestLength:
    def test_a_long_name(self, app: App, base: Path) -> None:
        (base / ("n" * 255)).write_text("long")
        assert app.get("/fs/" + "n" * 255).body == b"long"
        assert app.get("/fs/" + "n" * 256).code == too_long(base)

    def test_a_name_without_room_for_its_suffix(self, app: App, base: Path) -> None:
        (base / ("n" * 254)).write_text("long")
        assert app.get("/fs/" + "n" * 254, "Accept-Encoding: gzip\r\n").body == b"long"

    @pytest.mark.parametrize("depth", [100, 2000, 7000])
    def test_a_deep_path(self, app: App, depth: int) -> None:
        assert app.get("/fs" + "/d" * depth).code in (404, 414)

    def test_a_path_that_grows_no_more(self, app: App, base: Path) -> None:
        assert app.get("/fs/" + "%41" * 5000).code == too_long(base)
