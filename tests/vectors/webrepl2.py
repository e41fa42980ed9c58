#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes webrepl2.json, the test vectors of docs/webrepl-protocol.md.

It shares no code with either side. It repeats the layouts of the document.

* `messages`: name, sender, name of the type, fields, bytes. Paths and other text are text, other
  bytes are hex. The fields encode to the bytes, and the bytes decode to the fields. `extra` bytes
  follow the end of a message: decoding ignores them, and encoding does not write them.
* `records`: records in values and in the streams of LIST.
* `login`: password, salt, iterations and nonces, and the values computed from them.
* `dialogues`: steps of a connection in a possible order. A `client` step is a message of the
  client, a `server` step one of the server. `close` is the code with which the server closes the
  connection. `files` are the files on the board before, and `files_after` those afterwards, if the
  dialogue changes them. `kept` are the bytes that an earlier connection has left of a put.
* `refused`: a message of a client that is logged in and holds the terminal, with the code of its
  RESULT or the code that closes the connection.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

TYPES = {
    "HELLO": 0x01,
    "RESULT": 0x02,
    "LOGIN": 0x03,
    "PING": 0x04,
    "WHO": 0x05,
    "ATTACH": 0x10,
    "DETACH": 0x11,
    "SIZE": 0x12,
    "INTERRUPT": 0x13,
    "RESET": 0x14,
    "LOST": 0x15,
    "OPENED": 0x20,
    "DATA": 0x21,
    "CREDIT": 0x22,
    "CANCEL": 0x23,
    "LIST": 0x30,
    "STAT": 0x31,
    "GET": 0x32,
    "PUT": 0x33,
    "REMOVE": 0x34,
    "RENAME": 0x35,
    "MKDIR": 0x36,
    "RMDIR": 0x37,
    "SPACE": 0x38,
    "SHA256": 0x39,
}
FLAGS = {
    "ATTACH": {"watch": 1, "takeover": 2},
    "INTERRUPT": {"discard": 1},
    "RESET": {"hard": 1},
    "LIST": {"digest": 1},
    "GET": {"digest": 1},
    "PUT": {"digest": 1, "resume": 2, "early": 4},
}

SALT = bytes(range(0xA0, 0xB0))
SERVER_NONCE = bytes(range(0x10, 0x20))
CLIENT_NONCE = bytes(range(0xE0, 0xF0))
ITERATIONS = 4096
CONTENTS = b"pass\n"


def path(text: str) -> bytes:
    """A path."""
    data = text.encode()
    return struct.pack("<H", len(data)) + data


def record(
    *,
    kind: str,
    size: int = 0,
    modified: int = 0,
    name: str = "",
    raw: bytes | None = None,
    link: bool = False,
    sha256: str = "",
) -> bytes:
    """A file record."""
    data = name.encode() if raw is None else raw
    kinds = {"file": 1, "directory": 2}
    marks = link | bool(sha256) << 1
    head = struct.pack("<BBHQq", kinds[kind], marks, len(data), size, modified)
    return head + data + bytes.fromhex(sha256)


def holder(
    *,
    held: bool = False,
    silent: bool = False,
    classic: bool = False,
    watchers: int = 0,
    since: int = 0,
    address: str = "",
) -> bytes:
    """A holder record."""
    state = held | silent << 1 | classic << 2
    return struct.pack("<BBHI", state, watchers, len(address), since) + address.encode()


def features(f: dict[str, Any]) -> int:
    """Bits of HELLO."""
    names = ("files", "soft_reset", "hard_reset")
    return sum(bool(f[name]) << i for i, name in enumerate(names))


