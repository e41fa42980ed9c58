# SPDX-License-Identifier: MIT
"""The contents of a stub, independent of the syntax of Python and C."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Union


class StubError(Exception):
    """A stub contains something that cannot be generated."""

    def __init__(self, path: str, line: int, message: str) -> None:
        """Formats the message as a compiler would: file, line, and what is wrong."""
        super().__init__(f"{path}:{line}: {message}")


class Kind(enum.Flag):
    """The kinds of values; a union has several."""

    NONE = enum.auto()
    BOOL = enum.auto()
    INT = enum.auto()
    FLOAT = enum.auto()
    STR = enum.auto()
    BYTES = enum.auto()
    BUFFER = enum.auto()
    """Writable memory: bytearray and memoryview."""
    DICT = enum.auto()
    LIST = enum.auto()
    """A list or a tuple."""
    ITERABLE = enum.auto()
    CALLABLE = enum.auto()
    INSTANCE = enum.auto()
    """An object of a class of the same stub."""
    OBJECT = enum.auto()
    """Anything at all."""


NO_KIND = Kind(0)
TEXT = Kind.STR | Kind.BYTES | Kind.BUFFER


class Rule(enum.Enum):
    """What a text may not contain."""

    WITHOUT_NUL = "without NUL"
    ONE_LINE = "one line"


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included, as written in the stub."""

    low: float
    high: float
    seconds: bool
    text: str
    """For messages, e.g. "0 to 65535"."""


@dataclass(frozen=True)
class Type:
    """The type of a parameter or a result."""

    kinds: Kind
    text: str
    """The annotation as written."""
    range: Range | None = None
    rule: Rule | None = None
    example: str | None = None
    """For messages, e.g. "GET | POST"."""

    @property
    def optional(self) -> bool:
        """Whether None is allowed."""
        return bool(self.kinds & Kind.NONE)

    @property
    def required_kinds(self) -> Kind:
        """The kinds without None."""
        return self.kinds & ~Kind.NONE


STREAM_BASE = "IOBase"
EXCEPTION_BASES = ("BaseException", "Exception")

STREAM = {
    "read": "mp_stream_read_obj",
    "readinto": "mp_stream_readinto_obj",
    "readline": "mp_stream_unbuffered_readline_obj",
    "write": "mp_stream_write_obj",
    "ioctl": "mp_stream_ioctl_obj",
    "close": "mp_stream_close_obj",
}
"""Methods of streams, and MicroPython's own function for each."""


class FunctionName(str):
    """A default that is a function of the same module."""

    def __repr__(self) -> str:
        """As written in code."""
        return str(self)


Default = Union[None, bool, int, float, str, FunctionName]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function, `self` excluded."""

    name: str
    type: Type
    required: bool
    default: Default
    """Meaningless where `required`."""
    keyword_only: bool
    positional_only: bool


@dataclass(frozen=True)
class Function:
    """A function, a method, or a constructor (`__init__`)."""

    name: str
    doc: str
    parameters: tuple[Parameter, ...]
    result: Type
    signature: str
    """As written, on one line, for comments."""
    is_property: bool = False
    """A method that is read as an attribute."""

    @property
    def positional(self) -> int:
        """How many parameters may be passed by position."""
        return sum(not parameter.keyword_only for parameter in self.parameters)


@dataclass(frozen=True)
class Class:
    """A class. Without a constructor, only the module can make objects of it."""

    name: str
    doc: str
    constructor: Function | None
    methods: tuple[Function, ...]
    base: str = ""
    """The class that it is derived from, or nothing."""

    @property
    def is_stream(self) -> bool:
        """Whether its objects are streams for MicroPython."""
        return self.base == STREAM_BASE

    @property
    def is_exception(self) -> bool:
        """Whether its objects are raised. Everything about it is MicroPython's own."""
        return self.base in EXCEPTION_BASES

    @property
    def properties(self) -> list[Function]:
        """The methods that are read as attributes."""
        return [item for item in self.methods if item.is_property]

    @property
    def own_methods(self) -> list[Function]:
        """The methods whose bodies people write. Those of a stream are MicroPython's own."""
        return [item for item in self.methods if not (self.is_stream and item.name in STREAM)]


@dataclass(frozen=True)
class Constant:
    """A constant of the module."""

    name: str
    value: int | str
    doc: str


@dataclass(frozen=True)
class Variable:
    """An attribute of the module that users may assign. Only modules in Python have them."""

    name: str
    type: Type
    value: Default
    doc: str


@dataclass(frozen=True)
class Callback:
    """A type of callback: users pass the function, and the module calls it. An alias names it."""

    name: str
    parameters: tuple[str, ...]
    signature: str


@dataclass(frozen=True)
class Borrowed:
    """A function that is another module's, written in Python. It is imported when it is used."""

    module: str
    function: Function


@dataclass(frozen=True)
class Module:
    """A whole stub."""

    name: str
    source: str
    """File name of the stub, without its folder."""
    doc: str
    constants: tuple[Constant, ...]
    variables: tuple[Variable, ...]
    callbacks: tuple[Callback, ...]
    functions: tuple[Function, ...]
    borrowed: tuple[Borrowed, ...]
    classes: tuple[Class, ...]
