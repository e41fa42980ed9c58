#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts lwIP's source under build/lwip, in the release that ESP-IDF's version is based on.

It tries Debian's source package first, from a mirror that the machine uses anyway or from Debian's
own. The file is the same for every release of Debian. If that fails, it clones the release from
upstream's repository. Both are pinned.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from micropython_source import BUILD, DOWNLOADS, SourceError, digest, unpack

TARGET: Path = BUILD / "lwip"

ARCHIVE = "lwip_2.1.3+dfsg1.orig.tar.xz"
ARCHIVE_SHA256 = "0a8276d09fc4e97bbba2f953d74af2388fc2195ea156be9d7589e297a68fde24"
POOL = f"pool/main/l/lwip/{ARCHIVE}"
DEBIAN = "http://deb.debian.org/debian"

UPSTREAM = "https://github.com/lwip-tcpip/lwip"
TAG = "STABLE-2_1_3_RELEASE"
COMMIT = "6ca936f6b588cee702c638eee75c2436e6cf75de"

APT_HELPER = "/usr/lib/apt/apt-helper"


def mirrors() -> list[str]:
    """Returns the mirrors of Debian that this machine's apt knows, and Debian's own."""
    command = ["apt-get", "indextargets", "Created-By: Packages", "--format", "$(REPO_URI)"]
    listing = subprocess.run(command, capture_output=True, text=True).stdout.split()
    known = [uri.rstrip("/") for uri in listing]
    return list(dict.fromkeys([uri for uri in known if uri.endswith("/debian")] + [DEBIAN]))


def download(mirror: str, target: Path) -> str:
    """Downloads the archive with apt. Returns its complaints, or nothing if the file is there."""
    sandbox = "-oAPT::Sandbox::User="  # the file is for us only
    command = [APT_HELPER, sandbox, "download-file", f"{mirror}/{POOL}", str(target)]
    done = subprocess.run(
        [*command, f"SHA256:{ARCHIVE_SHA256}"], capture_output=True, text=True, timeout=300
    )
    return "" if done.returncode == 0 else " ".join(done.stderr.split())


def from_debian() -> None:
    """Downloads and unpacks Debian's source package."""
    if not Path(APT_HELPER).exists():
        raise SourceError("this machine has no apt")
    archive = DOWNLOADS / ARCHIVE
    complaints = []
    for mirror in mirrors():
        if archive.exists():
            break
        complaints.append(download(mirror, archive))
    if not archive.exists():
        raise SourceError("; ".join(complaints))
    if digest(archive) != ARCHIVE_SHA256:
        archive.unlink()
        raise SourceError(f"{ARCHIVE} is not the file that was pinned")
    unpack(archive, TARGET)


def from_upstream() -> None:
    """Clones the release from upstream's repository."""
    command = ["git", "clone", "-q", "--depth", "1", "-c", "advice.detachedHead=false"]
    if subprocess.call([*command, "--branch", TAG, UPSTREAM, TARGET]) != 0:
        raise SourceError(f"cannot clone {UPSTREAM}")
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=TARGET, text=True).strip()
    if head != COMMIT:
        shutil.rmtree(TARGET)
        raise SourceError(f"{TAG} of {UPSTREAM} is not the commit that was pinned")


def is_there() -> bool:
    """Returns whether the source has been downloaded."""
    return (TARGET / "src" / "api" / "sockets.c").exists()


def ensure() -> Path:
    """Makes sure that the source is there.

    Returns:
        The folder that holds it.

    Raises:
        SourceError: No way led to it.
    """
    if is_there():
        return TARGET
    shutil.rmtree(TARGET, ignore_errors=True)
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    reasons = []
    for way in (from_debian, from_upstream):
        try:
            way()
            return TARGET
        except SourceError as error:
            reasons.append(str(error))
    raise SourceError("lwIP's source cannot be had; " + "; ".join(reasons))


if __name__ == "__main__":
    try:
        print(ensure())
    except SourceError as problem:
        sys.exit(str(problem))
