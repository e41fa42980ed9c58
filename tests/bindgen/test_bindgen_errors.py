# SPDX-License-Identifier: MIT
"""The generator's errors name file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Generate

HEAD = '"""A module."""\n\n'


def function(parameters: str, doc: str = "", result: str = "None") -> str:
    """A stub with one function. `doc` documents its parameters."""
    return f'{HEAD}def f({parameters}) -> {result}:\n    """Does.\n\n{doc}    """\n'


def argument(name: str) -> str:
    return f"    Args:\n        {name}: It.\n"


@pytest.mark.parametrize(
    ("stub", "line", "message"),
    [
        ("_x = int\n", 1, "a module has no docstring"),
        (f"{HEAD}import os\n", 3, "unsupported: import os"),
        (f"{HEAD}from os import path as path\n", 3, "unsupported: from os import path"),
        (f"{HEAD}from module import f as g\n", 3, "unsupported: from module import f as g"),
        (f"{HEAD}for x in y: pass\n", 3, "unsupported: for x in y"),
        (f"{HEAD}Text = str\n", 3, "name an alias with '_' in front"),
        (f"{HEAD}_F = Callable[..., what]\n", 3, "unsupported annotation: what"),
        (f"{HEAD}_F = Callable[int, int]\n", 3, "a callback is written as"),
        (f"{HEAD}X: int = 1\n", 1, "a module in C has no variables: X"),
        (f"{HEAD}X: int = 'a'\n", 3, "the value of 'X' does not fit"),
        (f"{HEAD}X: int\n", 3, "an attribute is written as"),
        (f"{HEAD}X: Final = 1.5\n", 3, "a constant is an int or a str"),
        (f"{HEAD}def f(:\n", 3, "not Python"),
        (f"{HEAD}def f() -> None: ...\n", 3, "f() has no docstring"),
        (f'{HEAD}def f():\n    """Does."""\n', 3, "does not say what it returns"),
        (f'{HEAD}def f() -> None:\n    """Does."""\n    return\n', 5, "f() has a body"),
        (function("x: int"), 3, "documented are [], the parameters are ['x']"),
        (function("x", argument("x")), 3, "'x' has no type"),
        (function("*x: int"), 3, "*args and **kwargs"),
        (function("x: complex", argument("x")), 3, "unsupported annotation: complex"),
        (function("x: set[int]", argument("x")), 3, "unsupported annotation: set[int]"),
        (function("x: None", argument("x")), 3, "None alone"),
        (function("x: int | float", argument("x")), 3, "float in a union"),
        (function("x: bool | None", argument("x")), 3, "bool in a union"),
        (function("x: int = 'a'", argument("x")), 3, "the default of 'x' does not fit"),
        (function("x: int = 1.5", argument("x")), 3, "the default of 'x' does not fit"),
        (function("x: int = None", argument("x")), 3, "the default of 'x' does not fit"),
        (function("x: int = y", argument("x")), 3, "not a plain value: y"),
        (function("x: object = []", argument("x")), 3, "unsupported value: []"),
        (function("x: Annotated[int, '0 to 9'] = 10", argument("x")), 3, "does not fit"),
        (function("x: Annotated[int, '9 to 0']", argument("x")), 3, "empty range"),
        (function("x: Annotated[int, 'a few']", argument("x")), 3, "neither a range nor"),
        (function("x: Annotated[str, 'such as a']", argument("x")), 3, "neither a range nor"),
        (function("x: Annotated[int, 5]", argument("x")), 3, "needs a type and a string"),
        (function("x: Annotated[str, '0 to 9']", argument("x")), 3, "does not restrict str"),
        (function("x: Annotated[int, 'one line']", argument("x")), 3, "restricts texts only"),
        (function("x: Annotated[int, '0 to 9 seconds']", argument("x")), 3, "does not restrict"),
        (f'{HEAD}class C(D):\n    """Is."""\n', 3, "bases other than IOBase"),
        (
            f'{HEAD}class C(Exception):\n    """Is."""\n    def f(self) -> int:\n     """."""\n',
            3,
            "an exception has no methods",
        ),
        (f'{HEAD}class C:\n    """Is."""\n    x: int\n', 5, "unsupported: x: int"),
        (
            f'{HEAD}class C:\n    """Is."""\n    def __bool__(self) -> bool:\n        """Is."""\n',
            5,
            "__bool__() is not supported",
        ),
        (
            f'{HEAD}class C:\n    """Is."""\n    def f(x: int) -> int:\n        """Is."""\n',
            5,
            "f() does not begin with self",
        ),
    ],
)
def test_unsupported_stub(generate: Generate, stub: str, line: int, message: str) -> None:
    from bindgen.model import StubError

    with pytest.raises(StubError) as error:
        generate(stub)
    text = str(error.value)
    assert f"module.pyi:{line}: " in text
    assert message in text


def test_a_function_that_the_other_module_lacks_is_an_error(
    generate: Generate, tmp_path: Path
) -> None:
    (tmp_path / "lender.pyi").write_text(f"{HEAD}{function('').partition(HEAD)[2]}")
    generate(f"{HEAD}from lender import f as f\n")
    with pytest.raises(Exception, match=r"module\.pyi:3: lender\.pyi has no function g\(\)"):
        generate(f"{HEAD}from lender import g as g\n")
