# SPDX-License-Identifier: MIT
"""Content types by the names of files."""

from __future__ import annotations

import mimetypes

import pytest

from .parsers import ffi, lib, text

OTHER_NAMES = {  # today's registry, where Python's table differs
    "js": "text/javascript",
    "mjs": "text/javascript",
    "ico": "image/x-icon",
    "bmp": "image/bmp",
    "gz": "application/gzip",
    "wav": "audio/wav",
}
UNKNOWN = "application/octet-stream"


def mime_of(name: str, types: list[tuple[str, str]] | None = None) -> str:
    keep = [(text(a.encode()), text(b.encode())) for a, b in types or []]
    table = ffi.new("uhttpd_mime_t[]", [*keep, (ffi.NULL, ffi.NULL)]) if types else ffi.NULL
    return ffi.string(lib.uh_mime_of(text(name.encode()), table)).decode()


USUAL = "html htm css js mjs json txt csv svg png jpg jpeg gif bmp ico wasm mp3 mp4 pdf zip tar gz"


@pytest.mark.parametrize("extension", USUAL.split())
def test_types_are_the_usual_ones(extension: str) -> None:
    usual = mimetypes.MimeTypes().types_map[True].get("." + extension)
    found = mime_of(f"/a/b.{extension}").split(";")[0]
    assert found == OTHER_NAMES.get(extension, usual)


@pytest.mark.parametrize("name", ["/a.html", "/a.css", "/a.js", "/a.txt", "/a.csv", "/a.md"])
def test_text_says_how_it_is_written(name: str) -> None:
    assert mime_of(name).startswith("text/")
    assert mime_of(name).endswith("; charset=utf-8")


@pytest.mark.parametrize(
    "name", ["/", "/html", "/a.", "/a.html/b", "/a.html.unknown", "/.", "/a.htm l", "/a.hÄml"]
)
def test_unknown_names(name: str) -> None:
    assert mime_of(name) == UNKNOWN


def test_case_does_not_matter() -> None:
    assert mime_of("/INDEX.HTML") == mime_of("/index.html")


def test_additions_go_first() -> None:
    types = [("gcode", "text/x-gcode"), ("html", "application/xhtml+xml")]
    assert mime_of("/a.GCODE", types) == "text/x-gcode"
    assert mime_of("/a.html", types) == "application/xhtml+xml"
    assert mime_of("/a.css", types) == mime_of("/a.css")
