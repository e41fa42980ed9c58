# SPDX-License-Identifier: MIT
"""Files that are too long, invalid lengths, and clients that ask before they send."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.http import whole_request

from .http_app import App, Launch, files, pattern

NAME = 'Content-Disposition: attachment; filename="/a"\r\n'


@pytest.mark.parametrize(("url", "headers"), [("/small/a", ""), ("/put-small", NAME)])
class TestLimit:
    def test_just_fits(self, receiver: App, root: Path, url: str, headers: str) -> None:
        assert receiver.request(url, "PUT", headers, bytes(1000)).code == 201
        assert files(root) == {"a": bytes(1000)}

    def test_length_is_known(self, receiver: App, root: Path, url: str, headers: str) -> None:
        """The client gets the error before it has sent anything."""
        (root / "a").write_bytes(b"old")
        client = receiver.connect()
        client.send(f"PUT {url} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: 1001\r\n\r\n")
        response = client.response()
        assert (response.code, response.text) == (
            413,
            "413 Content Too Large: longer than files may be here\n",
        )
        assert files(root) == {"a": b"old"}

    @pytest.mark.parametrize("size", [1001, 200_000])
    def test_length_is_not_known(
        self, receiver: App, root: Path, url: str, headers: str, size: int
    ) -> None:
        (root / "a").write_bytes(b"old")
        client = receiver.connect()
        coding = "Transfer-Encoding: chunked\r\n"
        client.send(f"PUT {url} HTTP/1.1\r\nHost: x\r\n{headers}{coding}\r\n")
        client.send(b"%x\r\n%b\r\n0\r\n\r\n" % (size, bytes(size)))
        assert client.response().code == 413
        assert files(root) == {"a": b"old"}

    def test_a_client_that_still_sends_can_read_the_answer(
        self, receiver: App, url: str, headers: str
    ) -> None:
        client = receiver.connect()
        client.send(whole_request(url, "PUT", headers, bytes(3_000_000)))
        assert client.response().code == 413
        assert client.is_closed()


def test_max_body_is_for_others(launch: Launch, root: Path) -> None:
    app = launch(root=root, body=100)
    assert app.request("/up/a", "PUT", body=bytes(1000)).code == 201
    assert app.request("/echo", "POST", body=bytes(1000)).code == 413
    client = app.connect()
    client.send("PUT /up/b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    client.send(b"3e8\r\n%b\r\n0\r\n\r\n" % bytes(1000))
    assert client.response().code == 201
    assert files(root) == {"a": bytes(1000), "b": bytes(1000)}


@pytest.mark.parametrize(
    "length",
    [
        "Content-Length: -1",
        "Content-Length: +1",
        "Content-Length: 0x10",
        "Content-Length: 1, 2",
        "Content-Length: 1\r\nContent-Length: 2",
        "Content-Length: 99999999999999999999",
        "Content-Length: 9223372036854775808",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
    ],
)
def test_no_length(receiver: App, root: Path, length: str) -> None:
    (root / "a").write_bytes(b"old")
    client = receiver.connect()
    client.send(f"PUT /up/a HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n1")
    assert client.response().code in (400, 501)
    assert files(root) == {"a": b"old"}


def test_more_than_there_ever_is(receiver: App, root: Path) -> None:
    client = receiver.connect()
    client.send("PUT /up/a HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775807\r\n\r\n1")
    assert client.response().code == 507
    assert files(root) == {}


@pytest.mark.parametrize("chunk", ["g\r\n", "-1\r\n", "fffffffffffffffff\r\n", "1\r\nab", "1;\n"])
def test_bad_chunks(receiver: App, root: Path, chunk: str) -> None:
    (root / "a").write_bytes(b"old")
    client = receiver.connect()
    client.send(f"PUT /up/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}\r\n")
    assert client.response().code == 400
    assert files(root) == {"a": b"old"}


class TestContinue:
    """Expect: 100-continue is answered once the upload has passed all checks."""

    HEAD = "PUT {} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"

    def test_goes_on(self, receiver: App, root: Path) -> None:
        client = receiver.connect()
        client.send(self.HEAD.format("/up/x/a"))
        assert client.response().code == 100
        client.send("12345")
        assert client.response().code == 201
        assert files(root) == {"x": None, "x/a": b"12345"}

    @pytest.mark.parametrize(
        ("url", "code"),
        [("/up/acl-1", 403), ("/up/d", 409), ("/up/..", 400), ("/sd/a", 403), ("/put", 400)],
    )
    def test_goes_no_further(self, receiver: App, root: Path, url: str, code: int) -> None:
        (root / "d").mkdir()
        client = receiver.connect()
        client.send(self.HEAD.format(url))
        assert client.response().code == code
        assert client.is_closed()
        assert files(root) == {"d": None}

    def test_curl(self, receiver: App, root: Path, computer: Path) -> None:
        source = computer / "source"
        source.write_bytes(pattern(2_000_000))
        url = f"http://127.0.0.1:{receiver.port}/up/x/"
        command = ["curl", "-sS", "--fail", "-H", "Expect: 100-continue", "-T", source, url]
        subprocess.run(command, check=True, timeout=60)
        assert (root / "x" / "source").read_bytes() == pattern(2_000_000)
        url = f"http://127.0.0.1:{receiver.port}/small/a"
        told = ["-o", "/dev/null", "-w", "%{http_code} %{size_upload}"]
        result = subprocess.run(
            ["curl", "-sS", *told, "-H", "Expect: 100-continue", "-T", source, url],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert result.stdout == "413 0", result.stderr

    def test_curl_sends_a_form(self, receiver: App, root: Path, computer: Path) -> None:
        source = computer / "Ünï x.bin"
        source.write_bytes(pattern(2_000_000))
        form = f"f=@{source}"
        url = f"http://127.0.0.1:{receiver.port}/up/"
        subprocess.run(["curl", "-sS", "--fail", "-F", form, url], check=True, timeout=60)
        assert files(root) == {"Ünï x.bin": pattern(2_000_000)}
