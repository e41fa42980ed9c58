# SPDX-License-Identifier: MIT
"""Runs the generator on the text of a stub."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Generate = Callable[[str], dict[str, str]]


@pytest.fixture
def generate(tmp_path: Path) -> Generate:
    """Generates files from the text of a stub, module.pyi. Returns them by name."""
    from bindgen.__main__ import generate

    def _generate(text: str) -> dict[str, str]:
        stub = tmp_path / "module.pyi"
        stub.write_text(text)
        return generate([stub])

    return _generate
