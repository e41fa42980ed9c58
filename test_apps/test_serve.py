# SPDX-License-Identifier: MIT
"""Serving files from the storage of each target."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.support.http import Response

from .device import Device
from .web_files import FOLDER, WebFiles, noise


@pytest.fixture
def files(device: Device) -> WebFiles:
    return WebFiles(device)


@pytest.mark.parametrize("size", [0, 1, 4096, 100_001])
def test_an_uploaded_file_is_served(files: WebFiles, size: int) -> None:
    content = noise(size)
    assert files.put("file.bin", content).code == 201
    response = files.ask("file.bin")
    assert (response.code, response.body) == (200, content)
    assert response.header("Content-Length") == str(size)


def test_content_types(files: WebFiles) -> None:
    for name, mime in (("a.html", "text/html"), ("a.css", "text/css")):
        files.put(name, b"x")
        assert files.ask(name).header("Content-Type").startswith(mime)


def test_a_part(files: WebFiles) -> None:
    content = noise(50_000)
    files.put("file.bin", content)
    response = files.ask("file.bin", headers="Range: bytes=10000-29999\r\n")
    assert (response.code, response.body) == (206, content[10_000:30_000])
    assert response.header("Content-Range") == "bytes 10000-29999/50000"
    end = files.ask("file.bin", headers="Range: bytes=-5\r\n")
    assert (end.code, end.body) == (206, content[-5:])


def test_a_part_that_is_not_there(files: WebFiles) -> None:
    files.put("file.bin", b"short")
    response = files.ask("file.bin", headers="Range: bytes=5-\r\n")
    assert response.code == 416
    assert response.header("Content-Range") == "bytes */5"


def test_head_tells_the_length(files: WebFiles) -> None:
    files.put("file.bin", b"12345")
    assert files.ask("file.bin", "HEAD").header("Content-Length") == "5"


def asked_again(files: WebFiles, response: Response) -> Response:
    return files.ask("file.bin", headers=f"If-None-Match: {response.header('ETag')}\r\n")


def test_a_file_that_has_not_changed(files: WebFiles) -> None:
    files.put("file.bin", b"as it was")
    response = files.ask("file.bin")
    if response.header("ETag") is None:
        pytest.skip("this storage cannot tell versions apart")
    assert asked_again(files, response).code == 304
    files.put("file.bin", b"something else")
    again = asked_again(files, response)
    assert (again.code, again.body) == (200, b"something else")


def test_a_folder_is_listed(files: WebFiles) -> None:
    for number in range(20):
        files.put(f"file%20{number}.txt", b"x" * number)
    files.ask("folder/", "PUT")
    listed = {entry["path"]: entry for entry in json.loads(files.ask("").body)["list"]}
    assert listed.pop("..")["type"] == "directory"
    assert listed.pop("folder")["type"] == "directory"
    assert {name: entry["size"] for name, entry in listed.items()} == {
        f"file {number}.txt": number for number in range(20)
    }


def test_names_in_any_script(files: WebFiles) -> None:
    names = {"äöü €.txt", "日本語.txt", "Ünïcode mit Leerzeichen und einem langen Namen.txt"}
    for name in names:
        assert files.put(quote(name), name.encode()).code == 201
    assert files.names() == names
    for name in names:
        assert files.ask(quote(name)).text == name


@pytest.mark.parametrize(
    "name", ["../web.txt", "%2e%2e/web.txt", "..%2fweb.txt", "a%00b", "a%5cb", "a//b", "%ff"]
)
def test_names_that_lead_elsewhere(files: WebFiles, name: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert files.ask(name, method, "Content-Length: 0\r\n").code == 400


def test_missing_files_are_not_found(files: WebFiles) -> None:
    assert files.ask("nothing.txt").code == 404
    assert files.ask("nothing/").code == 404


def test_strangers_get_nothing(files: WebFiles) -> None:
    if files.device.firmware != "c":
        pytest.skip("this program gives its files to everybody")
    files.put("file.bin", b"secret")
    client = files.device.connect()
    for method in ("GET", "PUT", "DELETE"):
        response = client.request(FOLDER + "file.bin", method, "Content-Length: 0\r\n")
        assert response.code == 401
        assert response.header("WWW-Authenticate").startswith("Basic ")
    client.close()
    assert files.ask("file.bin").body == b"secret"


def test_a_wrong_password(files: WebFiles) -> None:
    if files.device.firmware != "c":
        pytest.skip("this program gives its files to everybody")
    client = files.device.connect()
    wrong = "Authorization: Basic Onf1cm9uZw==\r\n"
    assert client.request(FOLDER, headers=wrong).code == 401
    client.close()
    assert files.ask("").code == 200  # nobody is kept out by one mistake
