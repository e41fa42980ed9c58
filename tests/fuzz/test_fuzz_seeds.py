# SPDX-License-Identifier: MIT
"""Each fuzzer compiles, and finds nothing in the inputs that it starts from."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from . import run, seeds


@pytest.mark.parametrize("target", run.TARGETS)
def test_seeds(target: str, tmp_path: Path) -> None:
    program, inputs, nothing = tmp_path / target, tmp_path / "seeds", tmp_path / "nothing"
    run.build(target, program, "gcc", run.HERE / "replay.c")
    seeds.write(target, inputs)
    nothing.touch()
    found = subprocess.run([program, nothing, *sorted(inputs.iterdir())], capture_output=True)
    assert found.returncode == 0, found.stderr.decode(errors="replace")