BODIES: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "HELLO": lambda f: (
        struct.pack(
            "<BBHIHHII",
            *(f[name] for name in ("minor", "auth", "max_operations", "max_message", "max_path")),
            features(f),
            f["iterations"],
            f["early"],
        )
        + bytes.fromhex(f["salt"] + f["server_nonce"])
    ),
    "RESULT": lambda f: struct.pack("<HH", f["code"], 0) + bytes.fromhex(f["value"]),
    "LOGIN": lambda f: bytes.fromhex(f["client_nonce"] + f["proof"]),
    "ATTACH": lambda f: struct.pack("<HHI", f["columns"], f["rows"], f["credit"]),
    "SIZE": lambda f: struct.pack("<HH", f["columns"], f["rows"]),
    "LOST": lambda f: struct.pack("<I", f["count"]),
    "CREDIT": lambda f: struct.pack("<I", f["more"]),
    "DATA": lambda f: bytes.fromhex(f["data"]),
    "OPENED": lambda f: (
        record(**f["file"]) if "file" in f else struct.pack("<QI", f["offset"], f["credit"])
    ),
    "LIST": lambda f: struct.pack("<I", f["credit"]) + path(f["path"]),
    "GET": lambda f: struct.pack("<IQQ", f["credit"], f["offset"], f["length"]) + path(f["path"]),
    "PUT": lambda f: struct.pack("<Q", f["size"]) + bytes.fromhex(f["sha256"]) + path(f["path"]),
    "RENAME": lambda f: path(f["path"]) + path(f["to"]),
}
BODIES.update(
    dict.fromkeys(
        ("STAT", "REMOVE", "MKDIR", "RMDIR", "SPACE", "SHA256"), lambda f: path(f["path"])
    )
)
"""Encodes everything after the first four bytes. Other types have nothing there."""


def encode(name: str, ident: int = 0, **fields: Any) -> bytes:
    """A message."""
    flags = sum(bit for flag, bit in FLAGS.get(name, {}).items() if fields.get(flag))
    return struct.pack("<BBH", TYPES[name], flags, ident) + (
        BODIES[name](fields) if name in BODIES else b""
    )


def login(password: str, salt: bytes, iterations: int, server: bytes, client: bytes) -> Any:
    """Everything that a login computes."""
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations, 32)

    def proof(side: bytes) -> str:
        return hmac.digest(key, b"webrepl.2 " + side + server + client, "sha256").hex()

    return {
        "password": password,
        "salt": salt.hex(),
        "iterations": iterations,
        "server_nonce": server.hex(),
        "client_nonce": client.hex(),
        "key": key.hex(),
        "client_proof": proof(b"client"),
        "server_proof": proof(b"server"),
    }


SECRET = login("secret", SALT, ITERATIONS, SERVER_NONCE, CLIENT_NONCE)
HELLO = {
    "minor": 1,
    "auth": 1,
    "max_operations": 4,
    "max_message": 4100,
    "max_path": 512,
    "files": True,
    "soft_reset": True,
    "hard_reset": True,
    "iterations": ITERATIONS,
    "early": 8192,
    "salt": SALT.hex(),
    "server_nonce": SERVER_NONCE.hex(),
}
WELCOME = SECRET["server_proof"] + "011c0000"
DIGEST = hashlib.sha256(CONTENTS).hexdigest()
ALL = 2**64 - 1
NO_DIGEST = "00" * 32


def of(sender: str, title: str, name: str, ident: int = 0, **fields: Any) -> Any:
    """A vector of a message."""
    return {
        "name": title,
        "from": sender,
        "type": name,
        "id": ident,
        "fields": fields,
        "hex": encode(name, ident, **fields).hex(),
    }


