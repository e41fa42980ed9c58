# SPDX-License-Identifier: MIT
"""The stub matches the module in Python."""

from __future__ import annotations

import ast

from tests.support.paths import MICROPYTHON

STUB = ast.parse((MICROPYTHON / "webrepl.pyi").read_text())
MODULE = ast.parse((MICROPYTHON / "modules" / "webrepl.py").read_text())


def signatures(tree: ast.Module) -> dict[str, str]:
    """Functions for users: names and defaults of their parameters."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            for argument in node.args.args:
                argument.annotation = None
            found[node.name] = ast.unparse(node.args)
    return found


def values(tree: ast.Module) -> dict[str, object]:
    """Attributes for users, and their first values."""
    found = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and not target.id.startswith("_"):
            found[target.id] = ast.literal_eval(node.value)
    return found


def test_functions() -> None:
    assert signatures(STUB) == signatures(MODULE)


def test_attributes() -> None:
    stub = values(STUB)
    assert stub.pop("client_s") is None  # created when it is read
    assert stub == values(MODULE)
