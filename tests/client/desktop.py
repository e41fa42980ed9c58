# SPDX-License-Identifier: MIT
"""Desktop boards, and the command as people call it."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from tests.support.paths import CLIENT_SOURCE, SHIPPED
from tests.support.ports import unused_port
from tests.support.process import LoggedProgram
from tests.support.waiting import PATIENCE

PASSWORD = "swordfish"
PROGRAM = """
import sys, uhttpd
sys.path.insert(0, '')  # where modules are looked for on a chip
httpd = uhttpd.Server({port}, bind='127.0.0.1')
httpd.ws('/ws', {password!r})
{more}
print('PORT', httpd.port())
"""


class Board(LoggedProgram):
    """A running firmware, whose files are those of a directory. Nobody uses its own terminal."""

    def __init__(self, directory: Path, more: str = "") -> None:
        """Starts it, and waits until it serves the terminal."""
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.port = unused_port()
        program = directory.parent / f"{directory.name}.py"
        program.write_text(PROGRAM.format(port=self.port, password=PASSWORD, more=more))
        log = directory.parent / f"{directory.name}.log"
        super().__init__([SHIPPED, "-i", program], directory, log)
        self.wait_for_life(1)

    @property
    def address(self) -> str:
        """Its address, as on a command line."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The URL of its terminal."""
        return f"ws://{self.address}/ws"

    def wait_for_life(self, count: int) -> None:
        """Waits until its program has been started that many times."""
        self.expect(r"PORT \d+\r?\n", count)


def environment(password: str | None = PASSWORD) -> dict[str, str]:
    """Variables that the command needs, without anything of the person who runs the tests."""
    left_out = ("WEBREPL_", "EDITOR", "VISUAL")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(left_out)}
    kept["PYTHONPATH"] = str(CLIENT_SOURCE)
    kept["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    kept["WEBREPL_KNOWN_BOARDS"] = os.devnull
    if password is not None:
        kept["WEBREPL_PASSWORD"] = password
    return kept


COMMAND = [sys.executable, "-m", "webrepl_client"]


class Result:
    """The result of a command."""

    def __init__(self, status: int, output: bytes, error: bytes) -> None:
        """Takes the status and all output."""
        self.status = status
        self.bytes = output
        self.out = output.decode(errors="replace")
        self.error = error.decode(errors="replace")

    def __repr__(self) -> str:
        """Formats it for failures."""
        return f"status {self.status}, output {self.out!r}, error {self.error!r}"


def run_command(*words: object, cwd: Path | None = None, **more: str) -> Result:
    """Runs the command as a separate process."""
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**environment(), **more},
        timeout=PATIENCE,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def webrepl(
    *words: object,
    cwd: Path | None = None,
    password: str | None = PASSWORD,
    stdin: bytes = b"",
    **more: str,
) -> Result:
    """Runs the command within this process, which is faster."""
    from webrepl_client.cli.main import main

    output, error = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n") for _ in range(2))
    before = (os.getcwd(), sys.stdin)
    variables = {**environment(password), **more}
    with contextlib.ExitStack() as changes:
        changes.enter_context(contextlib.redirect_stdout(output))
        changes.enter_context(contextlib.redirect_stderr(error))
        changes.enter_context(mock.patch.dict(os.environ, variables, clear=True))
        try:
            os.chdir(cwd or before[0])
            sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
            status = main([str(word) for word in words])
        finally:
            os.chdir(before[0])
            sys.stdin = before[1]
    for stream in (output, error):
        stream.flush()
    return Result(status, output.buffer.getvalue(), error.buffer.getvalue())
