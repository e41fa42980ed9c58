# SPDX-License-Identifier: MIT
"""Parses docstrings in Google's style."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

SECTIONS = ("Args", "Returns", "Raises")
ITEM = re.compile(r"    (\w+): (.*)")
EXAMPLE = "Example::"


@dataclass
class Docstring:
    """A docstring: paragraphs, followed by sections of items with a name and a text."""

    paragraphs: list[str]
    """Text has one line per paragraph. Code keeps its lines and their indentation."""
    items: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """The items of Args and Raises, by section."""
    returns: str = ""


def split(doc: str) -> Docstring:
    """Parses a cleaned docstring."""
    paragraphs, sections = [], {}
    for block in doc.split("\n\n"):
        title, _, rest = block.partition(":\n")
        if title in SECTIONS:
            sections[title] = rest
        else:
            paragraphs.append(block if block.startswith("    ") else _joined(block))
    items = {title: _items(text) for title, text in sections.items() if title != "Returns"}
    return Docstring(_with_whole_code(paragraphs), items, _joined(sections.get("Returns", "")))


def _joined(text: str) -> str:
    return " ".join(line.strip() for line in text.splitlines())


def _with_whole_code(paragraphs: list[str]) -> list[str]:
    """Joins code that has blank lines."""
    whole: list[str] = []
    for paragraph in paragraphs:
        if whole and paragraph.startswith("    ") and whole[-1].startswith("    "):
            whole[-1] += "\n\n" + paragraph
        else:
            whole.append(paragraph)
    return whole


def _items(section: str) -> list[tuple[str, str]]:
    items: list[tuple[str, str]] = []
    for line in section.splitlines():
        match = ITEM.fullmatch(line)
        if match:
            items.append((match[1], match[2]))
        else:
            name, text = items[-1]
            items[-1] = (name, f"{text} {line.strip()}")
    return items
