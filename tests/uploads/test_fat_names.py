# SPDX-License-Identifier: MIT
"""FAT has several names for one file, but file_acl() always gets the same one."""

from __future__ import annotations

import httpx
import pytest

from tests.support.waiting import PATIENCE
from tests.webrepl.second import EBUSY, EINVAL, OK

from .ways import Board

SECRET, KEY = b"secret", b"key"
SPELLINGS = {
    "secret.txt": ["SECRET.TXT", "Secret.txt", "secret.txt.", "secret.txt%20", "secret.txt.%20."],
    "verysecret.txt": ["VERYSE~1.TXT", "veryse~1.txt", "VerySecret.txt", "verysecret.txt."],
    "private/key.txt": [
        "PRIVATE/key.txt",
        "private/KEY.TXT",
        "private./key.txt",
        "private%20/key.txt",
    ],
}
REFUSED = (400, 403, 404)


@pytest.fixture
def kind() -> str:
    """Finds the only match."""
    return "VfsFat"


def do(board: Board, text: str) -> object:
    reply = httpx.post(board.url("/do"), content=text, timeout=PATIENCE)
    return eval(reply.text)


def ask(board: Board, method: str, path: str, **more: object) -> httpx.Response:
    return httpx.request(method, board.url("/up/" + path), timeout=PATIENCE, **more)


@pytest.fixture
def guarded(board: Board) -> Board:
    """A file that nobody may read, and one that everybody may read."""
    for path in ("secret.txt", "verysecret.txt", "private/key.txt"):
        assert ask(board, "PUT", path, content=SECRET).status_code == 201
        do(board, f"refused.update({{'/disk/{path}': 403}})")
    do(board, "refused.update({'/disk/private/': 403})")
    assert ask(board, "PUT", "free", content=b"free").status_code == 201
    do(board, "asked.clear()")
    return board


@pytest.mark.parametrize("name", SPELLINGS)
def test_no_other_spelling_leads_past_it(guarded: Board, name: str) -> None:
    for spelling in [name, *SPELLINGS[name]]:
        assert ask(guarded, "GET", spelling).status_code in REFUSED, spelling
        assert ask(guarded, "PUT", spelling, content=b"mine").status_code in REFUSED, spelling
        assert ask(guarded, "DELETE", spelling).status_code in REFUSED, spelling
        to_free = {"Destination": "/up/mine"}
        assert ask(guarded, "MOVE", spelling, headers=to_free).status_code in REFUSED, spelling
        to_it = {"Destination": "/up/" + spelling}
        assert ask(guarded, "MOVE", "free", headers=to_it).status_code in REFUSED, spelling
        form = {"file": (spelling.replace("%20", " "), b"mine")}
        assert ask(guarded, "POST", "", files=form).status_code in REFUSED, spelling
    do(guarded, "refused.clear()")
    assert ask(guarded, "GET", name).content == SECRET
    assert ask(guarded, "GET", "free").content == b"free"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_it_is_asked_with_the_name_that_the_directory_has(guarded: Board, method: str) -> None:
    do(guarded, "refused.clear()")
    ask(guarded, "PUT", "sub/File.txt", content=b"1")
    do(guarded, "asked.clear()")
    assert ask(guarded, method, "SUB/fiLE.txt").is_success
    assert do(guarded, "asked") == ["/disk/sub/File.txt"]


def test_new_names_are_refused_or_unchanged(guarded: Board) -> None:
    """In existing directories, under their own names. Nothing is dropped from them."""
    for name in ("new.txt.", "new.txt%20", "new./x", "new%20/x/y"):
        assert ask(guarded, "PUT", name, content=b"1").status_code == 400, name
    assert do(guarded, "asked") == []
    assert ask(guarded, "PUT", "PRIVATE/new.txt", content=b"1").status_code == 201
    assert do(guarded, "asked") == ["/disk/private/new.txt"]


def test_capitals_are_kept(guarded: Board) -> None:
    assert ask(guarded, "PUT", "New File.TXT", content=b"1").status_code == 201
    assert "New File.TXT" in [entry["path"] for entry in ask(guarded, "GET", "").json()["list"]]
    assert ask(guarded, "PUT", "new file.txt", content=b"22").status_code == 204
    assert ask(guarded, "GET", "NEW FILE.txt").content == b"22"


@pytest.mark.parametrize("extension", ["~up", "~to", "~wr"])
def test_reserved_names_are_reserved_in_every_spelling(guarded: Board, extension: str) -> None:
    for name in (
        f"1234abcd.{extension}",
        f"1234ABCD.{extension.upper()}",
        f"1234abcd.{extension}.",
    ):
        assert ask(guarded, "PUT", name, content=b"1").status_code in (400, 404), name
        to_it = {"Destination": "/up/" + name}
        assert ask(guarded, "MOVE", "free", headers=to_it).status_code in (400, 404), name


def test_an_upload_claims_the_file_by_all_its_names(board: Board) -> None:
    client, other = board.second(), board.second()
    path = "/disk/a long name.text"
    assert client.put(path, b"old") == OK
    ident = client.begin_put(path, b"new")
    assert client.is_open(ident)
    assert other.put("/disk/A LONG NAME.text", b"mine") == EBUSY
    for name in ("/disk/ALONGN~1.TEX", "/disk/a long name.text.", "/disk/a long name.text "):
        assert other.put(name, b"mine") == EINVAL
        assert other.do("REMOVE", path=name).code == EINVAL
    client.send_file(ident, b"new")
    assert client.result(ident).code == OK
    assert client.get(path) == (OK, b"new")
