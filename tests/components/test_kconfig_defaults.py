# SPDX-License-Identifier: MIT
"""A desktop has no Kconfig, but the same defaults."""

from __future__ import annotations

import re

import pytest

from tests.support.paths import ROOT

COMPONENTS = ROOT / "components"


def proposed(name: str) -> dict[str, int]:
    """The numbers in a component's Kconfig that a desktop has; what is on or off is no number."""
    text = (COMPONENTS / name / "Kconfig").read_text()
    default = r"^        default (-?\d+)(?: if IDF_TARGET_LINUX)?$"
    found = re.findall(rf"^    config (\w+)\n        int .*?{default}", text, re.M | re.S)
    assert len(found) == len(re.findall(r"^        int ", text, re.M)), (
        "an option without a default"
    )
    return {option: int(value) for option, value in found}


@pytest.mark.parametrize("name", ["uhttpd", "webrepl"])
def test_the_header_says_what_kconfig_says(name: str) -> None:
    header = (COMPONENTS / name / "include" / f"{name}_defaults.h").read_text()
    found = re.findall(r"^#define CONFIG_(\w+) (-?\d+)$", header, re.M)
    assert {option: int(value) for option, value in found} == proposed(name)
