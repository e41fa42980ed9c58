# SPDX-License-Identifier: MIT
"""Makes a page of Markdown from a public header: what each comment says, and what it stands above.

It knows the Doxygen that these headers use: @brief, @param, @return, @note, @p, @code, @file and
groups. Fields of structures keep their comments in the code.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

COMMENT = re.compile(r"^/\*\*(.*?)\*/\n*", re.DOTALL | re.MULTILINE)
PARAM = re.compile(r"^@param(?:\[\w+(?:,\w+)?\])?\s+(\w+)\s+", re.MULTILINE)
NAMES = (
    r"\A#define (\w+)",
    r"^\}\s*(\w+);",  # a structure or an enumeration
    r"\A(?:struct|enum) (\w+)",
    r"\Atypedef [^(]*\(\*(\w+)\)\(",  # a type of functions
    r"\A(?:extern|typedef) [^(){}]*?(\w+);",
    r"(\w+)\(",
)


def text_of(comment: str) -> str:
    """Returns what stands in a comment, without its stars."""
    lines = (re.sub(r"^\s*\* ?", "", line) for line in comment.splitlines())
    return textwrap.dedent("\n".join(line.rstrip() for line in lines)).strip()


def escaped(text: str) -> str:
    """Returns text that Markdown does not take for HTML."""
    return text.replace("<", "&lt;")


def prose(text: str) -> str:
    """Returns the text of a comment as Markdown."""
    pieces = re.split(r"@code(?:\{\w+\})?\n(.*?)@endcode", text, flags=re.DOTALL)
    return "\n".join(
        f"\n```c\n{piece.strip()}\n```\n" if index % 2 else plain_prose(piece)
        for index, piece in enumerate(pieces)
    ).strip()


def plain_prose(text: str) -> str:
    """Returns text without code as Markdown."""
    text = escaped(re.sub(r"@p (\w+)", r"`\1`", text))
    text = re.sub(r"\n +(?=[^\s-])", "\n", text)  # lines that go on
    text = re.sub(r"^@(?:brief|file)\s*", "", text, flags=re.MULTILINE)
    text = re.sub(
        r"^@param(?:\[\w+(?:,\w+)?\])?\s+(\w+)\s+", r"\n* `\1`: ", text, flags=re.MULTILINE
    )
    text = re.sub(r"^@return\s*", "\n**Returns** ", text, flags=re.MULTILINE)
    text = re.sub(r"^@note\s*", "\n**Note:** ", text, flags=re.MULTILINE)
    text = re.sub(r"^ *- ", "* ", text, flags=re.MULTILINE)
    return re.sub(r"(?<!\n)\n\* ", "\n\n* ", text, count=1)


def declaration(code: str) -> str:
    """Returns the first declaration or macro of some code."""
    if code.startswith("#define"):
        end = re.search(r"(?<!\\)\n", code)
    elif re.match(r"(typedef )?(struct|enum)\b[^;(]*\{", code):
        end = re.search(r"^\}[^;]*;", code, re.MULTILINE)
    else:
        end = re.search(r";", code)
    text = code[: end.end()].strip() if end else ""
    return re.sub(r"^ */\* clang-format \w+ \*/\n", "", text, flags=re.MULTILINE)


def name_of(code: str) -> str:
    """Returns the name that a declaration declares."""
    for pattern in NAMES:
        if match := re.search(pattern, code, re.MULTILINE):
            return match[1]
    return "Constants"


def sections(header: str) -> list[tuple[str, str]]:
    """Returns each comment of a header, with the declaration below it if there is one."""
    comments = list(COMMENT.finditer(header))
    ends = [comment.start() for comment in comments[1:]] + [len(header)]
    found = []
    for comment, end in zip(comments, ends):
        below = header[comment.end() : end]
        text = text_of(comment[1])
        directly = not comment[0].endswith("\n\n")
        code = (
            below.strip() if text.startswith("@name") else declaration(below) if directly else ""
        )
        found.append((text, code))
    return found


def page(path: Path) -> str:
    """Returns the page of a header."""
    parts = [f"# {path.name}"]
    for text, code in sections(path.read_text(encoding="utf-8")):
        if text.startswith("@name"):
            title, _, rest = text.removeprefix("@name").replace("@{", "").partition("\n")
            parts += [f"## {escaped(title.strip())}", prose(rest)]
            parts += [f"```c\n{code}\n```"] if code else []
        elif text == "@}":
            continue
        elif text.startswith("@file") or not code:
            parts.append(prose(text))
        else:
            parts.append(f"### {name_of(code)}\n\n```c\n{code}\n```\n\n{prose(text)}")
    return "\n\n".join(parts) + "\n"