def messages() -> Any:
    """One message of each type, and edge cases."""
    yield of("server", "hello", "HELLO", **HELLO)
    yield of(
        "server",
        "hello without a password",
        "HELLO",
        **{**HELLO, "auth": 0, "files": False, "iterations": 0},
    )
    longer = of("server", "hello of a later minor edition", "HELLO", **{**HELLO, "minor": 9})
    yield {**longer, "hex": longer["hex"] + "c0ffee", "extra": "c0ffee"}
    yield of("server", "done", "RESULT", 1, code=0, value="")
    yield of("server", "no such file", "RESULT", 65535, code=2, value="")
    yield of("server", "let in", "RESULT", 1, code=0, value=WELCOME)
    yield of("server", "attached", "RESULT", 2, code=0, value=struct.pack("<I", 512).hex())
    yield of("server", "digest", "RESULT", 3, code=0, value=DIGEST)
    yield of("server", "three entries", "RESULT", 3, code=0, value=struct.pack("<I", 3).hex())
    yield of(
        "client",
        "login",
        "LOGIN",
        1,
        client_nonce=CLIENT_NONCE.hex(),
        proof=SECRET["client_proof"],
    )
    for name in ("PING", "WHO", "DETACH", "CANCEL"):
        yield of("client", name.lower(), name, 0x1234)
    window = {"columns": 80, "rows": 24}
    yield of("client", "hold", "ATTACH", 2, **window, credit=4096, watch=False, takeover=False)
    yield of("client", "take over", "ATTACH", 2, **window, credit=1, watch=False, takeover=True)
    yield of(
        "client",
        "watch",
        "ATTACH",
        2,
        columns=0,
        rows=0,
        credit=2**31 - 1,
        watch=True,
        takeover=False,
    )
    yield of("client", "size", "SIZE", columns=65535, rows=1)
    yield of("client", "interrupt", "INTERRUPT", 5, discard=False)
    yield of("client", "interrupt and discard", "INTERRUPT", 5, discard=True)
    yield of("client", "soft reset", "RESET", 5, hard=False)
    yield of("client", "hard reset", "RESET", 5, hard=True)
    yield of("server", "lost", "LOST", count=70000)
    yield of("server", "output that is not UTF-8", "DATA", data="00ff80fe0d0a")
    yield of("client", "keys", "DATA", data=b"1+1\r".hex())
    yield of("client", "a piece of a file", "DATA", 7, data=CONTENTS.hex())
    yield of("client", "credit of output", "CREDIT", more=12)
    yield of("server", "credit of a put", "CREDIT", 7, more=2**32 - 1)
    yield of("server", "a put goes on", "OPENED", 7, offset=2**40 + 1, credit=8192)
    yield of(
        "server",
        "a get begins",
        "OPENED",
        7,
        file={"kind": "file", "size": 5, "modified": 1700000000},
    )
    for name in ("STAT", "REMOVE", "MKDIR", "RMDIR", "SPACE", "SHA256"):
        yield of("client", name.lower(), name, 9, path="/lib/größe.py")
    yield of("client", "stat of the root", "STAT", 9, path="/")
    yield of("client", "rename", "RENAME", 9, path="old name", to="neu/日本.txt")
    yield of("client", "list", "LIST", 9, credit=4096, path=".", digest=False)
    whole = {"credit": 8192, "offset": 0, "length": ALL}
    yield of("client", "get", "GET", 9, **whole, path="boot.py", digest=False)
    yield of(
        "client",
        "get a part",
        "GET",
        9,
        credit=0,
        offset=2**33,
        length=1,
        path="a" * 512,
        digest=True,
    )
    plain: dict[str, Any] = {"digest": False, "resume": False, "early": False}
    yield of("client", "put", "PUT", 9, size=5, sha256=NO_DIGEST, path="a", **plain)
    whole = {**plain, "digest": True, "resume": True}
    yield of("client", "put on", "PUT", 9, size=ALL, sha256=DIGEST, path="b", **whole)


def additions() -> Any:
    """Messages that minor edition 1 has added, which not all clients send."""
    yield of("client", "list with digests", "LIST", 9, credit=4096, path=".", digest=True)
    yield of(
        "client",
        "put at once",
        "PUT",
        9,
        size=5,
        sha256=DIGEST,
        path="b",
        digest=True,
        resume=False,
        early=True,
    )


def entries() -> Any:
    """Records that minor edition 1 has added."""
    for fields in (
        {"kind": "file", "size": 5, "name": "boot.py", "link": False, "sha256": DIGEST},
        {"kind": "file", "size": 5, "name": "größe", "link": True, "sha256": DIGEST},
        {"kind": "directory", "size": 0, "name": "lib", "link": True, "sha256": ""},
    ):
        yield {"fields": {**fields, "modified": 0}, "hex": record(**fields).hex()}


def records() -> Any:
    """The records in values and in the streams of LIST."""

    def file(**fields: Any) -> Any:
        return {"record": "file", "fields": fields, "hex": record(**fields).hex()}

    def who(**fields: Any) -> Any:
        return {"record": "holder", "fields": fields, "hex": holder(**fields).hex()}

    yield file(kind="file", size=5, modified=1700000000, name="boot.py")
    yield file(kind="directory", size=0, modified=0, name="größe")
    yield file(kind="file", size=2**40, modified=-1, name="")
    nobody: dict[str, Any] = {
        "held": False,
        "silent": False,
        "classic": False,
        "watchers": 2,
        "since": 0,
        "address": "",
    }
    yield who(**nobody)
    yield who(**{**nobody, "held": True, "since": 70000, "address": "192.168.4.2"})
    yield who(**{**nobody, "held": True, "silent": True, "classic": True, "address": "fe80::1"})
    total = struct.pack("<QQ", 2**32, 4096)
    yield {"record": "space", "fields": {"total": 2**32, "free": 4096}, "hex": total.hex()}


