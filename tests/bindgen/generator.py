# SPDX-License-Identifier: MIT
"""Where the generator lives."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

MICROPYTHON = Path(__file__).resolve().parents[2] / "micropython"
sys.path.insert(0, str(MICROPYTHON))

Generate = Callable[[str], dict[str, str]]
