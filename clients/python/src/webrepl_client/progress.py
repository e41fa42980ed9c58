# SPDX-License-Identifier: MIT
"""Who gets the progress of copies."""

from __future__ import annotations

from typing import Protocol


class Reporter(Protocol):
    """Gets the progress of a copy. Called in the event loop, so it must not wait."""

    def begin(self, files: int, size: int) -> None:
        """How much there is to do."""

    def file(self, name: str) -> None:
        """The next file is begun."""

    def moved(self, size: int) -> None:
        """How many more bytes are done; below 0 if some have to be done again."""

    def skipped(self, name: str, size: int) -> None:
        """A file that is the same on both sides."""

    def left_out(self, names: list[str]) -> None:
        """What cannot be copied: links that lead nowhere or back, pipes, devices."""


class Unreported:
    """A reporter for nobody."""

    def begin(self, files: int, size: int) -> None:
        """See Reporter."""

    def file(self, name: str) -> None:
        """See Reporter."""

    def moved(self, size: int) -> None:
        """See Reporter."""

    def skipped(self, name: str, size: int) -> None:
        """See Reporter."""

    def left_out(self, names: list[str]) -> None:
        """See Reporter."""
