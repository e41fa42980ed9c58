# SPDX-License-Identifier: MIT
"""The command as such: help, completion, installation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from webrepl_client.cli.completion import OPTIONS
from webrepl_client.cli.main import options_parser
from webrepl_client.cli.verb import VERBS, parser_of

from tests.support.paths import ROOT

from .desktop import environment, run_command, webrepl


def test_help_names_every_verb_and_option() -> None:
    help_text = webrepl("--help").out
    lines = help_text.splitlines()
    for name in VERBS:
        assert any(line.startswith(f"  {name}") for line in lines), name
    for action in options_parser()._actions:
        if action.option_strings:
            assert action.option_strings[-1] in help_text
    assert max(map(len, lines)) <= 96


@pytest.mark.parametrize("name", sorted(VERBS))
def test_every_verb_explains_itself(name: str) -> None:
    assert f"webrepl {name}" in parser_of(VERBS[name]).format_help()


def test_help_of_a_verb_needs_no_board() -> None:
    done = run_command("ls", "--help")
    assert done.status == 0
    assert "PATH" in done.out


def test_version() -> None:
    assert webrepl("--version").out.startswith("webrepl ")


def test_completion_knows_all_options() -> None:
    known = {action.option_strings[-1] for action in options_parser()._actions[:-1]}
    assert set(OPTIONS) == known


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_good_for_its_shell(shell: str, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(webrepl("completion", shell).out)
    assert "soft-reset" in script.read_text()
    if shutil.which(shell):
        subprocess.run([shell, "-n", script], check=True)


def test_bash_completes_verbs_and_files(tmp_path: Path) -> None:
    (tmp_path / "file.py").touch()
    script = webrepl("completion", "bash").out + (
        "COMP_WORDS=(webrepl soft); COMP_CWORD=1; _webrepl; echo ${COMPREPLY[*]}\n"
        "COMP_WORDS=(webrepl cp fi); COMP_CWORD=2; _webrepl; echo ${COMPREPLY[*]}\n"
        "COMP_WORDS=(webrepl cp x + sha); COMP_CWORD=4; _webrepl; echo ${COMPREPLY[*]}\n"
    )
    shown = subprocess.check_output(["bash", "-c", script], cwd=tmp_path, text=True)
    assert shown.split() == ["soft-reset", "file.py", "sha256sum"]


@pytest.mark.timeout(600)  # its dependencies come from the network
def test_it_installs_into_a_clean_environment(tmp_path: Path) -> None:
    copy = tmp_path / "python"
    shutil.copytree(
        ROOT / "clients" / "python", copy, ignore=shutil.ignore_patterns("*.egg-info", "build")
    )
    venv.create(tmp_path / "venv")
    programs = tmp_path / "venv" / "bin"
    pip = [sys.executable, "-m", "pip", "--python", programs / "python"]
    words = ["install", "-q", "--disable-pip-version-check", "--no-compile", copy]
    subprocess.run([*pip, *words], check=True)
    kept = {name: text for name, text in environment().items() if name != "PYTHONPATH"}
    shown = subprocess.check_output([programs / "webrepl", "--version"], text=True, env=kept)
    assert shown.startswith("webrepl ")
    code = "import webrepl_client, pathlib; print(pathlib.Path(webrepl_client.__file__).parent)"
    folder = subprocess.check_output([programs / "python", "-c", code], text=True, env=kept)
    assert (Path(folder.strip()) / "py.typed").exists()


def test_it_is_no_other_package() -> None:
    import webrepl as another

    assert "webrepl_client" not in another.__file__
    assert os.path.dirname(another.__file__) != os.path.dirname(sys.executable)
