#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes build/packages: each component as it is published, including the page and its editor.

    tools/package.py [FOLDER]
    compote component upload --name uhttpd --project-dir build/packages/uhttpd

A component is there as a folder, and as an archive for people who unpack it into `components/` of
their project. Whoever builds a package needs neither npm nor a network.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "build" / "web"
PACKAGES = ROOT / "build" / "packages"
COMPONENTS = ("uhttpd", "webrepl")


def version() -> str:
    """Returns the project's version, which all components share."""
    return (ROOT / "version.txt").read_text().strip()


def write_manifest(path: Path) -> None:
    """Makes the manifest require this version, instead of the folder in this tree."""
    text = re.sub(r"^ +override_path: .*\n", "", path.read_text(), flags=re.M)
    path.write_text(text.replace('version: "*"', f'version: "^{version()}"'))


def tracked(component: Path) -> list[Path]:
    """Returns the files of a component that git knows: builds leave others beside them."""
    listing = subprocess.check_output(["git", "ls-files", "-z", "."], cwd=component, text=True)
    return [Path(name) for name in listing.split("\0") if name and (component / name).is_file()]


def copy(name: str, target: Path) -> None:
    """Copies a component into a folder."""
    component = ROOT / "components" / name
    for file in tracked(component):
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(component / file, target / file)
    for manifest in target.rglob("idf_component.yml"):
        write_manifest(manifest)


def add_page(target: Path) -> None:
    """Copies the page and its editor, as `make page` leaves them."""
    for name in ("page.html.gz", "editor.js.gz"):
        shutil.copy2(PAGES / name, target)


def pack(folder: Path) -> Path:
    """Makes the archive of a folder, beside it."""
    archive = folder.with_name(f"{folder.name}-{version()}.tar.gz")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder, folder.name)
    return archive


def main(output: Path = PACKAGES) -> None:
    """Makes all packages again."""
    subprocess.run([sys.executable, ROOT / "tools" / "build.py", "--page"], check=True)
    shutil.rmtree(output, ignore_errors=True)
    for name in COMPONENTS:
        copy(name, output / name)
    add_page(output / "webrepl")
    for name in COMPONENTS:
        print(f"package: {pack(output / name)}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
