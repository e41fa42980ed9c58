# SPDX-License-Identifier: MIT
"""Modules that boards have and desktops lack, for programs that tests run."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).parent


def provide(folder: Path, *names: str) -> None:
    """Copies modules beside a program."""
    for name in names:
        shutil.copy(HERE / f"{name}.py", folder)