class Dialogue:
    """The steps of a dialogue."""

    def __init__(self, name: str, **more: Any) -> None:
        """Starts before the server's HELLO."""
        self.name, self.more = name, more
        self.steps: list[dict[str, Any]] = []

    def server(self, name: str, ident: int = 0, **fields: Any) -> Dialogue:
        """Adds a message of the server."""
        self.steps.append(
            {"from": "server", "type": name, "hex": encode(name, ident, **fields).hex()}
        )
        return self

    def client(self, name: str, ident: int = 0, **fields: Any) -> Dialogue:
        """Adds a message of the client."""
        self.steps.append(
            {"from": "client", "type": name, "hex": encode(name, ident, **fields).hex()}
        )
        return self

    def result(self, ident: int, code: int = 0, value: bytes | str = "") -> Dialogue:
        """Adds the end of an operation."""
        text = value if isinstance(value, str) else value.hex()
        return self.server("RESULT", ident, code=code, value=text)

    def close(self, code: int) -> Dialogue:
        """Adds the end of the connection by the server."""
        self.steps.append({"from": "server", "close": code})
        return self

    def login(self) -> Dialogue:
        """Adds the steps of the login."""
        self.server("HELLO", **HELLO)
        self.client("LOGIN", 1, client_nonce=CLIENT_NONCE.hex(), proof=SECRET["client_proof"])
        return self.result(1, value=WELCOME)

    def json(self) -> Any:
        """Returns the whole dialogue."""
        return {"name": self.name, **self.more, "steps": self.steps}


def dialogues() -> Any:
    """Whole connections."""
    boot = {"boot.py": CONTENTS.hex()}
    window = {"columns": 80, "rows": 24}

    typing = Dialogue("somebody types while a file is read", files=boot).login()
    typing.client("ATTACH", 2, **window, credit=4096).result(2, value=struct.pack("<I", 512))
    typing.client("DATA", data=b"1+1\r".hex())
    typing.client("GET", 3, credit=8192, offset=0, length=ALL, path="boot.py")
    typing.server("DATA", data=b"1+1\r\n2\r\n>>> ".hex())
    typing.client("CREDIT", more=12).server("CREDIT", more=4)
    typing.server("OPENED", 3, file={"kind": "file", "size": 5, "modified": 0})
    typing.server("DATA", 3, data=CONTENTS.hex()).result(3)
    yield typing.json()

    wrong = Dialogue("a wrong password").server("HELLO", **HELLO)
    wrong.client("LOGIN", 1, client_nonce=CLIENT_NONCE.hex(), proof="00" * 32)
    yield wrong.result(1, 13).close(1008).json()

    busy = Dialogue("somebody else holds the terminal").login()
    busy.client("ATTACH", 2, **window, credit=4096)
    busy.result(2, 16, holder(held=True, since=61, address="192.168.4.2"))
    busy.client("ATTACH", 3, **window, credit=4096, takeover=True)
    yield busy.result(3, value=struct.pack("<I", 512)).json()

    lost = Dialogue("the terminal is taken over").login()
    lost.client("ATTACH", 2, **window, credit=4096).result(2, value=struct.pack("<I", 512))
    yield lost.close(4001).json()

    put = Dialogue("a put", files=boot, files_after={"boot.py": b"print(1)\n".hex()}).login()
    new = b"print(1)\n"
    put.client(
        "PUT", 2, size=9, sha256=hashlib.sha256(new).hexdigest(), path="boot.py", digest=True
    )
    put.server("OPENED", 2, offset=0, credit=8192).client("DATA", 2, data=new[:4].hex())
    yield put.client("DATA", 2, data=new[4:].hex()).result(2).json()

    spoiled = Dialogue("a put that arrives spoiled", files=boot, files_after=boot).login()
    spoiled.client("PUT", 2, size=5, sha256=DIGEST, path="boot.py", digest=True)
    spoiled.server("OPENED", 2, offset=0, credit=8192)
    yield spoiled.client("DATA", 2, data=b"pasS\n".hex()).result(2, 74).json()

    resumed = Dialogue(
        "a put goes on where it was cut", files={}, files_after=boot, kept={"boot.py": b"pa".hex()}
    ).login()
    resumed.client("PUT", 2, size=5, sha256=DIGEST, path="boot.py", digest=True, resume=True)
    resumed.server("OPENED", 2, offset=2, credit=8192)
    yield resumed.client("DATA", 2, data=CONTENTS[2:].hex()).result(2).json()

    windowed = Dialogue("credit", files={"f": b"abcdef".hex()}).login()
    windowed.client("GET", 2, credit=4, offset=1, length=ALL, path="f", digest=True)
    windowed.server("OPENED", 2, file={"kind": "file", "size": 6, "modified": 0})
    windowed.server("DATA", 2, data=b"bcde".hex()).client("CREDIT", 2, more=100)
    windowed.server("DATA", 2, data=b"f".hex())
    yield windowed.result(2, value=hashlib.sha256(b"bcdef").digest()).json()

    tree = Dialogue("files", files={"a": b"x".hex()}, files_after={"d/b": b"x".hex()}).login()
    tree.client("MKDIR", 2, path="d").result(2)
    tree.client("RENAME", 3, path="a", to="d/b").result(3)
    tree.client("STAT", 2, path="d/b").result(2, value=record(kind="file", size=1))
    tree.client("RMDIR", 4, path="d").result(4, 39).client("REMOVE", 4, path="d").result(4, 21)
    tree.client("LIST", 5, credit=1024, path="d")
    tree.server("DATA", 5, data=record(kind="file", size=1, name="b").hex())
    tree.result(5, value=struct.pack("<I", 1))
    tree.client("SHA256", 6, path="d/b").result(6, value=hashlib.sha256(b"x").digest())
    yield tree.client("GET", 7, credit=9, offset=0, length=ALL, path="a").result(7, 2).json()


