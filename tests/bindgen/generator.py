# SPDX-License-Identifier: MIT
"""Where the generator lives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

MICROPYTHON = Path(__file__).resolve().parents[2] / "micropython"

Generate = Callable[[str], dict[str, str]]
