# SPDX-License-Identifier: MIT
"""What a verb of the command is. Modules of verbs register theirs when they are imported."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any, Callable

from .job import Job

Arguments = Callable[[argparse.ArgumentParser], None]
Action = Callable[[Job, argparse.Namespace], Any]


def no_arguments(parser: argparse.ArgumentParser) -> None:
    """For verbs without any."""
    del parser


@dataclass(frozen=True)
class Verb:
    """One word of the command line, and what it does."""

    name: str
    group: str
    summary: str
    usage: str
    action: Action
    """Its value is what --json shows."""
    arguments: Arguments
    takes_rest: bool
    """Whether it takes all words up to the next `+`; otherwise the rest is the next verb."""
    needs_board: bool
    is_for_one: bool
    """Whether it makes no sense for several boards at once."""
    is_foreign: bool
    """Whether all its words are another program's, `+` included."""


VERBS: dict[str, Verb] = {}


def verb(
    name: str,
    group: str,
    summary: str,
    *,
    usage: str = "",
    arguments: Arguments = no_arguments,
    takes_rest: bool = False,
    needs_board: bool = True,
    is_for_one: bool = False,
    is_foreign: bool = False,
) -> Callable[[Action], Action]:
    """Registers the function that it decorates."""

    def register(action: Action) -> Action:
        VERBS[name] = Verb(
            name,
            group,
            summary,
            usage,
            action,
            arguments,
            takes_rest,
            needs_board,
            is_for_one,
            is_foreign,
        )
        return action

    return register


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence."""

    def error(self, message: str) -> Any:
        """Raises, instead of printing the usage and exiting."""
        from ..errors import UsageError

        raise UsageError(f"{self.prog}: {message}; see webrepl {self.prog} --help")


def parser_of(found: Verb) -> argparse.ArgumentParser:
    """The parser of a verb's words."""
    parser = Parser(
        prog=found.name,
        usage=f"webrepl {found.name} {found.usage}".rstrip(),
        description=f"{found.summary[0].upper()}{found.summary[1:]}.",
        conflict_handler="resolve",  # a verb may have a -h of its own
    )
    found.arguments(parser)
    if not found.takes_rest:
        parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser
