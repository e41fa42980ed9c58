# SPDX-License-Identifier: MIT
"""docs/reference-client.md is what the client's docstrings say."""

from __future__ import annotations

import ast

from tools import client_reference, generated


def test_the_page_is_up_to_date() -> None:
    assert not generated.stale(client_reference.outputs()), "run `make generate`"


def test_every_method_of_a_board_is_described() -> None:
    (board,) = [client_reference.definitions("board.py")["Board"]]
    assert isinstance(board, ast.ClassDef)
    page = client_reference.page()
    for node in board.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            assert f"board.{node.name}()" in page or f"* `{node.name}`:" in page
