# SPDX-License-Identifier: MIT
"""C sources as a Python extension, under AddressSanitizer and UBSan.

cffi reads their headers, so that a test cannot drift from a contract. An extension is built into
build/unit, once for each state of the sources.

It needs the sanitizer's run-time library loaded before Python starts, as tools/test.py does:

    LD_PRELOAD=$(gcc -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0 \
        python -m pytest tests/unit

Without it the tests are skipped. Python itself leaks by design, so leaks are not detected.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cffi
import pytest

from .paths import ROOT

BUILD = ROOT / "build" / "unit"

PRELOAD = "LD_PRELOAD=$(gcc -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0"
COMPILE = [
    *("-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Wno-unused-parameter"),
    *("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"),
    "--coverage",  # counts the lines that tests run, see tools/covered.py
]
LINK = ["-fsanitize=address,undefined", "--coverage"]


def is_preloaded() -> bool:
    """Whether this process can load sanitized code without complaints about Python's leaks."""
    has_asan = hasattr(ctypes.CDLL(None), "__asan_init")
    return has_asan and "detect_leaks=0" in os.environ.get("ASAN_OPTIONS", "")


def expanded(header: Path) -> str:
    """A header after the preprocessor, without what it includes."""
    text = re.sub(r"^#include.*$", "", header.read_text(), flags=re.MULTILINE)
    return subprocess.check_output(["gcc", "-E", "-P", "-"], input=text, text=True)


def readable(header: str) -> str:
    """A header without parts that only a compiler understands."""
    both = re.MULTILINE | re.DOTALL
    text = re.sub(r"^#ifdef __cplusplus\n.*?^#endif$", "", header, flags=both)
    text = re.sub(r"^#(include|pragma|define \w+ \(\().*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^static inline [^{;]*\n\{\n.*?^\}$", "", text, flags=both)
    return re.sub(r"^(#define \w+) \((-?\w+)\)", r"\1 \2", text, flags=re.MULTILINE)


@dataclass(frozen=True)
class Extension:
    """The sources and headers of an extension."""

    script: Path
    """The file that defines it. As a program it must call build()."""
    name: str
    headers: list[Path]
    sources: list[Path]
    includes: list[Path]
    public: Path
    """A header that the others need, and that cffi cannot read as a whole ..."""
    before: str
    """... and the part that it reads."""
    after: str = ""
    libraries: list[str] = field(default_factory=list)

    def declarations(self) -> str:
        """The declarations for cffi."""
        headers = [readable(header.read_text()) for header in self.headers]
        allocator = "void *malloc(size_t size); void free(void *memory);"
        return "\n".join([self.before, *headers, allocator, self.after])

    def module_name(self) -> str:
        """A name that differs for each state of the sources."""
        digest = hashlib.sha256(repr((self.libraries, sys.version, self.before)).encode())
        for path in [*self.headers, *self.sources, self.public, self.script, Path(__file__)]:
            digest.update(path.read_bytes())
        return f"{self.name}_{digest.hexdigest()[:16]}"

    def build(self) -> None:
        """Compiles it."""
        ffi = cffi.FFI()
        ffi.cdef(self.declarations())
        includes = "\n".join(f'#include "{header}"' for header in [self.public, *self.headers])
        ffi.set_source(
            self.module_name(),
            f"#include <stdlib.h>\n{includes}",
            sources=[str(source) for source in self.sources],
            include_dirs=[str(directory) for directory in self.includes],
            extra_compile_args=COMPILE,
            extra_link_args=[*LINK, *self.libraries],
        )
        ffi.compile(tmpdir=str(BUILD), verbose=False)

    def load(self) -> Any:
        """Imports it, built again if the sources have changed. Skips the tests if it cannot."""
        if not is_preloaded():
            pytest.skip(f"needs {PRELOAD}", allow_module_level=True)
        name = self.module_name()
        path = BUILD / (name + sysconfig.get_config_var("EXT_SUFFIX"))
        if not path.exists():
            BUILD.mkdir(parents=True, exist_ok=True)
            environment = {key: value for key, value in os.environ.items() if key != "LD_PRELOAD"}
            module = ".".join(self.script.relative_to(ROOT).with_suffix("").parts)
            command = [sys.executable, "-m", module]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


class Memory:
    """Copies of data whose bounds the sanitizer watches.

    cffi's own memory comes from Python's pools, where the sanitizer cannot see reads beyond it.
    """

    def __init__(self, extension: Any) -> None:
        """Allocates for functions of an extension."""
        self.ffi = extension.ffi
        allocate, free = extension.lib.malloc, extension.lib.free
        self._new = self.ffi.new_allocator(allocate, free, should_clear_after_alloc=False)
        self.new = self.ffi.new_allocator(allocate, free, should_clear_after_alloc=True)

    def _copy(self, kind: str, data: bytes) -> Any:
        copy = self._new(kind, len(data))
        self.ffi.memmove(copy, data, len(data))
        return copy

    def buffer(self, data: bytes) -> Any:
        """A copy of the bytes, of exactly their size."""
        return self._copy("uint8_t[]", data)

    def chars(self, data: bytes) -> Any:
        """The same for functions that take `char *`. Keep it until they have returned."""
        return self._copy("char[]", data)

    def text(self, data: bytes) -> Any:
        """A string that ends in NUL."""
        return self.chars(data + b"\0")


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """Splits the data at the given places, which may be anywhere and in any order."""
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in zip(places, places[1:])] or [b""]
