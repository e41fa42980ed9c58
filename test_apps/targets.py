# SPDX-License-Identifier: MIT
"""Targets that a firmware can run on: how to build for them, and what has to be installed.

A firmware is `c` (main/) or `micropython` (the modules uhttpd and webrepl in MicroPython, with
micropython/main.py as its program).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tools import network

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = ROOT / "build"
FIRMWARES = ("c", "micropython")


class NotAvailable(Exception):
    """This machine cannot run a target; the text says what is missing."""


def desktop_program(firmware: str) -> Path:
    """Returns the program of `make test`, with sanitizers, or else that of `make build`."""
    if network.chosen():
        return lwip_program(firmware)
    name = {"c": "firmware", "micropython": "micropython"}[firmware]
    for folder in ("host-asan", "host"):
        program = BUILD / folder / name
        if program.exists():
            return program
    raise NotAvailable("make build has not been run")


@cache
def lwip_program(firmware: str) -> Path:
    """The firmware in C on lwIP, with sanitizers."""
    if firmware != "c":
        raise NotAvailable("only the firmware in C is built on lwIP")
    folder = BUILD / f"desktop-asan{network.suffix()}"
    options = ["-DSANITIZE=ON", *network.cmake_options()]
    for command in (["-S", ROOT / "desktop", "-B", folder, *options], ["--build", folder, "-j2"]):
        target = ["--target", "firmware"] if command[0] == "--build" else []
        subprocess.run(["cmake", *command, *target], check=True, stdout=subprocess.DEVNULL)
    return folder / "firmware" / "firmware"


def emulator(target: str) -> str:
    """Returns the program that emulates a chip."""
    architecture = "xtensa" if target in ("esp32", "esp32s2", "esp32s3") else "riscv32"
    return f"qemu-system-{architecture}"


def require_idf() -> None:
    """Checks that ESP-IDF's tools are on the path, where its export.sh puts them."""
    if not (os.environ.get("IDF_PATH") and shutil.which("idf.py")):
        raise NotAvailable("ESP-IDF is not installed, or its export.sh was not read in this shell")


def require_emulator(target: str) -> None:
    """Checks that Espressif's QEMU is on the path."""
    if not shutil.which(emulator(target)):
        raise NotAvailable(f"there is no {emulator(target)} and no --port with a board")


def require_micropython() -> Path:
    """Returns MicroPython's source, whose esp32 port is built."""
    source = os.environ.get("MICROPY_DIR")
    if not source:
        raise NotAvailable("MICROPY_DIR does not name a copy of MicroPython's source")
    return Path(source).resolve()


def firmware_options(firmware: str) -> list[str]:
    """Returns the options for idf.py besides the target."""
    if firmware == "c":
        return ["-DMICROPY_DIR="]
    manifest = HERE / "micropython" / "manifest.py"
    return [f"-DMICROPY_DIR={require_micropython()}", f"-DMICROPY_FROZEN_MANIFEST={manifest}"]


def idf_build(
    project: Path, folder: Path, target: str, options: list[str], settings: list[str]
) -> Path:
    """Builds an ESP-IDF project with the files `settings`. Returns the folder of the build."""
    require_idf()
    forget_settings(folder / "sdkconfig", [project / name for name in settings])
    options = [*options, f"-DSDKCONFIG_DEFAULTS={';'.join(settings)}"]
    command = ["idf.py", "-B", str(folder), f"-DSDKCONFIG={folder}/sdkconfig", "--preview"]
    command += [f"-DIDF_TARGET={target}", *options, "build"]
    done = subprocess.run(
        command, cwd=project, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-8000:]}")
    return folder


def forget_settings(made: Path, sources: list[Path]) -> None:
    """Deletes outdated settings, because ESP-IDF reads defaults only if there are none."""
    if made.exists() and made.stat().st_mtime < max(path.stat().st_mtime for path in sources):
        made.unlink()


@cache
def build_firmware(firmware: str, target: str, on_board: bool) -> Path:
    """Builds a firmware for a target of ESP-IDF. Returns the folder of the build."""
    if target == "linux" and firmware == "micropython":
        raise NotAvailable("MicroPython has no port to ESP-IDF's linux target")
    if target != "linux" and not on_board:
        require_emulator(target)
    emulated = target != "linux" and not on_board
    settings = ["sdkconfig.defaults", "sdkconfig.ci.qemu" if emulated else "sdkconfig.ci.board"]
    settings += ["sdkconfig.local"] if on_board and (ROOT / "sdkconfig.local").exists() else []
    folder = BUILD / "idf" / f"{firmware}-{target}-{'qemu' if emulated else 'board'}"
    return idf_build(ROOT, folder, target, firmware_options(firmware), settings)


@cache
def build_unity(target: str, configuration: str, on_board: bool) -> Path:
    """Builds the tests of unity/. Returns the folder of the build."""
    if target != "linux" and not on_board:
        require_emulator(target)
    folder = BUILD / "idf" / f"unity-{target}-{configuration}"
    files = ["sdkconfig.defaults", f"sdkconfig.ci.{configuration}"]
    return idf_build(HERE / "unity", folder, target, [], files)
