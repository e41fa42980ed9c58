# SPDX-License-Identifier: MIT
"""Command line: `python -m bindgen STUB... --out FOLDER [--reference]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from . import emit_c, emit_h, emit_md
from .model import Module, StubError
from .parse import parse

Emitter = Callable[[Module], str]

EMITTERS: dict[str, Emitter] = {
    "{module}_bindings.h": emit_h.emit,
    "{module}_bindings.c": emit_c.emit,
}
REFERENCE: dict[str, Emitter] = {"reference-{module}.md": emit_md.emit}


def generate(stubs: list[Path], emitters: dict[str, Emitter] = EMITTERS) -> dict[str, str]:
    """Generates the contents of all files, by name."""
    files = {}
    for stub in stubs:
        module = parse(stub)
        for name, emit in emitters.items():
            files[name.format(module=module.name)] = emit(module)
    return files


def stale(files: dict[str, str], folder: Path) -> list[Path]:
    """Finds the files in a folder that are missing or out of date."""
    return [
        folder / name
        for name, text in files.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str] | None = None) -> int:
    """Runs the command.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0; 1 when --check found stale files; 2 when a stub cannot be generated.
    """
    parser = argparse.ArgumentParser(
        prog="bindgen", description="Generates MicroPython bindings from stubs."
    )
    parser.add_argument("stubs", nargs="+", type=Path, metavar="STUB", help=".pyi file")
    parser.add_argument(
        "--out", "--output", required=True, type=Path, help="folder for the generated files"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when files are not up to date"
    )
    parser.add_argument(
        "--reference", action="store_true", help="write the reference in Markdown, instead of C"
    )
    options = parser.parse_args(arguments)
    try:
        files = generate(options.stubs, REFERENCE if options.reference else EMITTERS)
    except (StubError, OSError) as err:
        print(err, file=sys.stderr)
        return 2
    outdated = stale(files, options.out)
    if options.check:
        for path in outdated:
            print(f"{path}: not up to date", file=sys.stderr)
        return 1 if outdated else 0
    options.out.mkdir(parents=True, exist_ok=True)
    for path in outdated:  # the others keep their time, so that nothing is compiled again
        path.write_text(files[path.name], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
