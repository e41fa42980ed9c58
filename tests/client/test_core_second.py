# SPDX-License-Identifier: MIT
"""The second edition's core against the test vectors, which test the board's side too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webrepl_client import second
from webrepl_client.second_types import Type

from tests.support.paths import VECTORS_FILE

VECTORS = json.loads(VECTORS_FILE.read_text(encoding="utf-8"))
MESSAGES = VECTORS["messages"]
FROM_CLIENT = [message for message in MESSAGES if message["from"] == "client"]
FROM_CLIENT += VECTORS["additions"]
FROM_SERVER = [message for message in MESSAGES if message["from"] == "server"]


def name(vector: dict[str, Any]) -> str:
    return str(vector["name"])


def written(kind: str, number: int, fields: dict[str, Any]) -> bytes:
    """Encodes the client's message that a vector describes."""
    path = fields.get("path", "").encode()
    if kind == "LOGIN":
        nonce, proof = (bytes.fromhex(fields[key]) for key in ("client_nonce", "proof"))
        return second.login(number, nonce, proof)
    if kind == "PUT":
        digest = bytes.fromhex(fields["sha256"]) if fields["digest"] else b""
        flags = {flag: fields.get(flag, False) for flag in ("resume", "early")}
        return second.put(number, path, fields["size"], digest, **flags)
    simple = {
        "PING": lambda: second.ping(number),
        "WHO": lambda: second.who(number),
        "DETACH": lambda: second.detach(number),
        "CANCEL": lambda: second.cancel(number),
        "ATTACH": lambda: second.attach(number, **fields),
        "SIZE": lambda: second.size(**fields),
        "INTERRUPT": lambda: second.interrupt(number, **fields),
        "RESET": lambda: second.reset(number, **fields),
        "DATA": lambda: second.data(number, bytes.fromhex(fields["data"])),
        "CREDIT": lambda: second.credit(number, **fields),
        "LIST": lambda: second.list_directory(
            number, path, fields["credit"], digest=fields.get("digest", False)
        ),
        "GET": lambda: second.get(number, **{**fields, "path": path}),
    }
    if kind in simple:
        return simple[kind]()
    paths = [fields[name].encode() for name in ("path", "to") if name in fields]
    return second.on_paths(Type[kind], number, *paths)


@pytest.mark.parametrize("vector", FROM_CLIENT, ids=name)
def test_messages_of_a_client_are_written(vector: dict[str, Any]) -> None:
    if "extra" not in vector:
        message = written(vector["type"], vector["id"], vector["fields"])
        assert message.hex() == vector["hex"]


def read(message: bytes, kind: str) -> dict[str, Any]:
    """Decodes the fields of a server's message, in the form of the vectors."""
    (event,) = second.parse(message)
    if isinstance(event, second.Hello):
        fields = event._asdict()
        features = second.Feature(fields.pop("features"))
        for feature in second.Feature:
            fields[str(feature.name).lower()] = feature in features
        fields["salt"], fields["server_nonce"] = event.salt.hex(), fields.pop("nonce").hex()
        return fields
    if isinstance(event, second.Result):
        return {"code": event.code, "value": event.value.hex()}
    if isinstance(event, second.Data):
        return {"data": event.data.hex()}
    if isinstance(event, second.Credit):
        return {"more": event.more}
    if isinstance(event, second.Missed):
        return {"count": event.size}
    assert isinstance(event, second.Opened), kind
    return {"value": event.value}


@pytest.mark.parametrize("vector", FROM_SERVER, ids=name)
def test_messages_of_a_server_are_read(vector: dict[str, Any]) -> None:
    fields = read(bytes.fromhex(vector["hex"]), vector["type"])
    if "offset" in vector["fields"]:
        offset, credit = second.parse_numbers("QI", fields["value"])
        fields = {"offset": offset, "credit": credit}
    elif "file" in vector["fields"]:
        (record,) = second.parse_records(fields["value"])
        fields = {"file": {**as_vector(record)}}
        del fields["file"]["name"]
    assert fields == vector["fields"]


def as_vector(record: second.Record) -> dict[str, Any]:
    kind = "directory" if record.is_dir else "file"
    modified, text = record.modified, record.name.decode()
    return {"kind": kind, "size": record.size, "modified": modified, "name": text}


@pytest.mark.parametrize("vector", VECTORS["records"], ids=lambda vector: vector["record"])
def test_records_are_read(vector: dict[str, Any]) -> None:
    data, fields = bytes.fromhex(vector["hex"]), vector["fields"]
    if vector["record"] == "file":
        assert list(map(as_vector, second.parse_records(data * 2))) == [fields, fields]
    elif vector["record"] == "holder":
        assert list(second.parse_holder(data)) == [
            *(fields[key] for key in ("held", "silent", "classic")),
            *(fields[key] for key in ("watchers", "since", "address")),
        ]
    else:
        assert list(second.parse_numbers("QQ", data)) == [fields["total"], fields["free"]]


@pytest.mark.parametrize("vector", VECTORS["entries"], ids=lambda vector: vector["fields"]["name"])
def test_records_that_say_more_are_read(vector: dict[str, Any]) -> None:
    data, fields = bytes.fromhex(vector["hex"]), vector["fields"]
    for record in second.parse_records(data * 2):
        more = {"link": record.is_link, "sha256": (record.digest or b"").hex()}
        assert {**as_vector(record), **more} == fields


@pytest.mark.parametrize("vector", VECTORS["login"], ids=lambda vector: vector["password"][:9])
def test_proofs_are_computed(vector: dict[str, Any]) -> None:
    nonce = bytes.fromhex(vector["server_nonce"])
    hello = second.Hello(
        0, 1, 4, 4096, 512, 7, vector["iterations"], 0, bytes.fromhex(vector["salt"]), nonce
    )
    client_nonce = bytes.fromhex(vector["client_nonce"])
    proofs = second.Proofs.of(vector["password"], hello, client_nonce)
    assert proofs.client.hex() == vector["client_proof"]
    assert proofs.server.hex() == vector["server_proof"]


HELLO = second.Hello(0, 1, 4, 4096, 512, 7, 4096, 0, bytes(16), bytes(16))


@pytest.mark.parametrize(
    "change",
    [{"iterations": 999}, {"iterations": 1_000_001}, {"auth": 2}, {"max_message": 1023}],
    ids=str,
)
def test_boards_that_ask_for_too_much_are_refused(change: dict[str, int]) -> None:
    second.check_hello(HELLO)
    with pytest.raises(second.ProtocolError):
        second.check_hello(HELLO._replace(**change))


def test_types_of_later_editions_are_ignored() -> None:
    assert second.parse(bytes.fromhex("7f000000ff")) == []


@given(st.binary(max_size=120))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    for parse in (second.parse, second.parse_records, second.parse_holder):
        try:
            parse(data)
        except second.ProtocolError:
            continue
