# SPDX-License-Identifier: MIT
"""Makes the helpers importable, and Hypothesis repeatable."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

from examples import choose_profile  # noqa: E402

choose_profile()
