# SPDX-License-Identifier: MIT
"""Programs to test with."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))

from programs import free_port, run  # noqa: E402, F401
