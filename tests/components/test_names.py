# SPDX-License-Identifier: MIT
"""Our names cannot collide with a firmware's, and none of them hides another."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.support.paths import ROOT
from tests.support.symbols import defined_names, used_names

PREFIXES = {
    "uhttpd": ("uhttpd_", "uh_"),
    "webrepl": ("webrepl_", "wr_"),
}
# The binding's own objects; __wrap_ and __real_ name functions of the interpreter, as does mp_.
GLUE = ("uhttpd_", "webrepl_", "glue_", "bindgen_", "py_", "__wrap_", "mp_module_")
PRODUCTS = ("components", "micropython", "main", "host")
STATIC = re.compile(r"^static (?!inline)[\w\s*]*?\b([a-z]\w*)\([^;{]*\)\n\{", re.MULTILINE)


@pytest.mark.parametrize("name", PREFIXES)
def test_every_global_name_of_a_component_has_its_prefix(name: str) -> None:
    names = defined_names([ROOT / "build" / "desktop" / "lib" / f"lib{name}.a"])
    assert names
    assert [found for found in sorted(names) if not found.startswith(PREFIXES[name])] == []


def test_nothing_but_the_source_of_keys_makes_keys_of_the_generator() -> None:
    """Clients log in by random bytes that a chip's generator alone may not have."""
    library = ROOT / "build" / "desktop" / "lib" / "libwebrepl.a"
    assert "uhttpd_random_key" in used_names([library])
    assert "uhttpd_os_random" not in used_names([library])


def test_every_global_name_of_the_binding_has_its_prefix() -> None:
    sources = {path.stem for path in (ROOT / "micropython" / "glue").glob("*.c")}
    objects = (ROOT / "build" / "unix").glob("**/micropython/glue/*.o")
    names = defined_names([path for path in objects if path.stem in sources])
    assert names
    assert [found for found in sorted(names) if not found.startswith(GLUE)] == []


def static_functions() -> Counter[str]:
    """How often each static function of the products is defined."""
    found: Counter[str] = Counter()
    for part in PRODUCTS:
        for path in sorted((ROOT / part).rglob("*.c")):
            if "examples" not in path.parts:
                found.update(set(STATIC.findall(path.read_text())))
    return found


def test_static_functions_can_be_told_apart_in_a_backtrace() -> None:
    found = static_functions()
    assert [name for name, times in sorted(found.items()) if times > 1] == []
    assert [name for name in sorted(found) if "_" not in name] == []
