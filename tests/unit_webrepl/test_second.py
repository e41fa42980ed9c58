# SPDX-License-Identifier: MIT
"""Messages of the second edition, in any pieces, compared with the test vectors."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.paths import VECTORS_FILE

from .machines import buffer, ffi, lib, new, pieces

VECTORS = json.loads(VECTORS_FILE.read_text(encoding="utf-8"))
CLIENT = [case for case in VECTORS["messages"] if case["from"] == "client"]
CLIENT += VECTORS["additions"]
SERVER = [case for case in VECTORS["messages"] if case["from"] == "server"]
FLAGS = {
    "ATTACH": {"watch": lib.WR_ATTACH_WATCH, "takeover": lib.WR_ATTACH_TAKEOVER},
    "INTERRUPT": {"discard": lib.WR_INTERRUPT_DISCARD},
    "RESET": {"hard": lib.WR_RESET_HARD},
    "LIST": {"digest": lib.WR_LIST_DIGEST},
    "GET": {"digest": lib.WR_GET_DIGEST},
    "PUT": {
        "digest": lib.WR_PUT_DIGEST,
        "resume": lib.WR_PUT_RESUME,
        "early": lib.WR_PUT_EARLY,
    },
}


def title(case: dict[str, Any]) -> str:
    return str(case["name"])


def read_all(parts: list[bytes]) -> tuple[list[Any], int]:
    """What the reader makes of a message: a whole one, or bytes of streams, and the final code."""
    reader, piece = new("wr_reader_t *"), new("wr_piece_t *")
    found: list[Any] = []
    for index, part in enumerate(parts):
        kept = buffer(part)
        lib.wr_reader_input(reader, kept, len(part), index == len(parts) - 1, piece)
        if piece.kind == lib.WR_PIECE_ERROR:
            return found, piece.close
        if piece.kind == lib.WR_PIECE_DATA:
            assert piece.len > 0
            found.append((piece.id, bytes(ffi.buffer(piece.data, piece.len))))
        elif piece.kind == lib.WR_PIECE_MESSAGE:
            found.append(bytes(ffi.buffer(reader.front, reader.have)))
    return found, 0


def request(message: bytes) -> tuple[int, Any, Any]:
    """The code, the request, and the data that it points to."""
    memory, found = buffer(message), new("wr_request_t *")
    return lib.wr_request_read(found, memory, len(message)), found, memory


def text(pointer: Any, length: int) -> str:
    return bytes(ffi.buffer(pointer, length)).decode()


READERS: dict[str, Callable[[Any], Any]] = {
    "client_nonce": lambda r: bytes(ffi.buffer(r.nonce, 16)).hex(),
    "proof": lambda r: bytes(ffi.buffer(r.proof, 32)).hex(),
    "sha256": lambda r: bytes(ffi.buffer(r.digest, 32)).hex(),
    "columns": lambda r: r.columns,
    "rows": lambda r: r.rows,
    "credit": lambda r: r.credit,
    "more": lambda r: r.credit,
    "offset": lambda r: r.offset,
    "length": lambda r: r.size,
    "size": lambda r: r.size,
    "path": lambda r: text(r.path, r.path_len),
    "to": lambda r: text(r.to, r.to_len),
}


def field(case: dict[str, Any], found: Any, name: str) -> Any:
    flags = FLAGS.get(case["type"], {})
    return bool(found.flags & flags[name]) if name in flags else READERS[name](found)


@pytest.mark.parametrize("case", CLIENT, ids=title)
@pytest.mark.parametrize("size", [1, 3, 5000])
def test_a_message_of_a_client(case: dict[str, Any], size: int) -> None:
    message = bytes.fromhex(case["hex"])
    parts = [message[at : at + size] for at in range(0, len(message), size)]
    if case["type"] == "DATA":
        found, close = read_all(parts)
        assert not close
        assert {ident for ident, _ in found} == {case["id"]}
        assert b"".join(data for _, data in found).hex() == case["fields"]["data"]
        return
    assert read_all(parts) == ([message], 0)
    code, found, _memory = request(message)
    assert code == 0
    assert (found.type, found.id) == (getattr(lib, f"WR_{case['type']}"), case["id"])
    for name, value in case["fields"].items():
        assert field(case, found, name) == value, name


@pytest.mark.parametrize("case", CLIENT, ids=title)
def test_extra_bytes_of_a_later_edition_are_ignored(case: dict[str, Any]) -> None:
    message = bytes.fromhex(case["hex"])
    if case["type"] != "DATA":
        assert request(message + b"later")[0] == 0


def encode_hello(f: dict[str, Any], out: Any, ident: int) -> int:
    salt, nonce = (buffer(bytes.fromhex(f[name])) for name in ("salt", "server_nonce"))
    features = f["files"] | f["soft_reset"] << 1 | f["hard_reset"] << 2
    hello = new("wr_hello_t *", [f["auth"], f["max_operations"], features, f["iterations"]])
    hello.early = f["early"]
    hello.salt, hello.nonce = salt, nonce
    return int(lib.wr_reply_hello(out, hello))


def append(out: Any, length: int, data: bytes) -> int:
    ffi.memmove(out + length, data, len(data))
    return length + len(data)


def encode_opened(f: dict[str, Any], out: Any, ident: int) -> int:
    if "offset" in f:
        return int(lib.wr_reply_opened_put(out, ident, f["offset"], f["credit"]))
    file = f["file"]
    length = lib.wr_reply_opened(out, ident)
    return int(length + lib.wr_record_file(out + length, False, file["size"], file["modified"], 0))


ENCODERS: dict[str, Callable[[dict[str, Any], Any, int], int]] = {
    "HELLO": encode_hello,
    "RESULT": lambda f, out, ident: append(
        out, lib.wr_reply_result(out, ident, f["code"]), bytes.fromhex(f["value"])
    ),
    "LOST": lambda f, out, ident: lib.wr_reply_lost(out, f["count"]),
    "DATA": lambda f, out, ident: append(
        out, lib.wr_reply_data(out, ident), bytes.fromhex(f["data"])
    ),
    "CREDIT": lambda f, out, ident: lib.wr_reply_credit(out, ident, f["more"]),
    "OPENED": encode_opened,
}


@pytest.mark.parametrize("case", SERVER, ids=title)
def test_a_message_of_the_server(case: dict[str, Any]) -> None:
    if "extra" in case:
        pytest.skip("of another edition")
    out = new("uint8_t[]", 256)
    length = ENCODERS[case["type"]](case["fields"], out, case["id"])
    assert bytes(ffi.buffer(out, length)).hex() == case["hex"]


@pytest.mark.parametrize("case", VECTORS["records"], ids=lambda case: case["hex"])
def test_a_record(case: dict[str, Any]) -> None:
    out, f = new("uint8_t[]", 256), case["fields"]
    if case["record"] == "file":
        name = f["name"].encode()
        length = lib.wr_record_file(
            out, f["kind"] == "directory", f["size"], f["modified"], len(name)
        )
        length = append(out, length, name)
        assert lib.wr_record_file_len(out) == length
    elif case["record"] == "holder":
        address = ffi.new("char[]", f["address"].encode())
        record = new("wr_holder_record_t *", [f["held"], f["silent"], f["classic"]])
        record.watchers, record.since, record.address = f["watchers"], f["since"], address
        length = lib.wr_record_holder(out, record)
    else:
        return
    assert bytes(ffi.buffer(out, length)).hex() == case["hex"]


@pytest.mark.parametrize("case", VECTORS["entries"], ids=lambda case: case["fields"]["name"])
def test_a_record_that_says_more(case: dict[str, Any]) -> None:
    out, f = new("uint8_t[]", 256), case["fields"]
    name = f["name"].encode()
    length = lib.wr_record_file(out, f["kind"] == "directory", f["size"], f["modified"], len(name))
    lib.wr_record_mark(out, f["link"], bool(f["sha256"]))
    length = append(out, length, name + bytes.fromhex(f["sha256"]))
    assert lib.wr_record_file_len(out) == length
    assert bytes(ffi.buffer(out, length)).hex() == case["hex"]


@pytest.mark.parametrize("case", VECTORS["login"], ids=lambda case: case["password"][:9])
def test_computations_of_a_login(case: dict[str, Any]) -> None:
    key, proof = new("wr_key_t *"), new("uint8_t[32]")
    ffi.memmove(key.salt, bytes.fromhex(case["salt"]), 16)
    password = ffi.new("char[]", case["password"].encode())
    assert lib.wr_key_derive(key, password, case["iterations"])
    assert bytes(ffi.buffer(key.key)).hex() == case["key"]
    nonces = [buffer(bytes.fromhex(case[f"{side}_nonce"])) for side in ("server", "client")]
    for side in ("client", "server"):
        assert lib.wr_proof(key, side == "server", *nonces, proof)
        assert bytes(ffi.buffer(proof)).hex() == case[f"{side}_proof"]


@given(
    password=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=100),
    salt=st.binary(min_size=16, max_size=16),
    iterations=st.integers(1, 3),
)
def test_keys_are_those_of_pbkdf2(password: str, salt: bytes, iterations: int) -> None:
    """Passwords shorter and longer than a block of the digest."""
    key = new("wr_key_t *")
    ffi.memmove(key.salt, salt, 16)
    assert lib.wr_key_derive(key, ffi.new("char[]", password.encode()), iterations)
    wanted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    assert bytes(ffi.buffer(key.key)) == wanted


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_proofs_are_equal_in_all_bytes(a: bytes, b: bytes) -> None:
    assert lib.wr_proof_equal(buffer(a), buffer(a))
    assert lib.wr_proof_equal(buffer(a), buffer(b)) == (a == b)


# Tests over sockets check rules that depend on a session's state.
NO_MESSAGE = [case for case in VECTORS["refused"] if case["name"] in ("nothing", "three bytes")]
TOO_LONG = [case for case in VECTORS["refused"] if case.get("close") == 1009]
MALFORMED = [
    case for case in VECTORS["refused"] if "code" in case and case["name"] != "attached already"
]


@pytest.mark.parametrize("case", NO_MESSAGE + TOO_LONG, ids=title)
def test_invalid_messages(case: dict[str, Any]) -> None:
    assert read_all([bytes.fromhex(case["hex"])])[1] == case["close"]


@pytest.mark.parametrize("case", MALFORMED, ids=title)
def test_messages_that_cannot_be_obeyed(case: dict[str, Any]) -> None:
    code, found, _memory = request(bytes.fromhex(case["hex"]))
    assert code == case["code"]
    assert found.id == 9


@given(st.binary(min_size=4, max_size=1200))
def test_no_message_is_read_beyond_its_end(message: bytes) -> None:
    """The sanitizer watches the bounds."""
    code, found, _memory = request(message)
    assert found.id == message[2] | message[3] << 8
    if code == 0:
        for pointer, length in ((found.path, found.path_len), (found.to, found.to_len)):
            assert length == 0 or b"\0" not in bytes(ffi.buffer(pointer, length))


paths = st.text(alphabet="a./é", max_size=12)


@given(paths)
def test_only_the_plainest_name_of_a_file_is_a_path(path: str) -> None:
    data = path.encode()
    message = bytes([lib.WR_STAT, 0, 9, 0, len(data), 0]) + data
    segments = path.split("/")[path.startswith("/") :]
    plain = path in ("/", ".") or all(segment not in ("", ".", "..") for segment in segments)
    assert (request(message)[0] == 0) == plain


@given(st.lists(st.binary(max_size=4200), max_size=4), st.lists(st.integers(0, 9000), max_size=8))
def test_messages_in_any_pieces(messages: list[bytes], cuts: list[int]) -> None:
    for message in messages:
        whole = read_all([message])
        split = read_all(pieces(message, cuts))
        assert whole[1] == split[1]
        if message[:1] == bytes([lib.WR_DATA]) and not whole[1]:
            assert b"".join(d for _, d in whole[0]) == b"".join(d for _, d in split[0])
        elif not whole[1]:
            assert whole == split
