# SPDX-License-Identifier: MIT
"""Keys of a person, on their way to the board.

MicroPython's line editor takes ASCII only, and indents what is indented already. A statement that
it cannot take is edited here, and run through paste mode. People see no difference. The terminal
page does the same, in clients/web/src/prompt.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator
from typing import Callable

from .editing import Editing
from .line import keys_in
from .screen import AtPrompt, Screen
from .unseen import INTERRUPT, Unseen

POLL = 0.02
"""Seconds after which a prompt that is busy wants go_on()."""
SETTLED = 1.5
"""Seconds that the echo of a key, or a prompt behind it, may take."""
QUIET = 0.06
"""Seconds after which output is complete."""
ECHO_TIMEOUT = 3.0
"""Seconds without output after which nothing is hidden any more."""
FOREIGN = re.compile(r"[^\x00-\x7f]")
INDENTED_PASTE = re.compile(r"[\r\n][ \t]+\S")
MODE_CHANGE = re.compile(r"[\x01\x05]")
"""At its beginning: whoever asks for raw or paste mode knows what comes."""
TYPED_LAST = re.compile(r"[^\x00-\x1f\x7f]*\Z")
PROBE = "_"
"""A character that every board shows, behind one that may be dropped."""


class Prompt:
    """Of one session. Keys and output pass through it."""

    def __init__(
        self,
        send: Callable[[bytes], None],
        show: Callable[[bytes], None],
        columns: Callable[[], int],
    ) -> None:
        """With functions.

        Args:
            send: Takes keys for the board.
            show: Takes output for the person.
            columns: The width of the person's terminal.
        """
        self._send_bytes = send
        self._show = show
        self._columns = columns
        self._screen = Screen()
        self._unseen = Unseen()
        self._editing: Editing | None = None
        self._waiting = ""
        self._work: Generator[None, None, None] | None = None
        self._takes_all: bool | None = None
        """Of the board's line editor; None: not known yet."""
        self._typed = ""
        """Characters since the last other key; their echo may be under way."""
        self._moved_at = self._heard_at = time.monotonic()

    @property
    def is_busy(self) -> bool:
        """Whether keys wait for an answer of the board."""
        return self._work is not None

    def type(self, keys: str) -> None:
        """Takes keys, or a paste as a whole."""
        self._waiting += keys
        self.go_on()

    def hear(self, output: bytes) -> None:
        """Takes output of the board, if there is any."""
        if output:
            self._heard_at = time.monotonic()
            self._reveal(self._unseen.visible(output))

    def cancel(self) -> None:
        """Forgets what is edited here, and all that waits: Ctrl-C is on its way."""
        self._waiting = ""
        self._work = self._editing = None
        self._reveal(self._unseen.give_up())
        self._moved()

    def go_on(self) -> None:
        """Does as much as the answers of the board allow."""
        while self._work or self._waiting:
            if not self._work:
                keys, self._waiting = self._waiting, ""
                self._work = self._handle(keys)
            for _ in self._work:
                return  # it waits
            self._work = None

    def _handle(self, keys: str) -> Generator[None, None, None]:
        if self._editing:
            yield from self._edit(self._editing, keys)
        elif self._takes_all or not self._needs_care(keys):
            self._pass(keys)
        elif at := (yield from self._settled()):
            yield from self._begin(at, keys)
        else:
            self._pass(keys)  # a program reads it, not Python

    @staticmethod
    def _needs_care(keys: str) -> bool:
        needs = FOREIGN.search(keys) or INDENTED_PASTE.search(keys)
        return bool(needs) and not MODE_CHANGE.match(keys)

    def _pass(self, keys: str) -> None:
        typed = TYPED_LAST.search(keys)
        assert typed
        if typed.group() == keys:
            self._typed += keys
        else:
            self._moved(typed.group())
        self._send(keys)

    def _moved(self, typed: str = "") -> None:
        self._moved_at = time.monotonic()
        self._typed = typed

    def _send(self, keys: str) -> None:
        self._send_bytes(keys.encode("utf-8", "surrogateescape"))

    def _write(self, text: str) -> None:
        self._show(text.encode())

    def _reveal(self, output: bytes) -> None:
        self._screen.hear(output)
        self._show(output)

    def _settled(self) -> Generator[None, None, AtPrompt | None]:
        """Waits until the screen shows all that was typed before; returns what it shows."""
        end = time.monotonic() + SETTLED
        while True:
            at, now = self._screen.at_prompt(), time.monotonic()
            late = now > self._moved_at + SETTLED
            quiet = late or (self._heard_at > self._moved_at and now > self._heard_at + QUIET)
            echoed = at and quiet and at.line.before.endswith(self._typed)
            if echoed or now > end or (late and not at):
                return at
            yield

    def _begin(self, at: AtPrompt, keys: str) -> Generator[None, None, None]:
        head = re.match(r"[ -~]*[^\x00-\x7f]", keys)
        if head and self._takes_all is None:
            self._takes_all = yield from self._probed(at.line.before, head.group())
            if self._takes_all:
                keys = keys[head.end() :]
        if self._takes_all:
            self._pass(keys)
            return
        now = self._screen.at_prompt() or at
        is_block = bool(INDENTED_PASTE.search(keys))
        columns = self._columns
        self._editing = Editing(at, now.line.before, is_block, self._write, columns)
        yield from self._edit(self._editing, keys)

    def _probed(self, before: str, head: str) -> Generator[None, None, bool]:
        """Whether the board shows the last character of `head`, which it may drop."""
        self._send(head + PROBE)
        taken, dropped = before + head + PROBE, before + head[:-1] + PROBE
        end = time.monotonic() + SETTLED
        while time.monotonic() < end:
            now = self._screen.at_prompt()
            if now and now.line.before == taken:
                self._send("\x7f")
                return True
            if now and now.line.before == dropped:
                break
            yield
        return False

    def _edit(self, editing: Editing, keys: str) -> Generator[None, None, None]:
        presses = keys_in(keys)
        for number, key in enumerate(presses, 1):
            if key == INTERRUPT:
                self._editing = None
                self._pass("".join(presses[number - 1 :]))
                return
            code = editing.take(key, number < len(presses))
            if code is not None:
                self._editing = None
                yield from self._run(code if editing.is_block else as_typed(code))
                self._waiting = "".join(presses[number:]) + self._waiting
                return
        editing.draw()

    def _run(self, code: str) -> Generator[None, None, None]:
        """Runs code unseen; the person's cursor is in a new line."""
        begun = self._screen.at_prompt()
        clears = bool(begun and (begun.above or any(begun.line)))
        self._screen.hear(b"\r\n")
        self._heard_at = time.monotonic()
        self._moved()
        self._send(self._unseen.run(code, clears))
        while self._unseen.is_busy:
            if time.monotonic() > self._heard_at + ECHO_TIMEOUT:
                self._reveal(self._unseen.give_up())
            else:
                yield


def as_typed(code: str) -> str:
    """Code that shows the value of an expression; paste mode by itself runs it as a file."""
    text = ascii(f"{code}\n")
    return f"exec(compile({text},'<stdin>','single'))"
