# SPDX-License-Identifier: MIT
"""Messages of the second edition: table, generated files, test vectors and document agree.

C, Python, TypeScript and the script for the test vectors each have the layouts of messages in
their own form. Each side's own tests compare it with the vectors. These tests compare the vectors
with the document.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

import pytest

from tests.support.paths import VECTORS_FILE
from tests.vectors import webrepl2
from tools import generated, messages

VECTORS = json.loads(VECTORS_FILE.read_text(encoding="utf-8"))
TABLE = messages.read(messages.TABLE.read_text())
DOCUMENT = messages.DOCUMENT.read_text(encoding="utf-8")


def test_files_from_the_table_are_up_to_date() -> None:
    assert not generated.stale(messages.outputs()), "run `make generate`"


def test_the_vectors_are_up_to_date() -> None:
    assert webrepl2.vectors() == VECTORS, "run `make generate`"


def test_types_have_the_numbers_of_the_vectors() -> None:
    assert {message.name: message.number for message in TABLE} == webrepl2.TYPES


@pytest.mark.parametrize("message", TABLE, ids=lambda message: message.name)
def test_each_type_has_a_vector(message: messages.Message) -> None:
    senders = {case["from"] for case in VECTORS["messages"] if case["type"] == message.name}
    assert senders == ({"client", "server"} if message.sender == "both" else {message.sender})


# The document's layouts


class Row(NamedTuple):
    """A field in the document."""

    at: int | None
    """None: directly after the field before."""
    size: int | None
    """None: a path, or the rest of the message."""
    name: str
    meaning: str


def layouts() -> dict[str, list[Row]]:
    """The tables of the document that say where fields are, by message or record."""
    found: dict[str, list[Row]] = {}
    title = r"(?:^\*\*A (\w+) record\*\*.*\n\n)?"
    table = r"^\|(.*?)\|? at \| size \| field \| \|\n.*\n((?:\|.*\n)+)"
    for record, message, body in re.findall(title + table, DOCUMENT, re.MULTILINE):
        names = [record or message.strip()]
        for line in body.splitlines():
            first, *cells, meaning = [cell.strip() for cell in line.split("|")][-6:-1]
            names = first.split(", ") if first else names
            at, size = (int(cell) if cell else None for cell in cells[:2])
            for name in names:
                found.setdefault(name, []).append(Row(at, size, cells[2], meaning))
    return found


LAYOUTS = layouts()
ALIASES = {
    "client nonce": "client_nonce",
    "client proof": "proof",
    "server nonce": "server_nonce",
    "digest": "sha256",
}
"""Their names in the vectors."""
HEADER_ONLY = ("PING", "WHO", "DETACH", "CANCEL")
IN_WORDS = ("INTERRUPT", "RESET", "LOST", "DATA")
"""The document describes them without a table."""


def bits(row: Row, fields: dict[str, Any]) -> int:
    """Combines flags into a number."""
    words = re.findall(r"bit (\d): ([\w ]+)", row.meaning)
    return sum(fields[name.lower().replace(" ", "_")] << int(bit) for bit, name in words)


def encode(rows: list[Row], fields: dict[str, Any], data: bytearray) -> str:
    """Appends the fields at the document's places."""
    for row in rows:
        value = fields.get(ALIASES.get(row.name, row.name), 0)
        if row.name == "flags":
            data[1] = bits(row, fields)
            continue
        assert row.at in (None, len(data)), row
        if row.name == "features":
            value = bits(row, fields)
        if row.name in ("path", "to"):
            data += len(value.encode()).to_bytes(2, "little") + value.encode()
        elif isinstance(value, int):
            data += value.to_bytes(row.size or 0, "little", signed=value < 0)
        else:
            assert row.size in (None, len(bytes.fromhex(value))), row
            data += bytes.fromhex(value)
    return data.hex()


def number_fields(record: str, fields: dict[str, Any]) -> dict[str, Any]:
    """A record's fields, with numbers instead of words, and hex instead of text."""
    text = str(fields.get("name", fields.get("address", "")))
    kind = {"file": 1, "directory": 2}.get(str(fields.get("kind")), 0)
    state = sum(fields.get(name, 0) << i for i, name in enumerate(("held", "silent", "classic")))
    of_text = {"length": len(text.encode()), "name": text.encode().hex()}
    return {**fields, **of_text, "address": of_text["name"], "kind": kind, "state": state}


@pytest.mark.parametrize(
    "case", VECTORS["messages"] + VECTORS["additions"], ids=lambda case: case["name"]
)
def test_messages_are_laid_out_as_the_document_says(case: dict[str, Any]) -> None:
    kind, fields = case["type"], dict(case["fields"])
    if kind in IN_WORDS:
        return
    data = bytearray([webrepl2.TYPES[kind], 0, *case["id"].to_bytes(2, "little")])
    rows = [] if kind in HEADER_ONLY else LAYOUTS[kind]
    if "file" in fields:
        rows = [row._replace(at=None) for row in LAYOUTS["file"]]
        fields = number_fields("file", fields["file"])
    assert encode(rows, fields, data) + case.get("extra", "") == case["hex"]


@pytest.mark.parametrize("case", VECTORS["records"], ids=lambda case: case["hex"])
def test_records_are_laid_out_as_the_document_says(case: dict[str, Any]) -> None:
    if case["record"] == "space":
        return  # described in words
    fields = number_fields(case["record"], case["fields"])
    assert encode(LAYOUTS[case["record"]], fields, bytearray()) == case["hex"]
