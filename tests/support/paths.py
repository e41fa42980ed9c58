# SPDX-License-Identifier: MIT
"""Paths: the tree, and the programs of `make build` and `make test`."""

from __future__ import annotations

import os
from pathlib import Path

from tools import esp_engine

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
MICROPYTHON = ROOT / "micropython"
CLIENT_SOURCE = ROOT / "clients" / "python" / "src"
VECTORS_FILE = ROOT / "tests" / "vectors" / "webrepl2.json"

_KINDS = [f"{kind}{esp_engine.suffix()}" for kind in ("host-asan", "host")]
_BUILDS = [BUILD / kind / "micropython" for kind in _KINDS]
_CHOSEN = os.environ.get("FIRMWARE")

SHIPPED = Path(_CHOSEN or _BUILDS[-1])
"""MicroPython with the modules, as people get it. The variable FIRMWARE can name another one."""

WITH_FAT_LOCKS = BUILD / f"{_KINDS[-1]}-fat-locks" / "micropython"
"""The same as SHIPPED, but its FAT knows which files are open."""

SANITIZED = Path(_CHOSEN or next(filter(Path.exists, _BUILDS), _BUILDS[-1]))
"""The same with sanitizers, if it was built."""
