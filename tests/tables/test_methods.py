# SPDX-License-Identifier: MIT
"""Request methods: uhttpd.h has the table, the stub repeats it, nothing else knows it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from bindgen.parse import parse

from tests.support.paths import ROOT

UHTTPD = ROOT / "components" / "uhttpd"
HEADER = (UHTTPD / "include" / "uhttpd.h").read_text(encoding="utf-8")
TABLE = {name: 1 << int(bit) for name, bit in re.findall(r"\bX\((\w+), (\d+)\)", HEADER)}
ANY = 256

PROGRAM = r"""
#include <stdio.h>
#include <string.h>
#include "http/method.h"

int main(int argc, char **argv)
{
    char list[UH_METHOD_LIST_SIZE];
    uh_method_list(UHTTPD_ANY, list);
    puts(list);
    for (int i = 1; i < argc; i++) {
        unsigned bit = uh_method_of(argv[i], strlen(argv[i]));
        uh_method_list(bit == UHTTPD_ANY ? 0 : bit, list);
        printf("%s %u %d\n", list, bit, (bit & ~UH_METHODS_ALL) == 0);
    }
    return 0;
}
"""


def test_the_stub_has_the_same_methods() -> None:
    constants = parse(ROOT / "micropython" / "uhttpd.pyi").constants
    methods = {each.name: each.value for each in constants if "_" not in each.name}
    assert methods == {**TABLE, "ANY": ANY}


def ask(folder: Path, header: str, *names: str) -> list[str]:
    """Reads names of methods with a server that was built with this header."""
    folder.mkdir(exist_ok=True)
    (folder / "uhttpd.h").write_text(header, encoding="utf-8")
    (folder / "main.c").write_text(PROGRAM, encoding="utf-8")
    ours = [UHTTPD / "src" / "http" / f"{name}.c" for name in ("method", "text")]
    paths = folder, UHTTPD / "src", UHTTPD / "include", ROOT / "host" / "include"
    sanitize = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    command = ["gcc", "-Wall", "-Werror", *sanitize, *(f"-I{path}" for path in paths)]
    subprocess.run([*command, folder / "main.c", *ours, "-o", folder / "program"], check=True)
    return subprocess.check_output([folder / "program", *names], text=True).splitlines()


def with_more(*rows: str) -> str:
    """The header with more methods in its table."""
    more = "".join(f"    {row} \\\n" for row in rows)
    begin = "#define UHTTPD_METHODS(X) \\\n"
    assert begin in HEADER
    return HEADER.replace(begin, begin + more)


def test_each_is_known_by_its_name(tmp_path: Path) -> None:
    every, *known = ask(tmp_path, HEADER, *TABLE, "get", "GE", "GETS", "")
    assert every == ", ".join(TABLE)
    assert list(TABLE)[:4] == ["GET", "HEAD", "POST", "PUT"]
    assert known == [*(f"{name} {bit} 1" for name, bit in TABLE.items()), *[f" {ANY} 1"] * 4]


def test_there_may_be_more(tmp_path: Path) -> None:
    free = [bit for bit in range(31) if 1 << bit not in (*TABLE.values(), ANY)]
    names = [f"METHOD_OF_BIT_{bit}" for bit in free]
    rows = [f"X({name}, {bit})" for name, bit in zip(names, free)]
    every, *known = ask(tmp_path, with_more(*rows), *names)
    assert every == ", ".join([*names, *TABLE])
    assert known == [f"{name} {1 << bit} 1" for name, bit in zip(names, free)]


@pytest.mark.parametrize("bit", [0, 8])
def test_no_two_have_the_same_bit(tmp_path: Path, bit: int) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        ask(tmp_path, with_more(f"X(COPY, {bit})"))
