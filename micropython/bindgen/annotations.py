# SPDX-License-Identifier: MIT
"""Reads the annotations of a stub."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from .model import NO_KIND, TEXT, Kind, Range, Rule, StubError, Type

NAMES = {
    "None": Kind.NONE,
    "NoReturn": Kind.NONE,  # it raises always
    "bool": Kind.BOOL,
    "int": Kind.INT,
    "float": Kind.FLOAT,
    "str": Kind.STR,
    "bytes": Kind.BYTES,
    "bytearray": Kind.BUFFER,
    "memoryview": Kind.BUFFER,
    "dict": Kind.DICT,
    "object": Kind.OBJECT,
    "Any": Kind.OBJECT,  # for those who use a result, or a callback's argument, without a check
    "Awaitable": Kind.OBJECT,
    "Coroutine": Kind.OBJECT,
    "Callable": Kind.CALLABLE,
    "Iterable": Kind.ITERABLE,
    "Iterator": Kind.ITERABLE,
    "tuple": Kind.LIST,
    "list": Kind.LIST,
}
GENERIC = {"Awaitable", "Coroutine", "dict", "Callable", "Iterable", "Iterator", "tuple", "list"}

EXAMPLE = "such as "
RANGE = re.compile(r"(-?[\d.]+) to (-?[\d.]+)( seconds)?")
RULES = {rule.value: rule for rule in Rule}


class Annotations:
    """Reads annotations, and knows the aliases and classes that they may name."""

    def __init__(self, path: str) -> None:
        """Starts with no alias and no class. `path` is the stub's, for messages."""
        self.path = path
        self.aliases: dict[str, ast.expr] = {}
        self.classes: set[str] = set()

    def read(self, node: ast.expr) -> Type:
        """Reads one annotation."""
        return replace(self._read(node), text=ast.unparse(node))

    def _read(self, node: ast.expr) -> Type:
        text = ast.unparse(node)
        if isinstance(node, ast.Constant) and node.value is None:
            return Type(Kind.NONE, text)
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union(node)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            if node.value.id == "Annotated":
                return self._annotated(node)
            if node.value.id in GENERIC:
                return Type(NAMES[node.value.id], text)
        raise self.error(node, f"unsupported annotation: {text}")

    def _name(self, node: ast.Name) -> Type:
        if node.id in self.aliases:
            return self._read(self.aliases[node.id])
        if node.id in self.classes:
            return Type(Kind.INSTANCE, node.id)
        if node.id in NAMES:
            return Type(NAMES[node.id], node.id)
        raise self.error(node, f"unsupported annotation: {node.id}")

    def _union(self, node: ast.BinOp) -> Type:
        left, right = self._read(node.left), self._read(node.right)
        if (left.range and right.range) or (left.rule and right.rule):
            raise self.error(node, f"two restrictions in one union: {ast.unparse(node)}")
        return Type(
            left.kinds | right.kinds, "", left.range or right.range, left.rule or right.rule
        )

    def _annotated(self, node: ast.Subscript) -> Type:
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
        if (
            len(parts) != 2
            or not isinstance(parts[1], ast.Constant)
            or not isinstance(parts[1].value, str)
        ):
            raise self.error(node, f"Annotated needs a type and a string: {ast.unparse(node)}")
        bare, restriction = self._read(parts[0]), parts[1].value
        if bare.range or bare.rule:
            raise self.error(node, f"two restrictions of one type: {ast.unparse(node)}")
        if restriction in RULES:
            if bare.kinds & ~TEXT:
                raise self.error(node, f"'{restriction}' restricts texts only")
            return replace(bare, rule=RULES[restriction])
        if restriction.startswith(EXAMPLE) and bare.kinds == Kind.INT:
            return replace(bare, example=restriction[len(EXAMPLE) :])
        match = RANGE.fullmatch(restriction)
        if not match:
            raise self.error(
                node,
                f"neither a range nor a rule for texts nor an example of an int: '{restriction}'",
            )
        return replace(bare, range=self._range(node, bare, match))

    def _range(self, node: ast.expr, bare: Type, match: re.Match[str]) -> Range:
        low, high, seconds = float(match[1]), float(match[2]), match[3] is not None
        wanted = Kind.FLOAT if seconds else Kind.INT
        if bare.kinds != wanted:
            raise self.error(node, f"'{match[0]}' does not restrict {bare.text}")
        if low > high:
            raise self.error(node, f"empty range: '{match[0]}'")
        if seconds and low < 0:
            raise self.error(node, f"negative time: '{match[0]}'")
        return Range(low, high, seconds, match[0])

    def check_parameter(self, node: ast.expr, kind: Type) -> None:
        """Raises StubError for types that a result may have but a parameter may not."""
        bare = kind.required_kinds
        if bare & Kind.INSTANCE:
            raise self.error(node, f"objects as arguments are not supported: {kind.text}")
        if bare == NO_KIND:
            raise self.error(node, "None alone is no type of an argument")
        if bare == Kind.FLOAT and kind.optional:
            raise self.error(node, f"not supported: {kind.text}")
        if bare & Kind.FLOAT and bare != Kind.FLOAT:
            raise self.error(node, f"float in a union is not supported: {kind.text}")
        if bare & Kind.BOOL and kind.kinds != Kind.BOOL:
            raise self.error(node, f"bool in a union is not supported: {kind.text}")

    def error(self, node: ast.AST | SyntaxError, message: str) -> StubError:
        """Makes an error that names the file and the line of a node."""
        return StubError(self.path, getattr(node, "lineno", 1), message)
