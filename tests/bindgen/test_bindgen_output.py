# SPDX-License-Identifier: MIT
"""What the generator writes.

After an intended change, write the golden files again and read the difference:

    cd micropython && python -m bindgen ../tests/bindgen/golden/sample.pyi \
        --out ../tests/bindgen/golden
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.paths import MICROPYTHON

from .conftest import Generate

GOLDEN = Path(__file__).resolve().parent / "golden"
STUBS = [MICROPYTHON / "uhttpd.pyi", MICROPYTHON / "_webrepl.pyi"]

FUNCTION = '''"""A module."""

from typing import Annotated, Final

LIMIT: Final = 5

def set(level: Annotated[int, "0 to 9"] = 3) -> None:
    """Sets it.

    Args:
        level: How high.
    """
'''


@pytest.mark.parametrize("name", ["sample_bindings.c", "sample_bindings.h"])
def test_output_is_the_golden_one(name: str) -> None:
    from bindgen.__main__ import generate

    assert generate([GOLDEN / "sample.pyi"])[name] == (GOLDEN / name).read_text()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"0 to 9"', '"0 to 7"', "bindgen_int(MP_QSTR_level, given[0], 0, 7)"),
        ("= 3", "= 4", "mp_int_t level = 4;"),
        ("level: A", "height: A", "{MP_QSTR_height, 0}"),
        (" = 3", "", "{MP_QSTR_level, BINDGEN_REQUIRED}"),
        ("set(", "set(*, ", "MP_QSTR_set, 1, 0,"),
        ("LIMIT: Final = 5", "LIMIT: Final = 6", "MP_ROM_INT(6)"),
        ("def set", "def put", "MP_ROM_QSTR(MP_QSTR_put)"),
    ],
)
def test_change_of_the_stub_changes_the_c(
    generate: Generate, old: str, new: str, expected: str
) -> None:
    before = generate(FUNCTION)["module_bindings.c"]
    assert expected not in before
    text = FUNCTION.replace(old, new)
    if "height" in new:
        text = text.replace("level:", "height:")
    assert expected in generate(text)["module_bindings.c"]


@pytest.mark.parametrize("stub", [*STUBS, GOLDEN / "sample.pyi"], ids=lambda path: path.stem)
def test_lines_can_be_read(stub: Path) -> None:
    from bindgen.__main__ import generate

    for name, text in generate([stub]).items():
        assert max(map(len, text.split("\n"))) <= 120, name


def test_words_of_a_docstring_cannot_end_a_comment(generate: Generate) -> None:
    header = generate(FUNCTION.replace("Sets it.", "Sets `*/` and `/*`."))["module_bindings.h"]
    assert "/* Sets `* /` and `/ *`. */" in header
