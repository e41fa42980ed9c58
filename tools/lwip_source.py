#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts lwIP's source under build/lwip, in the release that ESP-IDF's version is based on.

It tries Debian's source package first, from the mirrors that the machine uses anyway. The file is
the same for every release of Debian. If that fails, it clones the release from upstream's
repository. Both are pinned.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pinned_source import BUILD, PinnedSource, SourceError

LWIP = PinnedSource(
    name="lwIP",
    target=BUILD / "lwip",
    sign="src/api/sockets.c",
    archive="lwip_2.1.3+dfsg1.orig.tar.xz",
    sha256="0a8276d09fc4e97bbba2f953d74af2388fc2195ea156be9d7589e297a68fde24",
    upstream="https://github.com/lwip-tcpip/lwip",
    tag="STABLE-2_1_3_RELEASE",
    commit="6ca936f6b588cee702c638eee75c2436e6cf75de",
)
TARGET = LWIP.target
POOL = f"pool/main/l/lwip/{LWIP.archive}"
APT_HELPER = "/usr/lib/apt/apt-helper"


def mirrors() -> list[str]:
    """Returns the mirrors of Debian that this machine's apt knows."""
    command = ["apt-get", "indextargets", "Created-By: Packages", "--format", "$(REPO_URI)"]
    listing = subprocess.run(command, capture_output=True, text=True).stdout.split()
    known = [uri.rstrip("/") for uri in listing]
    return list(dict.fromkeys(uri for uri in known if uri.endswith("/debian")))


def complaints_of(mirror: str, archive: Path) -> str:
    """Downloads the archive with apt. Returns what it complains of; nothing once it is there."""
    sandbox = "-oAPT::Sandbox::User="  # the file is for us only
    command = [APT_HELPER, sandbox, "download-file", f"{mirror}/{POOL}", str(archive)]
    done = subprocess.run(
        [*command, f"SHA256:{LWIP.sha256}"], capture_output=True, text=True, timeout=300
    )
    return "" if done.returncode == 0 else " ".join(done.stderr.split())


def download(archive: Path) -> None:
    """Downloads Debian's source package from the first mirror that has it."""
    if not Path(APT_HELPER).exists():
        raise SourceError("this machine has no apt")
    complaints = []
    for mirror in mirrors():
        complaint = complaints_of(mirror, archive)
        if not complaint:
            return
        complaints.append(complaint)
    raise SourceError("; ".join(complaints) or "apt knows no mirror of Debian")


def ensure() -> Path:
    """Makes sure that the source is there, and returns its folder. Raises SourceError."""
    folder: Path = LWIP.ensure(download)
    return folder


if __name__ == "__main__":
    try:
        print(ensure())
    except SourceError as problem:
        sys.exit(str(problem))
