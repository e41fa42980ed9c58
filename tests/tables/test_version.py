# SPDX-License-Identifier: MIT
"""The version is in version.txt. Other files repeat it, and a release changes all of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tools import release


def test_all_have_the_version_of_the_project() -> None:
    version = (ROOT / "version.txt").read_text().strip()
    assert set(release.copies(ROOT).values()) == {version}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copies the files of this project that a release changes."""
    for name in (release.VERSION, *release.COPIES, *release.CHANGELOGS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "version.txt").write_text("1.9.0\n")
    return tmp_path


MARK = "## [Unreleased]\n\n"


def add_change(changelog: Path, change: str) -> None:
    changelog.write_text(changelog.read_text().replace(MARK, f"{MARK}- {change}\n\n"))


def publish(tree: Path, version: str, date: str = "2026-02-03") -> None:
    for path, text in release.release(tree, version, date).items():
        path.write_text(text)


def test_a_release_changes_all_of_them(tree: Path) -> None:
    publish(tree, "1.10.0")
    assert (tree / "version.txt").read_text() == "1.10.0\n"
    assert set(release.copies(tree).values()) == {"1.10.0"}


@pytest.mark.parametrize("name", release.CHANGELOGS)
def test_unreleased_changes_get_the_version_and_the_date(tree: Path, name: str) -> None:
    changelog = tree / name
    add_change(changelog, "The first change.")  # there is none right after a release
    before = changelog.read_text()
    publish(tree, "2.0.0")
    assert changelog.read_text() == before.replace(MARK, f"{MARK}## [2.0.0] - 2026-02-03\n\n")
    add_change(changelog, "A change.")
    publish(tree, "2.1.0")
    publish(tree, "2.1.1", "2026-02-04")
    *newest, oldest = changelog.read_text().partition(MARK)[2].split("## [")[1:4]
    assert newest == [
        "2.1.1] - 2026-02-04\n\nNo changes.\n\n",
        "2.1.0] - 2026-02-03\n\n- A change.\n\n",
    ]
    assert oldest.startswith("2.0.0]")


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("1.8.9", "older than 1.9.0"),
        ("2.0", "no version"),
        ("v2.0.0", "no version"),
        ("2.00.0", "no version"),
        ("", "no version"),
    ],
)
def test_invalid_and_older_versions_are_refused(tree: Path, version: str, why: str) -> None:
    with pytest.raises(release.ReleaseError, match=why):
        publish(tree, version)
    assert (tree / "version.txt").read_text() == "1.9.0\n"


def test_there_is_a_release_once(tree: Path) -> None:
    publish(tree, "2.0.0")
    with pytest.raises(release.ReleaseError, match="has a version 2.0.0 already"):
        publish(tree, "2.0.0")