def refused() -> Any:
    """Invalid messages, and those that cannot be obeyed. The terminal's credit is 512."""

    def of(name: str, data: bytes, **outcome: int) -> Any:
        return {"name": name, "hex": data.hex(), **outcome}

    def operation(name: str, rest: bytes = b"", flags: int = 0, ident: int = 9) -> bytes:
        return struct.pack("<BBH", TYPES[name], flags, ident) + rest

    yield of("nothing", b"", close=1002)
    yield of("three bytes", b"\x04\0\1", close=1002)
    yield of("no id", operation("PING", ident=0), close=1002)
    yield of("a second login", operation("LOGIN", bytes(48)), close=1002)
    yield of("more keys than credit", operation("DATA", b"x" * 513, ident=0), close=1002)
    yield of("longer than max_message", operation("STAT", bytes(5000)), close=1009)
    yield of("an unknown type", bytes([0x7F, 0, 9, 0]), code=38)
    yield of("a server's type", operation("RESULT", bytes(4)), code=38)
    yield of("an unknown flag", operation("PING", flags=0x80), code=22)
    yield of("watch and take over", operation("ATTACH", bytes(8), flags=3), code=22)
    yield of("attached already", operation("ATTACH", bytes(8)), code=22)
    yield of("attach, too short", operation("ATTACH", bytes(7)), code=22)
    yield of("no path", operation("STAT"), code=22)
    yield of("half a length", operation("STAT", b"\1"), code=22)
    yield of("less than the path", operation("STAT", b"\4\0abc"), code=22)
    yield of("one path of two", operation("RENAME", b"\1\0a"), code=22)
    yield of("get, too short", operation("GET", bytes(19)), code=22)
    yield of("put, too short", operation("PUT", bytes(39)), code=22)
    yield of(
        "resume without digest",
        encode("PUT", 9, size=1, sha256=NO_DIGEST, path="a", resume=True),
        code=22,
    )
    yield of(
        "resume at once",
        encode("PUT", 9, size=1, sha256=DIGEST, path="a", digest=True, resume=True, early=True),
        code=22,
    )
    yield of("path too long", operation("STAT", path("a" * 513)), code=36)
    bad = ["", "a/", "//", "a//b", "/..", "a/../b", "./a", "a/.", "a\0b"]
    for text in bad:
        yield of(f"path {text!r}", operation("STAT", path(text)), code=22)


def vectors() -> Any:
    """All vectors."""
    return {
        "protocol": "webrepl.2",
        "messages": list(messages()),
        "additions": list(additions()),
        "records": list(records()),
        "entries": list(entries()),
        "login": [
            SECRET,
            login("größe 日本", b"\0" * 16, 1000, b"\xff" * 16, b"\0" * 16),
            login("x" * 200, SALT, 1, SERVER_NONCE, CLIENT_NONCE),
        ],
        "dialogues": list(dialogues()),
        "refused": list(refused()),
    }


if __name__ == "__main__":
    text = json.dumps(vectors(), indent=1, ensure_ascii=False)
    Path(__file__).with_suffix(".json").write_text(text + "\n", encoding="utf-8")
