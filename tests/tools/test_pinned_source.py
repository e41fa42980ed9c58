# SPDX-License-Identifier: MIT
"""Sources that a build downloads: from an archive, else from a repository, and only the pinned."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from pathlib import Path

import pytest

from tools import pinned_source
from tools.pinned_source import PinnedSource, SourceError


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PinnedSource:
    """A release with one file, in an archive and in a repository."""
    monkeypatch.setattr(pinned_source, "DOWNLOADS", tmp_path / "downloads")
    upstream = tmp_path / "upstream"
    upstream.mkdir()
    (upstream / "file").write_text("contents")
    with tarfile.open(tmp_path / "archive.tar", "w") as tar:
        tar.add(upstream, "release-1")
    author = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "1"], ["tag", "v1"]):
        subprocess.run(["git", *words], cwd=upstream, check=True)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=upstream, text=True).strip()
    sha256 = hashlib.sha256((tmp_path / "archive.tar").read_bytes()).hexdigest()
    target = tmp_path / "target"
    return PinnedSource("It", target, "file", "a.tar", sha256, f"file://{upstream}", "v1", head)


def nothing(archive: Path) -> None:
    raise SourceError("no mirror")


def test_from_the_archive_and_only_once(source: PinnedSource, tmp_path: Path) -> None:
    contents = (tmp_path / "archive.tar").read_bytes()
    assert source.ensure(lambda archive: archive.write_bytes(contents) and None) == source.target
    assert (source.target / "file").read_text() == "contents"
    assert source.ensure(nothing) == source.target


def test_from_the_repository(source: PinnedSource) -> None:
    assert source.ensure(nothing) == source.target
    assert (source.target / "file").read_text() == "contents"


def test_what_is_not_pinned_is_not_used(source: PinnedSource, tmp_path: Path) -> None:
    other = PinnedSource(**{**source.__dict__, "commit": "0" * 40})
    with pytest.raises(SourceError, match=r"a\.tar is not the file.*v1 of .* is not the commit"):
        other.ensure(lambda archive: archive.write_bytes(b"something else") and None)
    assert not source.target.exists()
    assert not (tmp_path / "downloads" / "a.tar").exists()
