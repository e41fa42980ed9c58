# SPDX-License-Identifier: MIT
"""Clients vanish in the middle of an upload, and servers stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.http import whole_request
from tests.support.waiting import eventually

from .http_app import App, files
from .test_receive_form import TYPE, file, form

BODY = b"0123456789" * 2
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n3;x=y\r\nefg\r\n0\r\n\r\n"
REQUESTS = {
    "length": whole_request("/up/x/y/a", "PUT", body=BODY),
    "chunked": b"PUT /up/x/y/a HTTP/1.1\r\nHost: x\r\n" + CHUNKED,
    "named": whole_request(
        "/put", "POST", 'Content-Disposition: attachment; filename="/x/y/a"\r\n', BODY
    ),
    "form": whole_request("/up/x/y/", "POST", TYPE, form((file("a"), BODY))),
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
@pytest.mark.parametrize("half", [False, True], ids=["closes", "says no more comes"])
def test_at_every_byte(receiver: App, root: Path, request_: bytes, half: bool) -> None:
    """The old file stays whole, and neither a temporary file nor a new directory is left."""
    (root / "x" / "y").mkdir(parents=True)
    (root / "x" / "y" / "a").write_bytes(b"old")
    before = files(root)
    end = request_.index(b"--XX--") if b"--XX--" in request_ else len(request_) - 1
    for cut in range(end):
        client = receiver.connect()
        client.send(request_[:cut])
        if half:
            client.finish_sending()
            client.read_to_end()
        client.close()
        if half:
            assert files(root) == before, cut
    eventually(lambda: files(root) == before)


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
def test_new_directories_go_with_it(receiver: App, root: Path, request_: bytes) -> None:
    begin = request_.index(b"\r\n\r\n") + 4
    end = request_.index(b"--XX--") if b"--XX--" in request_ else len(request_) - 1
    for cut in range(begin, end):
        client = receiver.connect()
        client.send(request_[:cut])
        client.finish_sending()
        client.read_to_end()
        client.close()
        assert files(root) == {}, cut


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
def test_the_server_stops(receiver: App, root: Path, request_: bytes) -> None:
    clients = []
    for i in range(8):
        client = receiver.connect()
        client.send(request_.replace(b"x/y", b"x%d/y" % i)[:-10])
        clients.append(client)
    receiver.command("stop")
    assert files(root) == {}
    assert all(client.is_gone() for client in clients)


def test_a_silent_client_gets_408(launch, root: Path) -> None:  # noqa: ANN001
    app = launch(root=root, body_timeout=200)
    client = app.connect()
    client.send("PUT /up/x/a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
    assert client.response().code == 408
    assert files(root) == {}
