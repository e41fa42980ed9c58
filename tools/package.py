#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes build/packages: each component as it is published, including the page and its editor.

tools/package.py
compote component upload --name uhttpd --project-dir build/packages/uhttpd
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "build" / "packages"
COMPONENTS = ("uhttpd", "webrepl")


def version() -> str:
    """Returns the project's version, which all components share."""
    return (ROOT / "version.txt").read_text().strip()


def write_manifest(path: Path) -> None:
    """Makes the manifest require this version, instead of the folder in this tree."""
    text = re.sub(r"^ +override_path: .*\n", "", path.read_text(), flags=re.M)
    path.write_text(text.replace('version: "*"', f'version: "^{version()}"'))


def package(name: str) -> Path:
    """Copies a component."""
    target = PACKAGES / name
    shutil.copytree(ROOT / "components" / name, target)
    write_manifest(target / "idf_component.yml")
    for manifest in target.glob("examples/*/main/idf_component.yml"):
        write_manifest(manifest)
    return target


def main() -> int:
    """Makes all packages again."""
    subprocess.run([sys.executable, ROOT / "tools" / "build.py", "--page"], check=True)
    shutil.rmtree(PACKAGES, ignore_errors=True)
    for name in COMPONENTS:
        package(name)
    for name in ("page.html.gz", "editor.js.gz"):
        shutil.copy2(ROOT / "build" / "web" / name, PACKAGES / "webrepl")
    print(f"package: {PACKAGES.relative_to(ROOT)}, version {version()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
