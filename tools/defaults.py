# SPDX-License-Identifier: MIT
"""Writes headers with Kconfig's defaults, for builds without Kconfig.

    python3 -m tools.defaults [--check]

--check writes nothing, and fails if something is not up to date.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tools import generated
from tools.generated import ROOT

COMPONENTS = ("uhttpd", "webrepl")
HEADER = """\
/* SPDX-License-Identifier: MIT */
#pragma once

#include "sdkconfig.h"

/**
 * @file
 * The numbers that the default configurations begin with. With Kconfig they come from there.
 * Without it, as on a desktop, they are Kconfig's defaults. Written by `make generate`: do not
 * edit.
 */
#ifndef {first}
{lines}
#endif
"""


def defaults(component: str) -> dict[str, int]:
    """Returns the defaults in a component's Kconfig, by their names in C.

    Where one depends on the target, it is that of a desktop. Those that say yes or no are not for
    C: they choose what is built.
    """
    text = (ROOT / "components" / component / "Kconfig").read_text(encoding="utf-8")
    found = re.findall(
        r"^    config (\w+)\n(?:        .*\n)*?        default (-?\d+)"
        r"(?: if IDF_TARGET_LINUX)?$",
        text,
        re.M,
    )
    choices = re.findall(r"^    config \w+\n        bool ", text, re.M)
    if len(found) + len(choices) != text.count("\n    config "):
        sys.exit(
            f"components/{component}/Kconfig: each option has to have a number as its default"
        )
    return {f"CONFIG_{name}": int(number) for name, number in found}


def header(component: str) -> str:
    """Formats the header for builds without Kconfig."""
    numbers = defaults(component)
    lines = [f"#define {name} {number}" for name, number in numbers.items()]
    return HEADER.format(first=next(iter(numbers)), lines="\n".join(lines))


def outputs() -> dict[Path, str]:
    """Returns what each header should contain."""
    return {
        ROOT / "components" / name / "include" / f"{name}_defaults.h": header(name)
        for name in COMPONENTS
    }


if __name__ == "__main__":
    sys.exit(generated.main(outputs()))
