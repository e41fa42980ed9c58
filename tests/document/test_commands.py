# SPDX-License-Identifier: MIT
"""Each program and command of a document is run by a test, or is listed here with the reason."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.support.paths import ROOT

from .documents import Block, blocks_of, commands, documents

TOOLS = r"(build/venv/bin/python )?tools/"
RUN = {
    r"(\.\./\.\./)?build/host/micropython( -i)? \w+\.py": "tests/examples",
    r"cat boot\.py main\.py > both\.py": "tests/examples/test_examples.py",
    r"curl .*http://127\.0\.0\.1:8080/": "tests/examples/test_examples.py",
    r"FIRMWARE_PORT=8080 .* build/host/firmware FOLDER": "test_apps",
    TOOLS + r"stubs\.py": "tests/stubs",
    r"pip install build/packages/micropython_uhttpd_stubs-\*\.whl": "tests/stubs",
    r"pip install webrepl$": "tools/environment.py, for the tests",
    r"webreplcmd --host": "tests/e2e/test_old_clients.py",
    r"curl -u :'any password'": "test_apps/test_files.py, with another client",
    r"webrepl (-p \w+ )?(ADDRESS|board\.local|-c a\.local,b\.local)": "tests/client",
    r"export WEBREPL_PASSWORD=": "tests/client",
}
"""What a test runs, or the same with another address, and where."""

NOT_RUN = {
    r"make( (run|test|quick|page|docs|bench ARGS=.*))?$": "the test below runs them as far as -n",
    r"make help": "the test below reads the same lines",
    r"(sudo )?apt-get install": "changes the machine",
    r"git (-C \S+ )?(clone|submodule)": "downloads other projects",
    r"(make -C ~/micropython|export MICROPY_DIR|~/esp/|\. ~/esp/)": "needs other projects",
    r"idf\.py ": "needs ESP-IDF",
    r"FIRMWARE_PORT=8080 .* build/linux/firmware\.elf": "needs ESP-IDF",
    r"esptool\.py ": "needs a board",
    r"curl -u ota:changeme -T micropython\.bin ": "needs a board",
    r"mpremote ": "needs a board and a cable, or the internet",
    r"pip install (\./clients/python|esptool)$": "downloads what it depends on",
    r"MICROPYPATH=utemplate ": "needs utemplate, which pip cannot install",
}
"""What no test runs, and why."""

NO_COMMANDS = ["CONTRIBUTING.md", "docs/webrepl-protocol.md", "docs/webrepl.md"]
"""Documents whose last blocks show something else: a message, bytes, a conversation."""

PROGRAMS = {
    "README.md": "test_readme_program.py",
    "docs/from-microdot.md": "tests/examples/test_microdot.py",
    "docs/from-psychichttp.md": "below, as far as a compiler goes",
    "docs/from-webrepl.md": "test_guide.py, and tests/webrepl_module",
    "docs/firmware.md": "needs a network of a board's; test_apps/micropython does the same",
    "docs/webrepl.md": "tests/webrepl_module",
    "clients/python/README.md": "tests/client",
    "micropython/stubs/README.md": "tests/stubs/right.py has the same",
}
"""Where the programs of documents are run. Those of the guide are, by test_guide.py."""


def shell_blocks() -> list[Block]:
    """The blocks of commands, but for those of the guide, which test_guide.py runs."""
    found = [block for path in documents() for block in blocks_of(path)]
    return [block for block in found if block.kind == "" and block.document not in NO_COMMANDS]


def test_each_command_is_run_or_excused() -> None:
    known = {**RUN, **NOT_RUN}
    used = set()
    for block in shell_blocks():
        for command in commands(block):
            fitting = [pattern for pattern in known if re.match(pattern, command)]
            assert fitting, f"{block.document}: {command}"
            used.add(fitting[0])
    assert used == known.keys()


def test_each_program_is_run_or_excused() -> None:
    for path in documents():
        name = str(path.relative_to(ROOT))
        kinds = {block.kind for block in blocks_of(path)}
        if kinds & {"python", "c", "cpp", "js"} and not re.match(r"docs/(guide|start)-", name):
            assert name in PROGRAMS


@pytest.mark.parametrize("target", ["run", "test", "quick", "page", "docs", "bench", "help"])
def test_make_has_what_documents_name(target: str) -> None:
    command = ["make", "--dry-run", target]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_programs_in_c_compile() -> None:
    page = ROOT / "docs" / "from-psychichttp.md"
    folders = [ROOT / "components" / "uhttpd" / "include", ROOT / "host" / "include"]
    includes = [f"-I{folder}" for folder in folders]
    for block in blocks_of(page):
        if block.kind == "c":
            command = ["cc", "-Wall", "-Werror", "-fsyntax-only", "-xc", *includes, "-"]
            done = subprocess.run(command, input=block.text, text=True, capture_output=True)
            assert done.returncode == 0, done.stderr
