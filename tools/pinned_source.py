# SPDX-License-Identifier: MIT
"""Sources of others that a build needs: pinned, downloaded once, and unpacked under build/."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
DOWNLOADS = BUILD / "downloads"


class SourceError(Exception):
    """One way to get the source did not work; the text says why."""


@dataclass(frozen=True)
class PinnedSource:
    """A release, as Debian's source package and as upstream's tag."""

    name: str
    """What messages call it."""
    target: Path
    """The folder that it is unpacked into."""
    sign: str
    """A file in it that shows that it is there."""
    archive: str
    sha256: str
    upstream: str
    """The address of the repository."""
    tag: str
    commit: str

    def is_there(self) -> bool:
        """Returns whether the source has been unpacked."""
        return (self.target / self.sign).exists()

    def ensure(self, download: Callable[[Path], None]) -> Path:
        """Makes sure that the source is there: from Debian, else from upstream's repository.

        Args:
            download: Puts the archive at this path. It need not check it. Raises SourceError.

        Returns:
            The folder that holds it.

        Raises:
            SourceError: No way led to it.
        """
        if self.is_there():
            return self.target
        shutil.rmtree(self.target, ignore_errors=True)
        DOWNLOADS.mkdir(parents=True, exist_ok=True)
        reasons = []
        for way in (partial(self._from_debian, download), self._from_upstream):
            try:
                way()
                return self.target
            except SourceError as error:
                reasons.append(str(error))
        raise SourceError(f"{self.name}'s source cannot be had; " + "; ".join(reasons))

    def _from_debian(self, download: Callable[[Path], None]) -> None:
        archive = DOWNLOADS / self.archive
        if not archive.exists():
            download(archive)
        if hashlib.sha256(archive.read_bytes()).hexdigest() != self.sha256:
            archive.unlink()
            raise SourceError(f"{self.archive} is not the file that was pinned")
        unpack(archive, self.target)

    def _from_upstream(self) -> None:
        command = ["git", "clone", "-q", "--depth", "1", "-c", "advice.detachedHead=false"]
        if subprocess.call([*command, "--branch", self.tag, self.upstream, self.target]) != 0:
            raise SourceError(f"cannot clone {self.upstream}")
        head = ["git", "rev-parse", "HEAD"]
        if subprocess.check_output(head, cwd=self.target, text=True).strip() != self.commit:
            shutil.rmtree(self.target)
            raise SourceError(f"{self.tag} of {self.upstream} is not the commit that was pinned")


def unpack(archive: Path, target: Path) -> None:
    """Unpacks a release archive, without the one folder that contains everything."""
    staging = target.with_suffix(".unpacking")
    shutil.rmtree(staging, ignore_errors=True)
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "tar_filter"):
            tar.extraction_filter = tarfile.tar_filter
        tar.extractall(staging)
    (top,) = staging.iterdir()
    top.rename(target)
    staging.rmdir()
