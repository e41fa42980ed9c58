# SPDX-License-Identifier: MIT
"""Programs under test: building, starting, commanding and ending them."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tools import esp_engine, network

from .http import HttpClient
from .paths import BUILD
from .waiting import PATIENCE

T = TypeVar("T")


def sanitizer_of(folder: Path) -> str:
    """Sanitizers of a folder's program. HTTP_TEST_SANITIZER=thread changes that of tests/http."""
    return os.environ.get(f"{folder.name.upper()}_TEST_SANITIZER", "address,undefined")


def build_folder(folder: Path) -> Path:
    """The folder where the program of a folder of tests is built."""
    kind = sanitizer_of(folder).replace(",", "-") or "plain"
    return BUILD / f"tests-{folder.name}-{kind}{esp_engine.suffix()}{network.suffix()}"


def build_program(folder: Path, name: str, *options: str) -> Path:
    """Builds the program of a folder with sanitizers and counters. `options` are for CMake."""
    sanitizer, build = sanitizer_of(folder), build_folder(folder)
    flags = "-g -fno-omit-frame-pointer -Werror"
    flags += "" if network.chosen() else " -O1 --coverage -fprofile-update=atomic"
    flags += f" -fsanitize={sanitizer}" if sanitizer else ""
    flags += " -fno-sanitize-recover=undefined" if "undefined" in sanitizer else ""
    chosen = esp_engine.cmake_option(), *network.cmake_options()
    options = (f"-DCMAKE_C_FLAGS={flags}", *chosen, *options)
    configure = ["cmake", "-S", folder, "-B", build, *options]
    build.mkdir(parents=True, exist_ok=True)
    with (build / ".lock").open("w") as lock:  # runs of the same folder's tests build it, too
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(configure, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--build", build, "-j2"], check=True, stdout=subprocess.DEVNULL)
    return build / name


def require(program: Path) -> None:
    """Fails if a program was not built."""
    if not program.exists():
        pytest.exit(f"{program} is missing: make build", returncode=2)


class LineProgram:
    """A program that takes orders and answers them, one line each.

    Its standard error goes to a file, because a pipe that nobody reads would fill up and block it.
    """

    ENVIRONMENT = {
        "ASAN_OPTIONS": "detect_leaks=1:exitcode=99",
        "TSAN_OPTIONS": "halt_on_error=1:exitcode=99:second_deadlock_stack=1",
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }

    def __init__(
        self,
        command: Sequence[str | Path],
        options: Mapping[str, object],
        folder: Path | None = None,
    ) -> None:
        """Starts it with options as words name=value. `greeting` begins its first line."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the object)
        self.process = subprocess.Popen(
            [*command, *(f"{name}={value}" for name, value in options.items())],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env={**os.environ, **self.ENVIRONMENT},
        )
        self.clients: list[HttpClient] = []
        self.lost = False
        self.port = 0
        try:
            self.greeting = self.answer()
        except BaseException:
            self.kill()
            raise

    @property
    def errors(self) -> str:
        """Its complaints so far."""
        return os.pread(self._errors.fileno(), 1 << 24, 0).decode(errors="replace")

    def give(self, order: str) -> None:
        """Gives an order."""
        assert self.process.stdin is not None
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        """Reads the answer to an order."""
        assert self.process.stdout is not None
        ready = select.select([self.process.stdout], [], [], PATIENCE)[0]
        assert ready, "the program does not answer"
        line = self.process.stdout.readline().strip()
        assert line, f"the program has ended with {self.process.wait()}: {self.errors}"
        return line

    def command(self, order: str) -> str:
        """Gives an order and waits for its answer."""
        self.give(order)
        return self.answer()

    def take_port(self, said: str) -> None:
        """Returns the port from its answer. Ends it if it does not listen."""
        word, _, port = said.partition(" ")
        if word != "port":
            self.process.kill()
            self.process.wait()
        assert word == "port", said
        self.port = int(port)

    def finish(self) -> str:
        """Ends it in order. It must not complain. Returns the last thing it says."""
        said = ""
        if self.process.poll() is None:
            said, _ = self.process.communicate(timeout=PATIENCE)
        for client in self.clients:
            client.close()
        assert self.process.returncode == (-signal.SIGKILL if self.lost else 0), self.errors
        assert "Sanitizer" not in self.errors and "runtime error" not in self.errors, self.errors
        return said

    def cut_power(self) -> None:
        """Kills it."""
        self.lost = True
        self.process.kill()
        self.process.wait()

    def kill(self) -> None:
        """Kills it if finish() could not. Shows what it said, for a test that has failed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGABRT)
            try:
                self.process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        print(self.errors)


class LoggedProgram:
    """A program whose output goes to a file, so that it never waits for a reader."""

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        log: Path,
        stdin: Any = subprocess.DEVNULL,
        **environment: str,
    ) -> None:
        """Starts it in a folder, which is also its home."""
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": str(folder), **environment},
            )

    @property
    def said(self) -> str:
        """Everything it has printed."""
        return self.log.read_text(errors="replace")

    def expect(self, pattern: str, times: int = 1) -> re.Match[str]:
        """Waits until it has printed a text that many times. Returns the last match."""
        end = time.monotonic() + PATIENCE
        while len(found := list(re.finditer(pattern, self.said))) < times:
            assert self.process.poll() is None, f"it has ended, having said {self.said!r}"
            assert time.monotonic() < end, f"no {pattern!r} in {self.said!r}"
            time.sleep(0.02)
        return found[times - 1]

    def type(self, text: str) -> None:
        """Writes to its standard input, which must be a pipe."""
        assert self.process.stdin is not None
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def status(self) -> int:
        """Waits for its end."""
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """Ends it: asks it to end, and kills it if it does not."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()


@contextmanager
def each_closed(make: Callable[..., T]) -> Iterator[Callable[..., T]]:
    """Returns a function that makes things. All are closed after the test."""
    with ExitStack() as made:

        def make_one(*arguments: Any, **options: Any) -> T:
            one: Any = make(*arguments, **options)
            made.callback(one.close)
            return one

        yield make_one


@contextmanager
def each_judged(make: Callable[..., LineProgram]) -> Iterator[Callable[..., Any]]:
    """Returns a function that starts programs. After the test each must end in order."""
    running: list[LineProgram] = []

    def start(*arguments: Any, **options: Any) -> LineProgram:
        running.append(make(*arguments, **options))
        return running[-1]

    yield start
    try:
        for program in running:
            program.finish()
    finally:
        for program in running:
            program.kill()
