# SPDX-License-Identifier: MIT
"""The machines of components/webrepl as a Python extension, under AddressSanitizer and UBSan.

Their headers are what cffi reads, so that a test cannot drift from a contract. The extension is
built into build/unit, once for each state of the sources.

A sanitized extension needs its run-time library loaded before Python starts:

    LD_PRELOAD=$(gcc -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0 \
        python -m pytest tests/unit_webrepl

Without it the tests are skipped.
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
COMPONENT = ROOT / "components" / "webrepl"
BUILD = ROOT / "build" / "unit"

PRELOAD = "LD_PRELOAD=$(gcc -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0"

PUBLIC = COMPONENT / "include" / "webrepl.h"
NAMES = ["utf8", "ring", "framing", "login", "errcode", "classic", "file_work"]
HEADERS = [COMPONENT / "private_include" / f"{name}.h" for name in NAMES]
SOURCES = [COMPONENT / "src" / f"{name}.c" for name in [*NAMES, "files_posix"]]
INCLUDES = [
    COMPONENT / "private_include",
    COMPONENT / "include",
    ROOT / "components" / "uhttpd" / "include",
    ROOT / "host" / "include",
]

COMPILE = [
    *("-std=gnu11", "-O1", "-g", "-Wall", "-Wextra"),
    *("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"),
]
LINK = ["-fsanitize=address,undefined"]


def is_preloaded() -> bool:
    """Whether this process can load sanitized code, and will not complain about Python's leaks."""
    has_asan = hasattr(ctypes.CDLL(None), "__asan_init")
    return has_asan and "detect_leaks=0" in os.environ.get("ASAN_OPTIONS", "")


def declarations() -> str:
    """What cffi is to know: the headers, without what only a compiler understands."""
    files = re.search(r"typedef struct \{[^}]*\} webrepl_files_t;", PUBLIC.read_text())
    assert files, f"no webrepl_files_t in {PUBLIC}"
    text = "\n".join(header.read_text() for header in HEADERS)
    text = re.sub(r"^#(include|pragma).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^static inline [^{;]*\n\{\n.*?^\}$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(
        r"^#define (WR_TEMPORARY_MAX) .*$",
        "static const int WR_TEMPORARY_MAX;",
        text,
        flags=re.MULTILINE,
    )
    text = text.replace("[WR_TEMPORARY_MAX]", "[...]")
    extra = """
        void *malloc(size_t size);
        void free(void *memory);
        extern const webrepl_files_t webrepl_posix_files;
        extern "Python" {
            int py_open(const char *path, bool write, void **file);
            int py_read(void *file, void *buf, size_t size, size_t *got);
            int py_write(void *file, const void *buf, size_t len);
            int py_close(void *file);
            int py_rename(const char *from, const char *to);
            int py_remove(const char *path);
        }
    """
    return "\n".join([files.group(), text, extra])


def name() -> str:
    """Name of the extension; another one for each state of what it is made of."""
    digest = hashlib.sha256(repr((COMPILE, LINK, sys.version)).encode())
    for path in [*HEADERS, *SOURCES, PUBLIC, Path(__file__)]:
        digest.update(path.read_bytes())
    return "webrepl_machines_" + digest.hexdigest()[:16]


def build() -> None:
    """Compiles the extension."""
    ffi = cffi.FFI()
    ffi.cdef(declarations())
    includes = "\n".join(f'#include "{header.name}"' for header in HEADERS)
    ffi.set_source(
        name(),
        f'#include <stdlib.h>\n#include "webrepl.h"\n{includes}',
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
