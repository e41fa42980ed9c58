# SPDX-License-Identifier: MIT
"""Writes the reference of a module in Markdown."""

from __future__ import annotations

import textwrap

from . import docstring
from .docstring import EXAMPLE
from .model import Class, Constant, Function, Kind, Module, Parameter, Type, Variable

COLUMNS = 100

TYPE_NAMES = {
    Kind.BOOL: "bool",
    Kind.INT: "int",
    Kind.FLOAT: "float",
    Kind.STR: "str",
    Kind.BYTES: "bytes-like",
    Kind.DICT: "dict",
    Kind.LIST: "list",
    Kind.ITERABLE: "iterable",
    Kind.CALLABLE: "function",
    Kind.INSTANCE: "object of this module",
    Kind.OBJECT: "any object",
    Kind.NONE: "None",
}


def emit(module: Module) -> str:
    """Writes the reference of a module."""
    blocks = [
        f"<!-- Generated from micropython/{module.source} by `make generate`. Do not edit. -->",
        f"# {module.name}",
        *_text(docstring.split(module.doc).paragraphs),
    ]
    if module.constants:
        blocks += ["## Constants", _attributes(module.constants)]
    if module.variables:
        blocks += ["## Attributes", _attributes(module.variables)]
    for function in module.functions:
        blocks += _function(f"{module.name}.{function.name}", function, "##")
    for item in module.borrowed:
        blocks += _function(f"{module.name}.{item.function.name}", item.function, "##")
    for owner in module.classes:
        blocks += _class(module, owner)
    return "\n\n".join(blocks) + "\n"


def _attributes(constants: tuple[Constant, ...] | tuple[Variable, ...]) -> str:
    rows = ["| name | value | |", "| --- | --- | --- |"]
    for constant in constants:
        meaning = _escaped(" ".join(docstring.split(constant.doc).paragraphs))
        cells = [constant.name, repr(constant.value), meaning.replace("|", "\\|")]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _class(module: Module, owner: Class) -> list[str]:
    kind = "exception" if owner.is_exception else "class"
    blocks = [f"## {kind} {owner.name}", *_text(docstring.split(owner.doc).paragraphs)]
    if owner.constructor:
        blocks += _function(f"{module.name}.{owner.name}", owner.constructor, "###")
    for method in owner.methods:
        if not method.name.startswith("__"):
            name = f"{owner.name}.{method.name}"
            blocks += (
                _property(name, method) if method.is_property else _function(name, method, "###")
            )
    return blocks


def _property(name: str, function: Function) -> list[str]:
    blocks = [f"### {name}", *_text(docstring.split(function.doc).paragraphs)]
    blocks.insert(1, _code(f"{name}: {function.result.text}"))
    return blocks


def _function(name: str, function: Function, heading: str) -> list[str]:
    doc = docstring.split(function.doc)
    blocks = [f"{heading} {name}()", _code(_signature(name, function)), *_text(doc.paragraphs)]
    if "Args" in doc.items:
        types = {parameter.name: _type(parameter.type) for parameter in function.parameters}
        items = [f"**{arg}** ({types[arg]}): {_escaped(text)}" for arg, text in doc.items["Args"]]
        blocks += ["Arguments:", _list(items)]
    if doc.returns:
        blocks.append(_filled(f"Returns: {_escaped(doc.returns)}"))
    if "Raises" in doc.items:
        items = [f"`{error}`: {_escaped(text)}" for error, text in doc.items["Raises"]]
        blocks += ["Raises:", _list(items)]
    return blocks


# Signatures and types


def _signature(name: str, function: Function) -> str:
    parameters = _parameters(function.parameters)
    result = "" if function.name == "__init__" else f" -> {function.result.text}"
    line = f"{name}({', '.join(parameters)}){result}"
    if len(line) <= COLUMNS:
        return line
    return "\n".join([f"{name}(", *(f"    {part}," for part in parameters), f"){result}"])


def _parameters(parameters: tuple[Parameter, ...]) -> list[str]:
    """Writes parameters as in a signature, with `/` and `*` between their kinds."""
    words = []
    for parameter, before in zip(parameters, (None, *parameters)):
        if parameter.keyword_only and not (before and before.keyword_only):
            words.append("*")
        default = "" if parameter.required else f"={parameter.default!r}"
        words.append(parameter.name + default)
    return words


def _type(kind: Type) -> str:
    names = [name for flag, name in TYPE_NAMES.items() if kind.kinds & flag]
    if kind.kinds & Kind.BUFFER and not kind.kinds & Kind.BYTES:
        names.insert(0, "writable buffer")
    text = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    limits = [kind.range.text if kind.range else "", kind.rule.value if kind.rule else ""]
    limits.append(f"such as {kind.example}" if kind.example else "")
    return "; ".join([text, *filter(None, limits)])


# Markdown


def _text(paragraphs: list[str]) -> list[str]:
    return [
        _code(textwrap.dedent(paragraph))
        if paragraph.startswith("    ")
        else _filled(_escaped(paragraph).replace(EXAMPLE, "Example:"))
        for paragraph in paragraphs
    ]


def _code(text: str) -> str:
    return f"```python\n{text}\n```"


def _list(items: list[str]) -> str:
    return "\n".join(_filled(f"- {item}", subsequent_indent="  ") for item in items)


def _filled(text: str, subsequent_indent: str = "") -> str:
    return textwrap.fill(
        text,
        COLUMNS,
        subsequent_indent=subsequent_indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _escaped(text: str) -> str:
    """Escapes markup outside of code."""
    parts = text.split("`")
    for i in range(0, len(parts), 2):
        for sign in "\\*<":
            parts[i] = parts[i].replace(sign, "\\" + sign)
    return "`".join(parts)
