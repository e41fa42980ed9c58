# SPDX-License-Identifier: MIT
"""Inputs for the fuzzers to start from: one example of everything that the parsers know."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import VECTORS_FILE

MASK = b"\x37\xfa\x21\x3d"


def heads() -> Iterator[bytes]:
    """A byte that says where to cut, and a head."""
    fields = [
        b"Content-Length: 5",
        b"Transfer-Encoding: chunked",
        b"Connection: keep-alive, Upgrade\r\nUpgrade: websocket",
        b"Connection: close",
        b"Expect: 100-continue",
        b"X: \t y \t",
        b"X:",
    ]
    targets = [b"/", b"/a?b=c&d", b"*", b"http://b:80/c?d", b"https://[::1]", b"http://b?c"]
    for i, target in enumerate(targets):
        for method in (b"GET", b"OPTIONS", b"MOVE"):
            line = b"%s %s HTTP/1.%d\r\nHost: a:80\r\n" % (method, target, i % 2)
            yield bytes([20 * i]) + line + fields[i % len(fields)] + b"\r\n\r\n"
    for field in fields:
        yield b"\x05\r\nPOST / HTTP/1.1\r\nHost: esp.local\r\n" + field + b"\r\n\r\n"


def texts_of_json() -> Iterator[bytes]:
    """Values of each kind, and what is almost one."""
    yield b' {"a": [1.5e-3, -0, true], "b": {}, "": [null, false]} '
    yield b'"\\u00e4\\n\\\\\xc3\xa4"'
    yield b"[" * 64 + b"]" * 64
    yield b'{"a":' * 65 + b"1" * 257
    yield b"[1,]"
    yield b'"\x01\xff\\x'


def bodies() -> Iterator[bytes]:
    """Chunked bodies, also with more bytes after them."""
    yield b"0\r\n\r\n"
    yield b"5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n"
    yield b'0a ;a="b"\r\n0123456789\r\n0\r\nX: y\r\n\r\nGET / HTTP/1.1\r\n'
    yield b"FFFFFFFFFFFFFFFF\r\nx"


def frame(opcode: int, data: bytes, fin: bool = True, mask: bytes | None = MASK) -> bytes:
    """A frame of a client."""
    masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)) if mask else data
    length = len(data) if len(data) < 126 else 126
    head = bytes([fin << 7 | opcode, bool(mask) << 7 | length])
    return head + (struct.pack("!H", len(data)) if length == 126 else b"") + (mask or b"") + masked


def streams() -> Iterator[bytes]:
    """Whether the codec is tolerant, the longest message and the size of a piece; then frames."""
    frames = [
        frame(1, "Hello-µ@ßöäü".encode()),
        frame(2, bytes(range(200))),
        frame(1, b"half a mess", fin=False) + frame(9, b"ping") + frame(0, b"age"),
        frame(10, b""),
        frame(8, struct.pack("!H", 1000) + b"bye"),
        frame(8, b""),
        frame(1, b"classic", mask=None),
        b"\x82\xff\x00\x00\x00\x00\x00\x01\x00\x00" + MASK + b"data",
    ]
    for options in (b"\0\0\0", b"\1\0\2", b"\0\x40\6"):
        for one in frames:
            yield options + one
        yield options + b"".join(frames)


def queries() -> Iterator[bytes]:
    """Query strings."""
    yield b"a=b&c=d+e&f"
    yield b"&&=&a%3Db=%c3%a4&100%"
    yield b"path=%2fsd%2F..&overwrite=1&dir"


def dispositions() -> Iterator[bytes]:
    """Values of Content-Disposition."""
    yield b'attachment; filename="/path/to/file"'
    yield b"form-data; name=\"a\"; filename=b; filename*=UTF-8''%c3%a4%2Fb"
    yield b'ATTACHEMENT ;; x="a\\"b" ; filename = "\\\\"'


def forms() -> Iterator[bytes]:
    """The size of a piece, and a form whose boundary is "x"."""
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: y\r\n\r\n'
    for size in (1, 7, 255):
        yield bytes([size]) + part + b"data\r\n--\r\n" + part + b"\r\n--x--\r\n"
        yield bytes([size]) + b"preamble\r\n" + part + b"--x \t\r\n"


def destinations() -> Iterator[bytes]:
    """Values of Destination."""
    yield b"/a/b%20c"
    yield b"https://board:80/a"
    yield b"http://[::1]/a?b#c"


def digests() -> Iterator[bytes]:
    """Values of Repr-Digest."""
    yield b"sha-512=:YQ==:, sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:"


def paths() -> Iterator[bytes]:
    """Paths of files."""
    yield b"/a/b%20c/%C3%A4.html"
    yield b"/../a/./%2e%2e/%2f/%5c/%00//"
    yield b"/0123abcd.~up"
    yield b"/\xf0\x9f\x99\x82/%"


def ranges() -> Iterator[bytes]:
    """A length, and a header that asks for a part."""
    headers = [b"bytes=0-9", b"bytes=5-", b"bytes=-5", b"bytes=1-2,3-4", b"gzip;q=0.5, *;q=0"]
    for i, header in enumerate(headers):
        yield struct.pack("<Q", 100 + (i << 40)) + header


def conditions() -> Iterator[bytes]:
    """Five headers."""
    dates = [
        b"Sun, 06 Nov 1994 08:49:37 GMT",
        b"Sunday, 06-Nov-94 08:49:37 GMT",
        b"Sun Nov  6 08:49:37 1994",
    ]
    for date in dates:
        yield b"\0".join([b'"a", W/"b"', b"*", date, date, date])
        yield b"\0".join([b"", b'W/"a"', date, b"", b'"a"'])


def messages() -> Iterator[bytes]:
    """The size of a piece, and a message: all that the test vectors have."""
    cases = json.loads(VECTORS_FILE.read_text(encoding="utf-8"))
    for i, case in enumerate(cases["messages"] + cases["refused"]):
        yield bytes([i % 9]) + bytes.fromhex(case["hex"])


SEEDS = {
    "second": messages,
    "head": heads,
    "chunked": bodies,
    "ws": streams,
    "query": queries,
    "json": texts_of_json,
    "disposition": dispositions,
    "multipart": forms,
    "digest": digests,
    "path": paths,
    "range": ranges,
    "conditional": conditions,
    "destination": destinations,
}


def write(target: str, directory: Path) -> None:
    """Writes the seeds of one fuzzer."""
    directory.mkdir(parents=True, exist_ok=True)
    for i, seed in enumerate(SEEDS[target]()):
        (directory / f"{i:02}").write_bytes(seed)
