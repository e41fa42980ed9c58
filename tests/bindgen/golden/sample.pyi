# SPDX-License-Identifier: MIT
"""A module with one of everything that stubs may contain."""

from collections.abc import Callable, Iterable
from io import IOBase
from typing import Annotated, Final

from sample_lender import lent as lent

VERSION: Final = "1.0"
LEFT: Final = 1
RIGHT: Final = -2
"""Documented."""

_Text = str | bytes | bytearray | memoryview
_Done = Callable[[Box, str], object]

def plain() -> None:
    """Takes and gives nothing."""

def measure(
    seconds: Annotated[float, "0.5 to 60 seconds"] = 1.5, factor: float = 2, *, loud: bool = False
) -> bool:
    """Has times, numbers and a keyword.

    Args:
        seconds: How long.
        factor: How often.
        loud: How loud.
    """

class Box:
    """An object."""

    def __init__(
        self,
        size: Annotated[int, "1 to 10"],
        label: Annotated[_Text, "one line"] | None = None,
        items: Annotated[int, "0 to 5"] | Iterable[object] = 3,
        first: str = 'a "b"\n',
        data: _Text | None = None,
    ) -> None:
        """Makes one.

        Args:
            size: Of it.
            label: On it.
            items: In it.
            first: Item.
            data: Inside, e.g. a `/*`.
        """

    def fill(self, source: _Text, into: bytearray | memoryview, done: _Done) -> int:
        """Fills it.

        Args:
            source: From.
            into: To.
            done: Called at the end.
        """

    def options(self, default: dict[str, int] | None = None, /) -> object:
        """Has a name that C reserves.

        Args:
            default: Of C.
        """

    def __enter__(self) -> Box:
        """Returns itself."""

    def __exit__(self, exc_type: object, exc_value: object, traceback: object, /) -> None:
        """Does nothing."""

    def __del__(self) -> None:
        """Frees it."""

class Token:
    """Made by the module alone."""

    def name(self) -> str:
        """Returns its name."""

    @property
    def colour(self) -> str | None:
        """Its colour."""

    def __len__(self) -> int:
        """Returns how long it is."""

    def __getitem__(self, key: str) -> object:
        """Returns what it has."""

    def __contains__(self, key: object) -> bool:
        """Returns whether it has it."""

    def __iter__(self) -> Iterable[str]:
        """Returns an iterator."""

    def __repr__(self) -> str:
        """Returns how it is shown."""

class Pipe(IOBase):
    """A stream."""

    def read(self, size: int = -1, /) -> bytes | None:
        """Reads.

        Args:
            size: So many bytes.
        """

    def close(self) -> None:
        """Closes it."""

    def name(self) -> str:
        """Returns its name."""

class Refusal(Exception):
    """It does not want to."""
