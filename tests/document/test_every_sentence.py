# SPDX-License-Identifier: MIT
"""Every sentence of the document has a test."""

from __future__ import annotations

import ast
from pathlib import Path

from .sentences import SENTENCES

HERE = Path(__file__).parent


def checked_in(path: Path) -> set[str]:
    """The sentences that the tests of a file prove."""
    names = set()
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, ast.FunctionDef) or not function.name.startswith("test_"):
            continue
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "checks":
                names |= {ast.literal_eval(argument) for argument in decorator.args}
    return names


def test_every_sentence_has_a_test() -> None:
    checked = set().union(*map(checked_in, HERE.glob("test_*.py")))
    assert checked == SENTENCES.keys()


def test_every_test_says_what_it_proves() -> None:
    for path in HERE.glob("test_document_*.py"):
        for function in ast.parse(path.read_text()).body:
            if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
                decorators = map(ast.unparse, function.decorator_list)
                assert any(text.startswith("checks(") for text in decorators), function.name
