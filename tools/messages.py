# SPDX-License-Identifier: MIT
"""Writes the second edition's messages for both clients and the document.

    python3 -m tools.messages [--check]

The table is components/webrepl/src/second/types.h, which C includes as it is. This writes the
types for Python and TypeScript, and two tables in docs/webrepl-protocol.md: all messages, and the
fields of file operations. --check writes nothing, and fails if something is not up to date.
"""

from __future__ import annotations

import csv
import re
import sys
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from tools import generated
from tools.generated import ROOT

TABLE = ROOT / "components" / "webrepl" / "src" / "second" / "types.h"
PYTHON = ROOT / "clients" / "python" / "src" / "webrepl_client" / "second_types.py"
TYPESCRIPT = ROOT / "clients" / "web" / "src" / "protocol" / "types.ts"
DOCUMENT = ROOT / "docs" / "webrepl-protocol.md"

PYTHON_TYPES = '''\
# SPDX-License-Identifier: MIT
"""Types of messages. Written from {table} by `make generate`: do not edit."""

import enum


class Type(enum.IntEnum):
    """What a message is (docs/webrepl-protocol.md, section 2.2)."""

{lines}
'''
TYPESCRIPT_TYPES = """\
// SPDX-License-Identifier: MIT
// Written from {table} by `make generate`: do not edit.

/** Types of messages (docs/webrepl-protocol.md section 2.2). */
export const Type = {{
{lines}
}} as const;
"""

HEADER_BYTES = 4
"""Every message begins with its type, flags and id."""


class Field(NamedTuple):
    """A field of a client's message."""

    name: str
    size: int
    """In bytes; 0: the field itself says how long it is."""
    meaning: str


class Message(NamedTuple):
    """A type of message."""

    name: str
    number: int
    sender: str
    id: str
    meaning: str
    fields: tuple[Field, ...]
    """Empty for messages that only a server sends."""
    flags: dict[int, str]
    is_file_operation: bool


def rows(header: str, name: str) -> list[list[str]]:
    """Returns the arguments of each X() of a macro."""
    found = re.search(rf"^#define {name}\(X\) \\\n((?:.*\\\n)*.*\n)", header, re.MULTILINE)
    if found is None:
        sys.exit(f"{TABLE}: there is no table {name}")
    body = found[1].replace("\\\n", " ")
    arguments = re.findall(r'\bX\(((?:"[^"]*"|[^()"])*)\)', body)
    return [[word.strip() for word in row] for row in csv.reader(arguments, skipinitialspace=True)]


def read(header: str) -> list[Message]:
    """Reads the header."""
    bits = {name: int(bit) for name, bit in re.findall(r"\b(WR_\w+) = (\d+),", header)}
    known = [
        (f"WR_HAS_{name}", Field(name.lower(), int(size), meaning))
        for name, _, size, meaning in rows(header, "WR_FIELDS")
    ]

    def message(
        row: list[str], sender: str, ident: str, meaning: str, fields: str, flags: str
    ) -> Message:
        name, number = row[:2]
        has = fields.split(" | ")
        prefix = f"WR_{name}_"
        named = {
            bits[flag]: flag.removeprefix(prefix) for flag in flags.split(" | ") if flag in bits
        }
        layout = tuple(field for word, field in known if word in has)
        is_file = len(row) == 5
        return Message(name, int(number, 0), sender, ident, meaning, layout, named, is_file)

    session = [message(row, *row[2:]) for row in rows(header, "WR_SESSION_MESSAGES")]
    files = rows(header, "WR_FILE_OPERATIONS")
    return session + [message(row, "client", "operation", *row[2:]) for row in files]


def python(messages: list[Message]) -> str:
    """Writes the types for the client in Python."""
    lines = [f"    {message.name} = {message.number:#04x}" for message in messages]
    return PYTHON_TYPES.format(table=TABLE.name, lines="\n".join(lines))


def typescript(messages: list[Message]) -> str:
    """Writes the types for the page."""
    lines = [f"  {message.name}: {message.number:#04x}," for message in messages]
    return TYPESCRIPT_TYPES.format(table=TABLE.name, lines="\n".join(lines))


def message_rows(messages: list[Message]) -> str:
    """Writes the table of all messages in Markdown."""
    lines = [
        f"| {m.number:#04x} | {m.name} | {m.sender} | {m.id} | {m.meaning} |" for m in messages
    ]
    head = ["| type | name | from | id | meaning |", "| ---: | --- | --- | --- | --- |"]
    return "\n".join([*head, *lines])


def layout_rows(message: Message) -> list[tuple[str, str, str, str]]:
    """Returns place, size, name and meaning of each field, flags first."""
    found = []
    if message.flags:
        words = [f"bit {bit.bit_length() - 1}: {name}" for bit, name in message.flags.items()]
        found.append(("1", "1", "flags", "; ".join(words)))
    place = HEADER_BYTES
    for field in message.fields:
        found.append((str(place or ""), str(field.size or ""), field.name, field.meaning))
        place = place + field.size if place and field.size else 0
    return found


def operation_rows(messages: list[Message]) -> str:
    """Writes the table of file operations in Markdown; those with the same fields share rows."""
    lines = ["| request | at | size | field | |", "| --- | ---: | ---: | --- | --- |"]
    operations = [message for message in messages if message.is_file_operation]
    ordered = sorted(operations, key=lambda message: (len(message.fields), layout_rows(message)))
    for layout, alike in groupby(ordered, layout_rows):
        names = ", ".join(message.name for message in alike)
        for row in layout:
            lines.append(" | ".join((f"| {names}".rstrip(), *row)).replace("  ", " ") + " |")
            names = ""
    return "\n".join(line.replace("|  |", "| |") for line in lines)


def document(text: str, messages: list[Message]) -> str:
    """Replaces the tables in the document."""
    for name, rows_of in (("messages", message_rows), ("file operations", operation_rows)):
        begin, end = f"<!-- {name}: written by `make generate` -->", f"<!-- end of {name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            sys.exit(f"{DOCUMENT}: there must be one place for {name}")
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n\n{rows_of(messages)}\n\n{end}{rest.partition(end)[2]}"
    return text


def outputs() -> dict[Path, str]:
    """Returns what each file should contain."""
    messages = read(TABLE.read_text(encoding="utf-8"))
    return {
        PYTHON: python(messages),
        TYPESCRIPT: typescript(messages),
        DOCUMENT: document(DOCUMENT.read_text(encoding="utf-8"), messages),
    }


if __name__ == "__main__":
    sys.exit(generated.main(outputs()))
