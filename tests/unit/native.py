# SPDX-License-Identifier: MIT
"""The parsers of components/uhttpd as a Python extension, under AddressSanitizer and UBSan.

Their headers are what cffi reads, so that a test cannot drift from a contract. The extension is
built into build/unit, once for each state of the sources.

A sanitized extension needs its run-time library loaded before Python starts:

    LD_PRELOAD=$(gcc -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0 \
        python -m pytest tests/unit

Without it the tests are skipped. Python itself leaks by design, hence no leak detection; the
parsers do not allocate.
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
from pathlib import Path
from types import ModuleType

import cffi

ROOT = Path(__file__).resolve().parents[2]
UHTTPD = ROOT / "components" / "uhttpd"
BUILD = ROOT / "build" / "unit"

PRELOAD = "LD_PRELOAD=$(gcc -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0"

PARSERS = {  # header: source, of components/uhttpd
    "authority.h": "authority.c",
    "chunked.h": "chunked.c",
    "head.h": "head.c",
    "origin.h": "origin.c",
    "uhttpd_query.h": "query.c",
    "token.h": "token.c",
    "utf8.h": "utf8.c",
    "ws_codec.h": "websocket/codec.c",
    "ws_handshake.h": "websocket/handshake.c",
}
HEADERS = [next(UHTTPD.glob(f"*include/{name}")) for name in PARSERS]
SOURCES = [UHTTPD / "src" / name for name in PARSERS.values()]
METHODS = UHTTPD / "include" / "uhttpd.h"
INCLUDES = [UHTTPD / "private_include", UHTTPD / "include", ROOT / "host" / "include"]

COMPILE = [
    *("-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Wno-unused-parameter"),
    *("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"),
]
LINK = ["-fsanitize=address,undefined", "-lmbedcrypto"]


def is_preloaded() -> bool:
    """Whether this process can load sanitized code, and will not complain about Python's leaks."""
    has_asan = hasattr(ctypes.CDLL(None), "__asan_init")
    return has_asan and "detect_leaks=0" in os.environ.get("ASAN_OPTIONS", "")


def declarations() -> str:
    """What cffi is to know: the headers, without what only a preprocessor understands."""
    text = "\n".join(header.read_text() for header in HEADERS)
    methods = re.search(r"typedef enum \{[^}]*\} uhttpd_method_t;", METHODS.read_text())
    assert methods, f"no uhttpd_method_t in {METHODS}"
    text = re.sub(r"^#ifdef __cplusplus\n.*?^#endif$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^#(include|pragma).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^(#define \w+) \((-?\w+)\)", r"\1 \2", text, flags=re.MULTILINE)
    allocator = "void *malloc(size_t size); void free(void *memory);"
    return "\n".join([methods.group(), text, allocator])


def name() -> str:
    """Name of the extension; another one for each state of what it is made of."""
    digest = hashlib.sha256(repr((COMPILE, LINK, sys.version)).encode())
    for path in [*HEADERS, *SOURCES, METHODS, Path(__file__)]:
        digest.update(path.read_bytes())
    return "uhttpd_parsers_" + digest.hexdigest()[:16]


def build() -> None:
    """Compiles the extension."""
    ffi = cffi.FFI()
    ffi.cdef(declarations())
    includes = "\n".join(f'#include "{header.name}"' for header in HEADERS)
    ffi.set_source(
        name(),
        f'#include <stdlib.h>\n#include "uhttpd.h"\n{includes}',
        sources=[str(source) for source in SOURCES],
        include_dirs=[str(directory) for directory in INCLUDES],
        extra_compile_args=COMPILE,
        extra_link_args=LINK,
    )
    ffi.compile(tmpdir=str(BUILD), verbose=False)


def load() -> ModuleType:
    """Imports the extension, built anew where the sources have changed."""
    path = BUILD / (name() + sysconfig.get_config_var("EXT_SUFFIX"))
    if not path.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        environment = {key: value for key, value in os.environ.items() if key != "LD_PRELOAD"}
        subprocess.run([sys.executable, __file__], env=environment, check=True)
    spec = importlib.util.spec_from_file_location(name(), path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    build()
