# SPDX-License-Identifier: MIT
"""Reads a stub into the model. Refuses everything that it does not understand."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

from .annotations import Annotations
from .model import (
    EXCEPTION_BASES,
    STREAM_BASE,
    Borrowed,
    Callback,
    Class,
    Constant,
    Default,
    Function,
    FunctionName,
    Kind,
    Module,
    Parameter,
    Type,
    Variable,
)

IMPORTS = {"typing", "collections.abc", "io", "__future__"}
BASES = ("", STREAM_BASE, *EXCEPTION_BASES)
SPECIAL_METHODS = {
    *("__init__", "__enter__", "__exit__", "__del__"),
    *("__len__", "__getitem__", "__contains__", "__iter__", "__repr__"),
}
PARAMETERS = {"__getitem__": 1, "__contains__": 1, "__len__": 0, "__iter__": 0, "__repr__": 0}
"""How many parameters special methods have, if that is given."""
ARGUMENT_OF_DOCSTRING = re.compile(r"    (\w+): ")


def parse(path: Path) -> Module:
    """Reads a stub.

    Args:
        path: A `.pyi` file, named like its module.

    Returns:
        What the stub says.

    Raises:
        StubError: It contains something unsupported; the message begins with file and line.
    """
    return _Stub(path).module()


class _Stub:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.annotations = Annotations(str(path))
        self.constants: list[Constant] = []
        self.variables: list[Variable] = []
        self.callbacks: list[Callback] = []
        self.functions: list[Function] = []
        self.borrowed: list[Borrowed] = []
        self.classes: list[Class] = []

    def module(self) -> Module:
        try:
            tree = ast.parse(self.path.read_text(encoding="utf-8"))
        except SyntaxError as err:
            raise self.annotations.error(err, f"not Python: {err.msg}") from err
        self._collect_names(tree)
        body = self._without_docstring(tree, "a module")
        for node, following in zip(body, [*body[1:], None]):
            self._statement(node, following)
        return Module(
            name=self.path.stem,
            source=self.path.name,
            doc=ast.get_docstring(tree) or "",
            constants=tuple(self.constants),
            variables=tuple(self.variables),
            callbacks=tuple(self.callbacks),
            functions=tuple(self.functions),
            borrowed=tuple(self.borrowed),
            classes=tuple(self.classes),
        )

    def _collect_names(self, tree: ast.Module) -> None:
        """Finds aliases and classes first, because a stub may use them before it defines them."""
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                self.annotations.classes.add(node.name)
            elif isinstance(node, ast.Assign):
                name = self._alias_name(node)
                self.annotations.aliases[name] = node.value

    def _alias_name(self, node: ast.Assign) -> str:
        target = node.targets[0]
        if len(node.targets) != 1 or not isinstance(target, ast.Name):
            raise self.annotations.error(node, "unsupported assignment")
        if not target.id.startswith("_"):
            message = f"'{target.id}' would not exist on a board: name an alias with '_' in front"
            raise self.annotations.error(node, message)
        return target.id

    def _statement(self, node: ast.stmt, following: ast.stmt | None) -> None:
        if isinstance(node, ast.AnnAssign):
            self._attribute(node, following)
        elif isinstance(node, ast.Assign):
            self._alias(node)
        elif isinstance(node, ast.FunctionDef):
            self.functions.append(self._function(node))
        elif isinstance(node, ast.ClassDef):
            self.classes.append(self._class(node))
        elif isinstance(node, ast.ImportFrom) and not self._is_import(node):
            self.borrowed += (self._borrow(node, alias) for alias in node.names)
        elif not self._is_import(node) and self._text_of(node) is None:
            raise self.annotations.error(node, f"unsupported: {ast.unparse(node)}")

    @staticmethod
    def _is_import(node: ast.stmt) -> bool:
        return isinstance(node, ast.ImportFrom) and node.module in IMPORTS

    def _borrow(self, node: ast.ImportFrom, alias: ast.alias) -> Borrowed:
        """Reads `from module import name as name`, which type checkers take for the stub's own."""
        stub = self.path.with_name(f"{node.module}.pyi")
        if alias.asname != alias.name or node.level or not stub.is_file():
            raise self.annotations.error(node, f"unsupported: {ast.unparse(node)}")
        for function in parse(stub).functions:
            if function.name == alias.name:
                return Borrowed(stub.stem, function)
        raise self.annotations.error(node, f"{stub.name} has no function {alias.name}()")

    @staticmethod
    def _text_of(node: ast.stmt | None) -> str | None:
        value = node.value if isinstance(node, ast.Expr) else None
        constant = value.value if isinstance(value, ast.Constant) else None
        return constant if isinstance(constant, str) else None

    def _attribute(self, node: ast.AnnAssign, following: ast.stmt | None) -> None:
        if not isinstance(node.target, ast.Name) or not node.value:
            raise self.annotations.error(node, "an attribute is written as NAME: type = value")
        name, value = node.target.id, self._literal(node.value)
        doc = self._text_of(following) or ""
        if ast.unparse(node.annotation) == "Final":
            if not isinstance(value, (int, str)) or isinstance(value, bool):
                raise self.annotations.error(node, "a constant is an int or a str")
            self.constants.append(Constant(name, value, doc))
            return
        kind = self.annotations.read(node.annotation)
        if not _fits(value, kind):
            raise self.annotations.error(node, f"the value of '{name}' does not fit its type")
        self.variables.append(Variable(name, kind, value, doc))

    def _alias(self, node: ast.Assign) -> None:
        if not (isinstance(node.value, ast.Subscript) and self._is_callable(node.value)):
            self.annotations.read(node.value)
            return
        parts = node.value.slice.elts if isinstance(node.value.slice, ast.Tuple) else []
        if len(parts) == 2 and ast.unparse(parts[0]) == "...":
            self.annotations.read(parts[1])
            return
        if len(parts) != 2 or not isinstance(parts[0], ast.List):
            raise self.annotations.error(node, "a callback is written as Callable[[types], type]")
        for part in [*parts[0].elts, parts[1]]:
            self.annotations.read(part)
        names = (self._callback_parameter(i, part) for i, part in enumerate(parts[0].elts))
        alias = self._alias_name(node).lstrip("_")
        self.callbacks.append(Callback(alias, tuple(names), ast.unparse(node.value)))

    @staticmethod
    def _is_callable(node: ast.Subscript) -> bool:
        return isinstance(node.value, ast.Name) and node.value.id == "Callable"

    def _callback_parameter(self, index: int, node: ast.expr) -> str:
        if isinstance(node, ast.Name) and node.id in self.annotations.classes:
            return node.id.lower()
        return f"argument{index}"

    def _class(self, node: ast.ClassDef) -> Class:
        base = ", ".join(ast.unparse(base) for base in node.bases)
        if base not in BASES or node.keywords or node.decorator_list:
            message = f"bases other than {' or '.join(filter(None, BASES))} are not supported"
            raise self.annotations.error(node, message)
        constructor = None
        methods = []
        for item in self._without_docstring(node, "a class"):
            if not isinstance(item, ast.FunctionDef):
                raise self.annotations.error(item, f"unsupported: {ast.unparse(item)}")
            function = self._method(item)
            if function.name == "__init__":
                constructor = function
            else:
                methods.append(function)
        doc = ast.get_docstring(node) or ""
        owner = Class(node.name, doc, constructor, tuple(methods), base)
        if owner.is_exception and (constructor or methods):
            raise self.annotations.error(node, "an exception has no methods of its own")
        return owner

    def _method(self, node: ast.FunctionDef) -> Function:
        if node.name.startswith("__") and node.name not in SPECIAL_METHODS:
            raise self.annotations.error(node, f"{node.name}() is not supported")
        positional = node.args.posonlyargs or node.args.args
        if not positional or positional[0].arg != "self":
            raise self.annotations.error(node, f"{node.name}() does not begin with self")
        del positional[0]
        is_property = [ast.unparse(item) for item in node.decorator_list] == ["property"]
        if is_property:
            node.decorator_list.clear()
        function = replace(self._function(node), is_property=is_property)
        wanted = 0 if is_property else PARAMETERS.get(node.name, len(function.parameters))
        if len(function.parameters) != wanted:
            raise self.annotations.error(node, f"{node.name}() has {wanted} parameters but self")
        return function

    def _function(self, node: ast.FunctionDef) -> Function:
        arguments = node.args
        if node.decorator_list or arguments.vararg or arguments.kwarg:
            message = f"{node.name}(): decorators, *args and **kwargs are not supported"
            raise self.annotations.error(node, message)
        if node.returns is None:
            raise self.annotations.error(node, f"{node.name}() does not say what it returns")
        extra = self._without_docstring(node, f"{node.name}()")
        if any(not self._is_ellipsis(item) for item in extra):
            raise self.annotations.error(extra[0], f"{node.name}() has a body")
        parameters = tuple(self._parameters(arguments))
        if not node.name.startswith("__") or node.name == "__init__":
            self._check_documented(node, parameters)
        return Function(
            name=node.name,
            doc=ast.get_docstring(node) or "",
            parameters=parameters,
            result=self.annotations.read(node.returns),
            signature=f"{node.name}({ast.unparse(arguments)}) -> {ast.unparse(node.returns)}",
        )

    @staticmethod
    def _is_ellipsis(node: ast.stmt) -> bool:
        return isinstance(node, ast.Expr) and ast.unparse(node) == "..."

    def _parameters(self, arguments: ast.arguments) -> list[Parameter]:
        positional = [*arguments.posonlyargs, *arguments.args]
        undefaulted = len(positional) - len(arguments.defaults)
        defaults = [None] * undefaulted + list(arguments.defaults)
        parameters = [
            self._parameter(node, default, positional_only=node in arguments.posonlyargs)
            for node, default in zip(positional, defaults)
        ]
        parameters += [
            self._parameter(node, default, keyword_only=True)
            for node, default in zip(arguments.kwonlyargs, arguments.kw_defaults)
        ]
        return parameters

    def _parameter(
        self,
        node: ast.arg,
        default: ast.expr | None,
        keyword_only: bool = False,
        positional_only: bool = False,
    ) -> Parameter:
        if node.annotation is None:
            raise self.annotations.error(node, f"'{node.arg}' has no type")
        kind = self.annotations.read(node.annotation)
        self.annotations.check_parameter(node.annotation, kind)
        value = None if default is None else self._literal(default)
        if default is not None and not _fits(value, kind):
            message = f"the default of '{node.arg}' does not fit its type: {ast.unparse(default)}"
            raise self.annotations.error(default, message)
        return Parameter(node.arg, kind, default is None, value, keyword_only, positional_only)

    def _literal(self, node: ast.expr) -> Default:
        if isinstance(node, ast.Name) and node.id in {item.name for item in self.functions}:
            return FunctionName(node.id)
        try:
            value = ast.literal_eval(node)
        except ValueError as err:
            message = f"not a plain value: {ast.unparse(node)}"
            raise self.annotations.error(node, message) from err
        if value is not None and not isinstance(value, (bool, int, float, str)):
            raise self.annotations.error(node, f"unsupported value: {ast.unparse(node)}")
        return value

    def _without_docstring(
        self, node: ast.Module | ast.ClassDef | ast.FunctionDef, what: str
    ) -> list[ast.stmt]:
        if not ast.get_docstring(node):
            raise self.annotations.error(node, f"{what} has no docstring")
        return node.body[1:]

    def _check_documented(self, node: ast.FunctionDef, parameters: tuple[Parameter, ...]) -> None:
        """Raises StubError unless the docstring's "Args:" lists exactly these parameters."""
        _, _, after = (ast.get_docstring(node) or "").partition("\nArgs:\n")
        section = re.split(r"\n(?=\S)", after)[0]
        matches = map(ARGUMENT_OF_DOCSTRING.match, section.split("\n"))
        documented = [match[1] for match in matches if match]
        names = [parameter.name for parameter in parameters]
        if documented != names:
            message = f"{node.name}(): documented are {documented}, the parameters are {names}"
            raise self.annotations.error(node, message)


def _fits(value: Default, kind: Type) -> bool:
    """Returns whether a caller could pass the default value."""
    if value is None:
        return kind.optional
    if isinstance(value, FunctionName):
        return bool(kind.kinds & Kind.CALLABLE)
    if isinstance(value, bool):
        return bool(kind.kinds & Kind.BOOL)
    if isinstance(value, (int, float)):
        wanted = Kind.INT | Kind.FLOAT if isinstance(value, int) else Kind.FLOAT
        if not kind.kinds & wanted:
            return False
        return kind.range is None or kind.range.low <= value <= kind.range.high
    return isinstance(value, str) and bool(kind.kinds & Kind.STR) and "\0" not in value
