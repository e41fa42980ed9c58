# SPDX-License-Identifier: MIT
"""Writes docs/reference-client.md from the docstrings of the Python client.

    python3 -m tools.client_reference [--check]

It reads the source, so nothing that the client needs has to be installed.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Union

from tools import generated
from tools.generated import ROOT

SOURCE = ROOT / "clients" / "python" / "src" / "webrepl_client"
PAGE = ROOT / "docs" / "reference-client.md"
Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]

HEAD = """\
<!-- Generated from clients/python by `make generate`. Do not edit. -->

# webrepl_client

The library of the command [webrepl](../clients/python): boards with WebREPL, for Python programs.
This page lists the face for programs that block. `webrepl_client.aio` has the same for asyncio:
`await aio.connect(...)` returns a board whose methods have the same names and arguments, and are
coroutines.
"""
SECTIONS = [
    ("board.py", "connect"),
    ("board.py", "Board"),
    ("device.py", "Options"),
    ("files.py", "Entry"),
    ("files.py", "Space"),
    ("second.py", "Holder"),
    ("sync.py", "Changes"),
    ("progress.py", "Reporter"),
]
"""What the page describes, in this order."""


def definitions(name: str) -> dict[str, ast.stmt]:
    """The classes and functions of a module."""
    tree = ast.parse((SOURCE / name).read_text(encoding="utf-8"))
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in tree.body if isinstance(node, kinds)}


def prose(docstring: str) -> str:
    """A docstring as Markdown: its sections become lists."""
    lines = []
    for line in docstring.splitlines():
        heading = re.fullmatch(r"(Args|Raises):", line)
        item = re.fullmatch(r"    (\w+): (.*)", line)
        if heading:
            lines += ["Arguments:" if heading[1] == "Args" else "Errors:", ""]
        elif item:
            lines.append(f"* `{item[1]}`: {item[2]}")
        else:
            lines.append(re.sub(r"^ {8}", "  ", line))
    return "\n".join(lines).strip()


def signature(node: Function, prefix: str) -> str:
    """How it is called."""
    arguments = ast.unparse(node.args)
    arguments = re.sub(r"^self(, )?", "", arguments)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"```python\n{prefix}{node.name}({arguments}){returns}\n```"


def of_function(node: Function, prefix: str, level: str) -> list[str]:
    """The section of a function."""
    docstring = ast.get_docstring(node) or ""
    title = f"{level} {prefix}{node.name}()"
    return [title, signature(node, prefix), prose(docstring)]


def is_property(node: Function) -> bool:
    """Whether it is read like an attribute."""
    return any(isinstance(one, ast.Name) and one.id == "property" for one in node.decorator_list)


def fields(node: ast.ClassDef) -> list[str]:
    """The attributes of a class, as a list."""
    found = []
    for at, item in enumerate(node.body):
        if isinstance(item, ast.AnnAssign):
            after = node.body[at + 1] if at + 1 < len(node.body) else None
            text = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                text = ": " + " ".join(str(after.value.value).split())
            found.append(f"* `{ast.unparse(item)}`{text}")
        elif isinstance(item, ast.FunctionDef) and is_property(item):
            text = (ast.get_docstring(item) or "").splitlines()[0]
            found.append(f"* `{item.name}`: {text}")
    return ["\n".join(found)] if found else []


def of_class(node: ast.ClassDef) -> list[str]:
    """The section of a class."""
    parts = [f"## {node.name}", prose(ast.get_docstring(node) or ""), *fields(node)]
    methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
    for item in methods:
        if not item.name.startswith("_") and not is_property(item):
            parts += of_function(item, f"{node.name.lower()}.", "###")
    return parts


def errors() -> list[str]:
    """All exceptions, with the status that the command ends with."""
    rows = ["| error | is a | status of the command | |", "| --- | --- | ---: | --- |"]
    status: dict[str, str] = {}
    for name, node in definitions("errors.py").items():
        if isinstance(node, ast.ClassDef):
            base = ast.unparse(node.bases[0])
            own = [
                ast.unparse(item.value)
                for item in node.body
                if isinstance(item, ast.Assign) and ast.unparse(item.targets[0]) == "status"
            ]
            status[name] = own[0] if own else status.get(base, "")
            text = " ".join((ast.get_docstring(node) or "").split())
            rows.append(f"| {name} | {base} | {status[name]} | {text} |")
    return ["## Errors", "All are in `webrepl_client.errors`.", "\n".join(rows)]


def page() -> str:
    """The whole page."""
    parts = [HEAD.rstrip()]
    for module, name in SECTIONS:
        node = definitions(module)[name]
        if isinstance(node, ast.ClassDef):
            parts += of_class(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            parts += of_function(node, "webrepl_client.", "##")
    return "\n\n".join(part for part in [*parts, *errors()] if part) + "\n"


def outputs() -> dict[Path, str]:
    """Returns what each file should contain."""
    return {PAGE: page()}


if __name__ == "__main__":
    sys.exit(generated.main(outputs()))
