# SPDX-License-Identifier: MIT
"""receive(): files and directories from clients."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from tests.support.program import Program
from tests.support.waiting import PATIENCE

from .sentences import checks


def receiving(run, arguments: str, ext_path: str = "/nowhere") -> Program:
    """Starts a server that receives files. It prints what receive() raises."""
    return run(f"""
import uhttpd
httpd = uhttpd.Server(0, ext_path={ext_path!r})
try:
    httpd.receive({arguments})
except Exception as error:
    print(type(error).__name__, error)
print('PORT', httpd.port())
input()
""")


def send(board: Program, method: str, path: str, **more: object) -> httpx.Response:
    return httpx.request(method, board.url(path), timeout=PATIENCE, **more)


@checks("receive.prefix_slash")
def test_a_prefix_without_slash(run) -> None:
    receiving(run, "prefix='up'").expect("ValueError prefix must start with '/'")


@checks("receive.dynamic", "receive.verbs", "receive.resolution", "receive.verbatim")
@pytest.mark.parametrize("arguments", ["prefix='/up'", "True, '/up'"])
def test_a_file(run, tmp_path: Path, arguments: str) -> None:
    data = os.urandom(100_000)
    board = receiving(run, arguments)
    path = tmp_path / "file.bin"
    assert send(board, "POST", f"/up{path}", content=data).status_code == 201
    assert path.read_bytes() == data
    assert send(board, "POST", f"/up{path}", content=b"again").is_success
    assert path.read_bytes() == b"again"
    assert send(board, "GET", f"/up{path}").status_code == 405


@checks("receive.resolution")
def test_without_prefix(run, tmp_path: Path) -> None:
    board = receiving(run, "")
    assert send(board, "POST", f"{tmp_path}/file", content=b"data").status_code == 201
    assert (tmp_path / "file").read_bytes() == b"data"


@checks("receive.parents")
def test_parents_are_made(run, tmp_path: Path) -> None:
    board = receiving(run, "")
    assert send(board, "POST", f"{tmp_path}/a/b/c/file", content=b"data").status_code == 201
    assert (tmp_path / "a" / "b" / "c" / "file").read_bytes() == b"data"


@checks("receive.make_directory", "receive.directory_body")
def test_directories(run, tmp_path: Path) -> None:
    board = receiving(run, "")
    assert send(board, "POST", f"{tmp_path}/new/").status_code == 201
    assert (tmp_path / "new").is_dir()
    assert send(board, "POST", f"{tmp_path}/other/", content=b"ignored").status_code == 201
    assert list((tmp_path / "other").iterdir()) == []
    (tmp_path / "file").touch()
    assert send(board, "POST", f"{tmp_path}/file/").is_client_error


@checks("receive.verbs")
def test_delete_is_refused_by_default(run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert send(receiving(run, ""), "DELETE", f"{tmp_path}/file").status_code == 405
    assert (tmp_path / "file").exists()


@checks("receive.verbs", "receive.delete_file", "receive.delete_directory", "receive.force")
def test_delete(run, tmp_path: Path) -> None:
    board = receiving(run, "delete=True")
    (tmp_path / "file").touch()
    assert send(board, "DELETE", f"{tmp_path}/file").is_success
    assert not (tmp_path / "file").exists()
    assert send(board, "DELETE", f"{tmp_path}/file").status_code == 404

    (tmp_path / "tree" / "sub").mkdir(parents=True)
    (tmp_path / "tree" / "sub" / "file").touch()
    assert send(board, "DELETE", f"{tmp_path}/tree/").status_code == 409
    assert send(board, "DELETE", f"{tmp_path}/tree/?force=0").status_code == 409
    assert (tmp_path / "tree" / "sub" / "file").exists()
    assert send(board, "DELETE", f"{tmp_path}/tree/?force=1").is_success
    assert not (tmp_path / "tree").exists()

    (tmp_path / "empty").mkdir()
    assert send(board, "DELETE", f"{tmp_path}/empty/").is_success
    assert not (tmp_path / "empty").exists()


@checks("receive.extonly")
def test_external_storage_only(run, tmp_path: Path) -> None:
    card = tmp_path / "sd"
    card.mkdir()
    board = receiving(run, "extonly=True", ext_path=str(card))
    assert send(board, "POST", f"{card}/file", content=b"data").status_code == 201
    assert send(board, "POST", f"{tmp_path}/file", content=b"data").status_code == 403
    assert send(board, "POST", f"{tmp_path}/directory/").status_code == 403
    assert (card / "file").read_bytes() == b"data"
    assert not (tmp_path / "file").exists()
    assert not (tmp_path / "directory").exists()


@checks("receive.endpoint")
def test_an_endpoint_needs_a_prefix(run) -> None:
    receiving(run, "False").expect("ValueError prefix must be given with dynamic=False")


@checks("receive.endpoint", "receive.disposition", "receive.disposition_form")
@pytest.mark.parametrize("kind", ["attachement", "attachment"])
def test_a_file_named_in_a_header(run, tmp_path: Path, kind: str) -> None:
    board = receiving(run, "False, '/upload'")
    headers = {"Content-Disposition": f'{kind}; filename="{tmp_path}/a/file"'}
    reply = send(board, "POST", "/upload", content=b"data", headers=headers)
    assert reply.status_code == 201
    assert (tmp_path / "a" / "file").read_bytes() == b"data"
    assert send(board, "POST", "/upload", content=b"data").status_code == 400
    assert send(board, "POST", "/upload/more", content=b"data", headers=headers).status_code == 404


@checks("receive.endpoint")
def test_other_rules_of_an_endpoint(run, tmp_path: Path) -> None:
    board = receiving(run, "False, '/upload', delete=True")

    def named(path: str) -> dict[str, str]:
        return {"Content-Disposition": f'attachement; filename="{tmp_path}/{path}"'}

    assert send(board, "POST", "/upload", headers=named("new/")).status_code == 201
    assert (tmp_path / "new").is_dir()
    (tmp_path / "new" / "file").touch()
    assert send(board, "DELETE", "/upload", headers=named("new/")).status_code == 409
    assert send(board, "DELETE", "/upload", headers=named("new/file")).is_success
    assert send(board, "DELETE", "/upload", headers=named("new/")).is_success
    assert not (tmp_path / "new").exists()
