#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts MicroPython's source under build/micropython.

It tries Debian's source package first: that comes from the mirror that the machine uses anyway,
and apt checks its signature. If that fails, it clones the same release from upstream's repository.
Both are pinned.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
TARGET = BUILD / "micropython"
DOWNLOADS = BUILD / "downloads"

SUITE = "trixie"
PACKAGE = "micropython=1.25.0+ds-1"
ARCHIVE = "micropython_1.25.0+ds.orig.tar.xz"
ARCHIVE_SHA256 = "7b25be99a502f070b2de81dafc08da7051d992325d6e67daa9045a918fffdbea"

UPSTREAM = "https://github.com/micropython/micropython"
TAG = "v1.25.0"
COMMIT = "f498a16c7db6d4b2de200b3e0856528dfe0613c3"

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class SourceError(Exception):
    """One way to get the source did not work; the text says why."""


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


def digest(path: Path) -> str:
    """Returns the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


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


def from_debian() -> None:
    """Downloads and unpacks Debian's source package."""
    if shutil.which("apt-get") is None:
        raise SourceError("this machine has no apt-get")
    archive = DOWNLOADS / ARCHIVE
    if not archive.exists():
        apt_get("update")
        apt_get("source", "--download-only", "--only-source", PACKAGE)
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


def ensure() -> Path:
    """Makes sure that the source is there.

    Returns:
        The folder that holds it.

    Raises:
        SourceError: No way led to it.
    """
    if (TARGET / "py" / "mpconfig.h").exists():
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
    raise SourceError("MicroPython's source cannot be had; " + "; ".join(reasons))


if __name__ == "__main__":
    try:
        print(ensure())
    except SourceError as problem:
        sys.exit(f"{problem}. Set MICROPY_DIR to a copy of it.")
