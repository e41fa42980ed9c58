#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts MicroPython's source under build/micropython.

It tries Debian's source package first: that comes from the mirror that the machine uses anyway,
and apt checks its signature. If that fails, it clones the same release from upstream's repository.
Both are pinned.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from pinned_source import BUILD, DOWNLOADS, PinnedSource, SourceError

SUITE = "trixie"
PACKAGE = "micropython=1.25.0+ds-1"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
MICROPYTHON = PinnedSource(
    name="MicroPython",
    target=BUILD / "micropython",
    sign="py/mpconfig.h",
    archive="micropython_1.25.0+ds.orig.tar.xz",
    sha256="7b25be99a502f070b2de81dafc08da7051d992325d6e67daa9045a918fffdbea",
    upstream="https://github.com/micropython/micropython",
    tag="v1.25.0",
    commit="f498a16c7db6d4b2de200b3e0856528dfe0613c3",
)


def debian_codename() -> str:
    """Returns the Debian release of this machine, or "" if it is another system."""
    fields = dict(
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text().splitlines()
        if "=" in line
    )
    return fields.get("VERSION_CODENAME", "") if fields.get("ID") == "debian" else ""


def mirror() -> str:
    """Returns the mirror in this machine's own apt sources."""
    command = ["apt-get", "indextargets", "Created-By: Packages"]
    listing = subprocess.run(
        [*command, "--format", "$(RELEASE) $(REPO_URI)"], capture_output=True, text=True
    )
    for line in listing.stdout.splitlines():
        release, _, uri = line.partition(" ")
        if release == debian_codename() and uri:
            return uri.rstrip("/")
    raise SourceError("apt knows no mirror of this Debian release")


def apt_get(*arguments: str) -> None:
    """Runs apt-get with our own sources and lists; the system's stay as they are."""
    lists = DOWNLOADS / "lists"
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    sources = DOWNLOADS / "source.sources"
    sources.write_text(
        f"Types: deb-src\nURIs: {mirror()}\nSuites: {SUITE}\nComponents: main\n"
        f"Signed-By: {KEYRING}\n"
    )
    options = {
        "Dir::Etc::SourceList": str(sources),
        "Dir::Etc::SourceParts": "-",
        "Dir::State::Lists": str(lists),
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "APT::Get::List-Cleanup": "0",
        "APT::Sandbox::User": "",
        "Acquire::Languages": "none",
    }
    flags = [f"-o{name}={value}" for name, value in options.items()]
    done = subprocess.run(
        ["apt-get", *flags, "-qq", *arguments], cwd=DOWNLOADS, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise SourceError(f"apt-get {arguments[0]}: {done.stderr.strip()}")


def download(archive: Path) -> None:
    """Has apt download Debian's source package, beside the archive's path."""
    if shutil.which("apt-get") is None:
        raise SourceError("this machine has no apt-get")
    apt_get("update")
    apt_get("source", "--download-only", "--only-source", PACKAGE)
    if not archive.exists():
        raise SourceError(f"{PACKAGE} has no {archive.name}")


def ensure() -> Path:
    """Makes sure that the source is there, and returns its folder. Raises SourceError."""
    folder: Path = MICROPYTHON.ensure(download)
    return folder


if __name__ == "__main__":
    try:
        print(ensure())
    except SourceError as problem:
        sys.exit(f"{problem}. Set MICROPY_DIR to a copy of it.")
