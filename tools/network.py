# SPDX-License-Identifier: MIT
"""Whose TCP/IP the C programs under test get: the computer's, or lwIP's where NETWORK says so.

NETWORK=lwip takes the settings of this project's firmware (sdkconfig.defaults), and
NETWORK=lwip-defaults those that ESP-IDF has by itself.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = "NETWORK"
SETTINGS = {"lwip": str(ROOT / "sdkconfig.defaults"), "lwip-defaults": ""}
SOURCE = ROOT / "build" / "lwip"


def chosen() -> str:
    """What NETWORK says; empty for the computer's."""
    name = os.environ.get(VARIABLE, "")
    if name and name not in SETTINGS:
        raise ValueError(f"{VARIABLE} is one of {', '.join(SETTINGS)}, not {name}")
    return name


def suffix() -> str:
    """What folders that are built with it have at the end of their names."""
    return f"-{chosen()}" if chosen() else ""


def cmake_options() -> list[str]:
    """Tells CMake."""
    if not chosen():
        return ["-DLWIP_DIR="]
    quickly = (
        "-DCMAKE_BUILD_TYPE=Debug"  # lwIP is as large as all else, and its lines do not count
    )
    return [f"-DLWIP_DIR={SOURCE}", f"-DLWIP_SETTINGS={SETTINGS[chosen()]}", quickly]


def most_connections() -> int:
    """How many a server can have there: three of lwIP's sockets are the engine's."""
    path = SETTINGS[chosen()]
    text = Path(path).read_text() if path else ""
    found = re.search(r"^CONFIG_LWIP_MAX_SOCKETS=(\d+)", text, re.MULTILINE)
    return (int(found[1]) if found else 10) - 3
