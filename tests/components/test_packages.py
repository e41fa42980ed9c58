# SPDX-License-Identifier: MIT
"""A package has all that its build needs: nobody who uses one needs npm or a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.support.paths import BUILD, ROOT

PAGES = ("page.html.gz", "editor.js.gz")
BRINGERS = ("npm", "npx", "node", "python3", "pip", "git", "curl", "wget")

# As much of ESP-IDF as a component's CMakeLists.txt asks for.
PROJECT = """\
cmake_minimum_required(VERSION 3.16)
project(firmware C)
set(ESP_PLATFORM 1)
set(CONFIG_WEBREPL_EDITOR y)
set(COMPONENT_LIB webrepl)
function(idf_component_register)
    set(lists SRCS INCLUDE_DIRS PRIV_INCLUDE_DIRS REQUIRES PRIV_REQUIRES)
    cmake_parse_arguments(component "" "" "${lists}" ${ARGN})
    add_library(webrepl STATIC ${component_SRCS})
endfunction()
add_subdirectory(webrepl)
"""


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """What tools/package.py makes, with the page that has been built."""
    folder = tmp_path_factory.mktemp("packages") / "made"
    command = [sys.executable, ROOT / "tools" / "package.py", folder]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return sorted(folder.glob("*.tar.gz"))


@pytest.fixture
def project(archives: list[Path], tmp_path: Path) -> Path:
    """An empty folder with the unpacked components and a project that builds one of them."""
    for archive in archives:
        with tarfile.open(archive) as tar:
            tar.extractall(tmp_path)
    (tmp_path / "CMakeLists.txt").write_text(PROJECT)
    return tmp_path


def configure(project: Path) -> tuple[str, list[str]]:
    """Runs CMake. Returns its complaints, and which programs it called that bring files."""
    programs, called = project / "bin", project / "called"
    programs.mkdir()
    for name in BRINGERS:
        (programs / name).write_text(f'#!/bin/sh\necho {name} >> "{called}"\nexit 1\n')
        (programs / name).chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["cmake", "-S", project, "-B", project / "build"],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    return " ".join(done.stderr.split()), called.read_text().split() if called.exists() else []


def test_a_package_carries_the_page_and_its_editor(project: Path) -> None:
    for name in PAGES:
        assert (project / "webrepl" / name).read_bytes() == (BUILD / "web" / name).read_bytes()


def test_a_package_is_built_without_npm_and_without_a_network(project: Path) -> None:
    assert configure(project) == ("", [])
    embedded = [path.read_text() for path in (project / "build").rglob("*.embedded.c")]
    files = re.findall(r"\.incbin ..(.*)..\\n", "".join(embedded))
    assert sorted(files) == sorted(str(project / "webrepl" / name) for name in PAGES)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("page.html.gz", "run `make page` in the project's folder first."),
        ("editor.js.gz", "editor.js.gz: add it, or set CONFIG_WEBREPL_EDITOR=n."),
    ],
)
def test_a_build_without_the_page_ends_with_a_sentence(
    project: Path, missing: str, sentence: str
) -> None:
    (project / "webrepl" / missing).unlink()
    complaint, called = configure(project)
    assert sentence in complaint and not called


def test_manifests_name_no_folder_of_this_tree(project: Path) -> None:
    version = (ROOT / "version.txt").read_text().strip()
    manifests = [path.read_text() for path in project.rglob("idf_component.yml")]
    assert len(manifests) == len(list((ROOT / "components").rglob("idf_component.yml")))
    for manifest in manifests:
        assert "override_path" not in manifest and 'version: "*"' not in manifest
    assert (
        sum(f'version: "^{version}"' in manifest for manifest in manifests) == len(manifests) - 1
    )
