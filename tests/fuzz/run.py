# SPDX-License-Identifier: MIT
"""Fuzzes the parsers with libFuzzer, AddressSanitizer and UBSan.

Usage: python3 -m tests.fuzz.run [--seconds N] [target ...]

Each target gets N seconds (FUZZ_S, or 30). Useful inputs stay in build/fuzz/corpus, and the next
run starts with them. An input that breaks a parser goes to build/fuzz/crashes, and makes the exit
status 1. CLANG names the compiler.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

from . import seeds

HERE = Path(__file__).resolve().parent
UHTTPD = ROOT / "components" / "uhttpd"
WEBREPL = ROOT / "components" / "webrepl"
BUILD = ROOT / "build" / "fuzz"

TARGETS = {  # sources of components/uhttpd/src
    "second": [WEBREPL / "src" / "second" / "message.c", WEBREPL / "src" / "second" / "request.c"],
    "head": ["http/head.c", "http/host.c", "http/method.c", "http/pattern.c", "http/text.c"],
    "chunked": ["http/chunked.c", "http/text.c"],
    "ws": ["websocket/codec.c", "http/text.c"],
    "query": ["http/query.c", "http/text.c"],
    "json": ["http/json.c", "http/text.c"],
    "path": ["files/path.c", "http/text.c"],
    "range": ["http/validators.c", "http/fields.c", "http/text.c"],
    "conditional": ["http/validators.c", "http/text.c"],
    "disposition": ["http/fields.c", "http/text.c"],
    "multipart": ["http/multipart.c", "http/fields.c", "http/text.c"],
    "digest": ["http/fields.c", "http/text.c"],
    "destination": ["http/host.c", "http/text.c"],
}
FLAGS = [
    "-std=gnu11",  # as the product
    "-O1",
    "-g",
    "-Wall",
    "-Wextra",
    "-Wno-unused-parameter",
    "-Werror",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
]
LIBFUZZER = "-fsanitize=fuzzer"
INCLUDES = [
    UHTTPD / "src",
    UHTTPD / "include",
    WEBREPL / "src",
    ROOT / "host" / "include",
]
MAX_INPUT = 4096  # bytes


def build(target: str, program: Path, compiler: str, driver: str | Path) -> None:
    """Compiles one fuzzer.

    Args:
        target: One of TARGETS.
        program: The file to write.
        compiler: GCC or clang.
        driver: What calls the fuzzer: a source, or an option of the compiler.
    """
    program.parent.mkdir(parents=True, exist_ok=True)
    sources = [HERE / f"{target}.c", *(UHTTPD / "src" / name for name in TARGETS[target])]
    includes = [f"-I{directory}" for directory in INCLUDES]
    command = [compiler, *FLAGS, driver, *includes, *sources, "-o", program, "-lmbedcrypto"]
    subprocess.run(command, check=True)


def run(target: str, clang: str, seconds: int) -> bool:
    """Builds and runs one fuzzer; True when it has found nothing."""
    program = BUILD / target
    build(target, program, clang, LIBFUZZER)
    corpus, crashes = BUILD / "corpus" / target, BUILD / "crashes"
    corpus.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(parents=True, exist_ok=True)
    seeds.write(target, BUILD / "seeds" / target)
    print(f"fuzz: {target}, {seconds} s", flush=True)
    command = [
        program,
        f"-max_total_time={seconds}",
        f"-max_len={MAX_INPUT}",
        f"-artifact_prefix={crashes}/{target}-",
        "-print_final_stats=1",
        "-verbosity=1",
        corpus,
        BUILD / "seeds" / target,
    ]
    log = BUILD / f"{target}.log"
    with log.open("w") as file:
        status = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT).returncode
    lines = log.read_text(errors="replace").splitlines()
    report = lines[-60:] if status else [line for line in lines if "executed_units" in line]
    print("\n".join(report), flush=True)
    return status == 0


def main() -> int:
    """Runs the targets named, or all of them, one after the other."""
    assert __doc__
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=int(os.environ.get("FUZZ_S", "30")))
    parser.add_argument("targets", nargs="*", metavar="target", help=", ".join(TARGETS))
    options = parser.parse_args()
    unknown = set(options.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    clang = os.environ.get("CLANG", "clang")
    if not shutil.which(clang):
        sys.exit(f"fuzz: {clang} is needed: libFuzzer comes with it")
    results = [run(target, clang, options.seconds) for target in options.targets or TARGETS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
