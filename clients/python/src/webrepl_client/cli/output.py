# SPDX-License-Identifier: MIT
"""Where a command's output goes: text, JSON, and a bar for each board."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..errors import ExecError, ProgramExit

if TYPE_CHECKING:  # rich takes a while to import, and is only needed for bars
    from rich.progress import Progress, TaskID


def harmless(text: str) -> str:
    """Makes a board's text safe for a terminal: shows control characters instead."""

    def shown(character: str) -> str:
        if character in "\n\t" or character.isprintable() or "\ud800" <= character <= "\udfff":
            return character
        return character.encode("unicode_escape").decode()

    return "".join(map(shown, text))


class Screen:
    """Standard output and error of the whole command, for all threads."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        """With the options that concern output."""
        self.as_json = as_json
        self._quiet = quiet
        self._lock = threading.RLock()
        self._progress: Progress | None = None

    def write(self, data: bytes) -> None:
        """To standard output, as it is."""
        with self._lock:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def print(self, text: str) -> None:
        """A line to standard output, above the bars."""
        with self._lock:
            if sys.stdout.isatty():
                text = harmless(text)
            if self._progress and sys.stdout.isatty():
                self._progress.console.print(text, markup=False, highlight=False)
            else:
                self.write(f"{text}\n".encode(errors="surrogateescape"))

    def complain(self, text: str) -> None:
        """A line to standard error."""
        text = harmless(text)
        with self._lock:
            if self._progress:
                self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)
            else:
                print(text, file=sys.stderr, flush=True)

    @contextlib.contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Hides the bars while a person is asked."""
        with self._lock:
            if self._progress:
                self._progress.stop()
            yield
            if self._progress:
                self._progress.start()

    def bar(self, name: str, size: int) -> tuple[Progress, TaskID] | None:
        """A new bar for so many bytes, if there is a terminal to show it."""
        if self._quiet or self.as_json or not sys.stderr.isatty():
            return None
        with self._lock:
            if not self._progress:
                self._progress = _progress()
                self._progress.start()
            return self._progress, self._progress.add_task(name, total=size)

    def remove(self, bar: tuple[Progress, TaskID]) -> None:
        """Takes a bar away; draws nothing any more if it was the last."""
        progress, task = bar
        with self._lock:
            progress.remove_task(task)
            if not progress.tasks:
                self.close()

    def close(self) -> None:
        """Leaves the bars as they stand."""
        if self._progress:
            self._progress.stop()
            self._progress = None


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True, highlight=False),
    )


class Bar:
    """The progress of one board's copies; see transfer.Reporter. Lasts for all verbs."""

    def __init__(self, screen: Screen, name: str) -> None:
        """Shown when there is something to show."""
        self._screen = screen
        self._name = name
        self._bar: tuple[Progress, TaskID] | None = None
        self._files = 0
        self._at = 0
        self.copied: list[str] = []
        self.missed: list[str] = []

    def begin(self, files: int, size: int) -> None:
        """See Reporter."""
        self._files, self._at = files, 0
        self._bar = self._screen.bar(self._name, size)

    def file(self, name: str) -> None:
        """See Reporter."""
        self.copied.append(name)
        self._count(name)

    def moved(self, size: int) -> None:
        """See Reporter."""
        self._update(advance=size)

    def reached(self, size: int) -> None:
        """How many bytes of the only file are done."""
        self._update(completed=size)

    def skipped(self, name: str, size: int) -> None:
        """See Reporter."""
        self._count(name)
        self._update(advance=size)

    def left_out(self, names: list[str]) -> None:
        """See Reporter. The verb says it, because whoever calls this must not wait."""
        self.missed = names

    def end(self) -> None:
        """Takes it away."""
        if self._bar:
            self._screen.remove(self._bar)
            self._bar = None

    def _count(self, name: str) -> None:
        self._at += 1
        place = f" {self._at}/{self._files}" if self._files > 1 else f" {harmless(name)}"
        self._update(description=f"{self._name}{place}")

    def _update(self, **changes: Any) -> None:
        if self._bar:
            progress, task = self._bar
            progress.update(task, **changes)


class Output:
    """What one board's verbs say."""

    def __init__(self, screen: Screen, name: str, *, is_one_of_many: bool) -> None:
        """For the board of that name."""
        self.screen = screen
        self._name = name
        self._prefix = f"{name}: " if is_one_of_many else ""
        self._line = b""
        self.bar = Bar(screen, name)

    @property
    def as_json(self) -> bool:
        """Whether JSON is wanted instead of text."""
        return self.screen.as_json

    def undisturbed(self) -> contextlib.AbstractContextManager[None]:
        """Hides the bars while a person is asked."""
        return self.screen.undisturbed()

    def say(self, text: str) -> None:
        """A line for people."""
        if not self.as_json:
            self.screen.print(self._prefix + text)

    def stream(self, data: bytes) -> None:
        """Output of a program, or of a file, as it comes; of many boards, in lines with names."""
        if self.as_json:
            return
        if not self._prefix:
            self.screen.write(data)
            return
        *lines, self._line = (self._line + data).split(b"\n")
        for line in lines:
            self.screen.write(self._prefix.encode() + line + b"\n")

    def end_stream(self) -> None:
        """Writes the rest of a line."""
        if self._line:
            self.stream(b"\n")

    def complain(self, text: str) -> None:
        """A line that says what went wrong."""
        self.screen.complain(self._prefix + text)

    def left_out(self, names: Iterable[str]) -> None:
        """Says which files here were not copied, if any."""
        if text := ", ".join(names):
            self.complain(f"left out: {text}")

    def value(self, verb: str, value: Any) -> None:
        """What a verb has found, for programs."""
        if self.as_json:
            document = {"board": self._name, "command": verb, "result": value}
            self.screen.print(json.dumps(document, ensure_ascii=False))

    def error(self, verb: str, status: int, error: Exception) -> None:
        """Why a verb has failed."""
        if self.as_json:
            text = str(error)
            document = {"board": self._name, "command": verb, "error": text, "status": status}
            self.screen.print(json.dumps(document, ensure_ascii=False))
        elif isinstance(error, ProgramExit):
            pass  # it has said itself what there is to say
        elif isinstance(error, ExecError):
            self.complain(error.traceback.rstrip())
        else:
            self.complain(f"webrepl: {error}")
