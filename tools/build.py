#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds the desktop firmwares: build/host/micropython, and build/host/firmware in plain C.

Every step is incremental. MICROPY_DIR names a copy of MicroPython's source to use instead of the
downloaded one; nothing is written to it. ESP_HTTP_SERVER_DIR names ESP-IDF's
components/esp_http_server to use instead of the imitation in host/; the firmwares are then in
build/host-idf-<number>.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import compile_commands
import esp_engine
import micropython_source
import node

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
JOBS = f"-j{os.cpu_count() or 1}"

BINDINGS = ("uhttpd", "_webrepl")  # modules in C, by their stubs

SANITIZERS = "-fsanitize=address,undefined -fno-omit-frame-pointer"
# The collector scans the whole stack, and finds objects there that have left their scope. The
# interpreter passes null pointers with length 0 to memcpy.
PYTHON_SANITIZERS = f"{SANITIZERS} --param asan-use-after-return=0 -fno-sanitize=nonnull-attribute"
# Count the lines that tests run, in threads too; see tools/covered.py.
COUNTERS = "--coverage -fprofile-update=atomic"


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> None:
    """Runs a command. If it fails, its output is shown and the build ends."""
    env = {**os.environ, **environment}
    done = subprocess.run(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
        sys.exit(f"build: this failed: {' '.join(map(str, command))}")


def digest(folder: Path) -> str:
    """Hashes the names and contents of all files in a folder."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            total.update(str(path.relative_to(folder)).encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def empty_copy(copy: Path) -> None:
    """Removes all but the installed packages: the compiler would find files that have gone."""
    for path in copy.glob("*"):
        if path.is_file():
            path.unlink()
        elif path.name != "node_modules":
            shutil.rmtree(path)


def build_page() -> None:
    """Builds the terminal page: clients/web to build/web/page.html.gz."""
    source = ROOT / "clients" / "web"
    copy, target = BUILD / "web-src", BUILD / "web"
    stamp = target / ".source"
    wanted = digest(source)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("build: terminal page", flush=True)
    ignore = shutil.ignore_patterns("node_modules", ".test")
    lock = copy / "package-lock.json"
    installed = lock.exists() and lock.read_bytes() == (source / lock.name).read_bytes()
    empty_copy(copy)
    shutil.copytree(source, copy, ignore=ignore, dirs_exist_ok=True)
    if not (installed and (copy / "node_modules" / ".package-lock.json").exists()):
        run("npm", "ci", "--no-audit", "--no-fund", cwd=copy, PATH=node.path())
    run("npm", "run", "build", cwd=copy, OUT=str(target), PATH=node.path())
    stamp.write_text(wanted)


def build_desktop(folder: Path, kind: str, sanitize: bool) -> None:
    """Builds the components as libraries in folder/lib, and build/<kind>/firmware in plain C."""
    print(f"build: {folder.relative_to(ROOT)}", flush=True)
    options = [f"-DSANITIZE={'ON' if sanitize else 'OFF'}"]
    if not (folder / "CMakeCache.txt").exists():
        run("cmake", "-S", ROOT / "desktop", "-B", folder, *options, esp_engine.cmake_option())
    run("cmake", "--build", folder, JOBS)
    install(folder / "firmware" / "firmware", BUILD / kind / "firmware")


def generate_bindings() -> None:
    """Generates build/bindgen/*.c from the stubs micropython/*.pyi."""
    output = BUILD / "bindgen"
    output.mkdir(parents=True, exist_ok=True)
    stubs = [ROOT / "micropython" / f"{name}.pyi" for name in BINDINGS]
    for path in output.glob("*_bindings.*"):
        if path.name.rpartition("_")[0] not in BINDINGS:
            path.unlink()
    run(sys.executable, "-m", "bindgen", "--output", output, *stubs, cwd=ROOT / "micropython")


def micropython_folder() -> tuple[Path, str]:
    """Returns MicroPython's source, and a suffix for folders that are built from it."""
    chosen = os.environ.get("MICROPY_DIR")
    if chosen:
        source = Path(chosen).resolve()
        return source, "-" + hashlib.sha256(str(source).encode()).hexdigest()[:8]
    return micropython_source.ensure(), ""


def build_mpy_cross(source: Path, suffix: str) -> Path:
    """Builds MicroPython's compiler for frozen modules."""
    folder = BUILD / f"mpy-cross{suffix}"
    run("make", JOBS, "-C", source / "mpy-cross", f"BUILD={folder}", GIT_DIR="/nonexistent")
    return folder / "mpy-cross"


def forget_frozen_modules(folder: Path) -> None:
    """Deletes the frozen modules if C has changed, so that make builds them again.

    Otherwise the build fails if a name of theirs now exists in C too: MicroPython's makefile
    compares them with the modules only, and then finds the name twice.
    """
    frozen = folder / "frozen_content.c"
    sources = [*(ROOT / "micropython" / "glue").glob("*.c"), *(BUILD / "bindgen").glob("*.c")]
    if frozen.exists() and frozen.stat().st_mtime < max(path.stat().st_mtime for path in sources):
        frozen.unlink()


def forget_removed_sources(folder: Path) -> None:
    """Deletes the collected names and modules if a source has gone: make would keep its names."""
    folders = ROOT / "micropython" / "glue", ROOT / "micropython" / "unix", BUILD / "bindgen"
    names = {path.name for each in folders for path in each.glob("*.c")}
    stamp = folder / "sources"
    if not stamp.exists() or set(stamp.read_text().split()) - names:
        shutil.rmtree(folder / "genhdr", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text("\n".join(sorted(names)))


def build_micropython(libraries: Path, kind: str, sanitize: bool, fat_locks: str = "") -> None:
    """Builds build/<kind>/micropython: the unix port in the variant micropython/unix."""
    print(f"build: build/{kind}/micropython", flush=True)
    source, suffix = micropython_folder()
    folder = BUILD / f"unix{kind.removeprefix('host')}{suffix}"
    settings = {
        "BUILD": folder,
        "VARIANT": "desktop",
        "VARIANT_DIR": ROOT / "micropython" / "unix",
        "USER_C_MODULES": ROOT,
        "UHTTPD_LIBRARIES": libraries,
        "MICROPY_MPYCROSS": build_mpy_cross(source, suffix),
        "SANITIZE": PYTHON_SANITIZERS if sanitize else "",
        "UHTTPD_FLAGS": COUNTERS if sanitize else "",
        "FAT_LOCKS": fat_locks,
    }
    arguments = [f"{name}={value}" for name, value in settings.items()]
    forget_frozen_modules(folder)
    forget_removed_sources(folder)
    # If make finds a git repository, it takes the version from there. It would find ours.
    run("make", JOBS, "-C", source / "ports" / "unix", *arguments, GIT_DIR="/nonexistent")
    if not (sanitize or fat_locks):
        compile_commands.write(BUILD / "desktop", source / "ports" / "unix", arguments)
    install(folder / "upython", BUILD / kind / "micropython")


def install(program: Path, target: Path) -> None:
    """Replaces a program in one step, so that a running one is not disturbed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_suffix(".new")
    shutil.copy2(program, new)
    new.replace(target)


def main() -> None:
    """Builds what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--sanitize", action="store_true", help="also build/host-asan, with ASan and UBSan"
    )
    parser.add_argument(
        "--fat-locks",
        action="store_true",
        help="only build/host and build/host-fat-locks, whose FAT knows which files are open",
    )
    parser.add_argument("--page", action="store_true", help="only build/web, the terminal page")
    arguments = parser.parse_args()
    build_page()
    if arguments.page:
        return
    generate_bindings()
    for sanitize in (False, True) if arguments.sanitize else (False,):
        which = f"{'-asan' if sanitize else ''}{esp_engine.suffix()}"
        build_desktop(BUILD / f"desktop{which}", f"host{which}", sanitize)
        build_micropython(BUILD / f"desktop{which}" / "lib", f"host{which}", sanitize)
    if arguments.fat_locks:
        libraries = BUILD / f"desktop{esp_engine.suffix()}" / "lib"
        build_micropython(libraries, f"host{esp_engine.suffix()}-fat-locks", False, fat_locks="16")


if __name__ == "__main__":
    try:
        main()
    except micropython_source.SourceError as problem:
        sys.exit(f"build: {problem}. Set MICROPY_DIR to a copy of it.")
