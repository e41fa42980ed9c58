# SPDX-License-Identifier: MIT
"""ESP-IDF: what the table in docs/firmware.md says was tried, and nothing else, is allowed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT

COMPONENT = ROOT / "components" / "uhttpd"
MANIFESTS = ("components/uhttpd", "components/webrepl", "main")

# As much of ESP-IDF as the check needs, to be run as a script.
SCRIPT = """\
set(CMAKE_CURRENT_LIST_DIR "{component}")
set(ESP_PLATFORM 1)
set(IDF_VERSION_MAJOR {major})
set(IDF_VERSION_MINOR {minor})
set(IDF_VERSION_PATCH {patch})
function(idf_build_get_property variable property)
    set(${{variable}} {target} PARENT_SCOPE)
endfunction()
function(idf_component_register)
    message(STATUS "registered")
endfunction()
function(target_compile_options)
endfunction()
include("{component}/CMakeLists.txt")
"""


def tried() -> list[str]:
    """The versions in the table, in its order."""
    text = (ROOT / "docs" / "firmware.md").read_text()
    section = text.partition("\n## ESP-IDF\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\| (\d+\.\d+(?:\.\d+|-\w+)?) \|", section, re.M)
    assert found
    return found


def numbers(version: str) -> tuple[int, int, int]:
    """The numbers of a release: 6.1-beta1 is 6.1.0."""
    major, minor, patch = (*version.partition("-")[0].split("."), "0")[:3]
    return int(major), int(minor), int(patch)


def first_of_each_series() -> list[tuple[int, int, int]]:
    """The oldest release that was tried of each series."""
    firsts: dict[tuple[int, int], tuple[int, int, int]] = {}
    for version in sorted(map(numbers, tried())):
        firsts.setdefault(version[:2], version)
    return list(firsts.values())


def test_none_is_missing_between_the_first_and_the_last_of_a_series() -> None:
    for x, y, first in first_of_each_series():
        patches = [z for *series, z in map(numbers, tried()) if series == [x, y]]
        assert patches == list(range(first, first + len(patches)))


def test_manifests_allow_what_was_tried() -> None:
    oldest, *others = firsts = first_of_each_series()
    skipped = [f"!={x}.{y}.{z}" for x, y, first in others for z in range(first)]
    last = firsts[-1]
    start = ".".join(map(str, oldest))
    wanted = ",".join([f">={start}", *skipped, f"<{last[0]}.{last[1] + 1}"])
    for folder in MANIFESTS:
        manifest = (ROOT / folder / "idf_component.yml").read_text()
        assert re.findall(r'^  idf: "(.*)"$', manifest, re.M) == [wanted], folder


def test_the_workflow_tries_them() -> None:
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    engines = re.search(r"^  engines:.*?^        idf: \[(.*?)\]", workflow, re.M | re.S)
    assert engines and engines[1].split(", ") == [f"v{version}" for version in tried()]


def build(folder: Path, version: tuple[int, int, int], target: str = "esp32c3") -> str:
    """What CMake says where ESP-IDF has this version."""
    major, minor, patch = version
    script = folder / "script.cmake"
    script.write_text(
        SCRIPT.format(component=COMPONENT, major=major, minor=minor, patch=patch, target=target)
    )
    done = subprocess.run(["cmake", "-P", script], capture_output=True, text=True)
    return " ".join((done.stdout + done.stderr).split())


def test_builds_with_them_begin(tmp_path: Path) -> None:
    for version in map(numbers, tried()):
        assert build(tmp_path, version) == "-- registered", version


def test_builds_with_others_end_with_a_sentence(tmp_path: Path) -> None:
    firsts = first_of_each_series()
    others = [(x, y, first - 1) for x, y, first in firsts if first]
    newest = firsts[-1]
    for version in [*others, (newest[0], newest[1] + 1, 0), (5, 2, 6), (5, 30, 0)]:
        said = build(tmp_path, version)
        shown = ".".join(map(str, version))
        assert f"and later releases of these series, and this is {shown}." in said
        assert "registered" not in said


def test_builds_with_later_ones_of_a_series_warn(tmp_path: Path) -> None:
    for x, y, _ in first_of_each_series():
        last = max(version for version in map(numbers, tried()) if version[:2] == (x, y))
        said = build(tmp_path, (x, y, last[2] + 1))
        assert f"was not tried on ESP-IDF {x}.{y}.{last[2] + 1}." in said
        assert f"is {'.'.join(map(str, last))}." in said
        assert "-- registered" in said


@pytest.mark.parametrize(("version", "runs"), [((5, 5, 0), False), ((5, 5, 1), True)])
def test_the_linux_target_that_cannot_run(
    tmp_path: Path, version: tuple[int, int, int], runs: bool
) -> None:
    said = build(tmp_path, version, "linux")
    assert ("-- registered" in said) == runs
    assert ("cannot run a server" in said) != runs
