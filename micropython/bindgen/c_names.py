# SPDX-License-Identifier: MIT
"""The names and types in C of what a stub contains."""

from __future__ import annotations

from .model import NO_KIND, TEXT, Class, Function, Kind, Module, Parameter, Type

# fmt: off
RESERVED = frozenset((
    "auto", "bool", "break", "case", "char", "const", "continue", "default", "do", "double",
    "else", "enum", "extern", "float", "for", "goto", "if", "inline", "int", "long",
    "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct",
    "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "args", "given",
    "in", "keywords", "n_args", "n_kw", "self", "self_in", "type",
))
# fmt: on
"""C's keywords, and names that the wrappers use themselves."""

COLUMNS = 120

PLAIN_PARAMETERS = 4
"""A body with more parameters gets a struct."""

WORDS = {
    "__init__": "new",
    "__enter__": "enter",
    "__exit__": "exit",
    "__del__": "del",
    "__len__": "len",
    "__getitem__": "getitem",
    "__contains__": "contains",
    "__iter__": "iter",
    "__repr__": "repr",
}


def prefix(module: Module) -> str:
    """Returns the prefix of all names that files share."""
    return f"py_{module.name}"


def object_struct(module: Module, owner: Class) -> str:
    """Returns the struct behind an object; people define it."""
    return f"{prefix(module)}_{owner.name.lower()}"


def object_type(module: Module, owner: Class) -> str:
    """Returns MicroPython's type object of a class."""
    return f"{object_struct(module, owner)}_type"


def local(owner: Class | None, function: Function) -> str:
    """Returns the wrapper of a function, a name within one file."""
    word = WORDS.get(function.name, function.name)
    return f"{owner.name.lower()}_{word}" if owner else f"module_{word}"


def body(module: Module, owner: Class | None, function: Function) -> str:
    """Returns the function that people write."""
    name = local(owner, function) if owner else function.name
    return f"{prefix(module)}_{name}"


def arguments_struct(module: Module, owner: Class | None, function: Function) -> str:
    """Returns the type of the struct for a body with many parameters."""
    return f"{body(module, owner, function)}_args_t"


def takes_struct(function: Function) -> bool:
    """Returns whether the body gets a struct instead of plain parameters."""
    return len(function.parameters) > PLAIN_PARAMETERS


def variable(parameter: Parameter) -> str:
    """Returns a parameter's name in C. Times get their unit in it, because C has another one."""
    name = parameter.name
    if parameter.type.range and parameter.type.range.seconds:
        name += "_ms"
    return f"{name}_" if name in RESERVED else name


def is_text(kind: Type) -> bool:
    """Returns whether C gets a NUL-terminated string: str alone, or a text with a rule."""
    wanted = kind.required_kinds
    return wanted != NO_KIND and not wanted & ~TEXT and (wanted == Kind.STR or bool(kind.rule))


def is_buffer(kind: Type) -> bool:
    """Returns whether C gets pointer and length."""
    wanted = kind.required_kinds
    is_bytes = wanted != NO_KIND and not wanted & ~TEXT
    return is_bytes and not is_text(kind) and not is_writable(kind)


def is_writable(kind: Type) -> bool:
    """Returns whether C gets an object to write into, since its memory may move meanwhile."""
    return kind.kinds == Kind.BUFFER


def declaration(parameter: Parameter) -> str:
    """Declares a parameter of a body, or a member of its struct."""
    kind = parameter.type
    if kind.kinds == Kind.BOOL:
        c_type = "bool "
    elif kind.kinds == Kind.INT:
        c_type = "mp_int_t "
    elif kind.kinds == Kind.FLOAT:
        c_type = "uint32_t " if kind.range else "mp_float_t "
    elif is_text(kind):
        c_type = "const char *"
    elif is_buffer(kind):
        c_type = "const mp_buffer_info_t *"
    else:
        c_type = "mp_obj_t "
    return c_type + variable(parameter)


def result_type(function: Function) -> str:
    """Returns the type that a body returns."""
    simple = {Kind.NONE: "void", Kind.BOOL: "bool", Kind.INT: "int64_t"}
    if function.name == "__init__":
        return "mp_obj_t"
    return simple.get(function.result.kinds, "mp_obj_t")


def prototype(module: Module, owner: Class | None, function: Function) -> str:
    """Returns the prototype of a body, without semicolon."""
    parts = []
    if owner and function.name != "__init__":
        parts.append(f"{object_struct(module, owner)}_t *self")
    if takes_struct(function):
        parts.append(f"const {arguments_struct(module, owner, function)} *args")
    else:
        parts += map(declaration, function.parameters)
    name = f"{result_type(function)} {body(module, owner, function)}"
    line = f"{name}({', '.join(parts) or 'void'})"
    return line if len(line) < COLUMNS else f"{name}(\n    {', '.join(parts)})"


def comment(text: str) -> str:
    """Makes text safe for a comment in C."""
    return text.replace("/*", "/ *").replace("*/", "* /")
