#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds the documentation as a site, build/site, and fails for every link that leads nowhere.

    tools/site.py [--external]

MkDocs reads a copy of the tree, so that links between documents are the same here and there. The
copy has the documents, what they link to, the programs of the examples below their explanations,
and a page for each C header. --external lists the links to other sites, which nothing checks.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import c_reference

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "build" / "site-source"
SITE = ROOT / "build" / "site"
LINK = re.compile(r"(?<=\]\()([^)\s#]+)")
IMAGE = re.compile(r'(?<=<img src=")([^"]+)')
FENCED = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)


def documents() -> list[Path]:
    """Returns the documents that git knows, or will know."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    listing = subprocess.check_output(command, cwd=ROOT, text=True)
    return [Path(name) for name in listing.split("\0") if name and (ROOT / name).exists()]


def links(text: str) -> Iterator[str]:
    """Yields where a document links to, but for what is a program's."""
    text = FENCED.sub("", text)
    yield from LINK.findall(text)
    yield from IMAGE.findall(text)


def is_external(link: str) -> bool:
    """Returns whether a link leads to another site."""
    return re.match(r"\w+:", link) is not None


def to_document(folder: Path, link: str) -> str:
    """Returns a link that MkDocs follows. That to a folder leads to its document, or its list."""
    target = ROOT / folder / link
    if is_external(link) or not target.is_dir():
        return link
    return f"{link.rstrip('/')}/README.md"


def listing(folder: Path) -> str:
    """Returns a document that lists a folder without one."""
    names = sorted(
        path.name for path in (ROOT / folder).iterdir() if not path.name.startswith(".")
    )
    return f"# {folder}\n\n" + "".join(f"* {name}\n" for name in names)


def program_of(document: Path) -> str:
    """Returns the program that an example's document explains, as a part of that."""
    main = ROOT / document.parent / "main.py"
    if document.parts[0] != "examples" or not main.exists():
        return ""
    return f"\n## main.py\n\n```python\n{main.read_text(encoding='utf-8')}```\n"


def write(path: Path, text: str) -> None:
    """Writes a document of the copy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def copy_target(folder: Path, link: str) -> None:
    """Copies what a link leads to, unless that is a document."""
    target = Path(os.path.normpath(folder / link))
    if is_external(link) or target.suffix == ".md" or not (ROOT / target).exists():
        return
    if (ROOT / target).is_dir():
        if not (ROOT / target / "README.md").exists():
            write(SOURCE / target / "README.md", listing(target))
    else:
        (SOURCE / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / target, SOURCE / target)


def copy_document(document: Path) -> None:
    """Copies a document and what it links to."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for link in links(text):
        copy_target(document.parent, link)
    text = LINK.sub(lambda match: to_document(document.parent, match[1]), text)
    write(SOURCE / document, text + program_of(document))


def write_c_reference() -> None:
    """Writes a page for each header, and a list of them."""
    entries = []
    for header in sorted(ROOT.glob("components/*/include/*.h")):
        name = f"reference-c-{header.stem}.md"
        write(SOURCE / "docs" / name, c_reference.page(header))
        entries.append(f"* [{header.name}]({name})\n")
    write(SOURCE / "docs" / "reference-c.md", "# Headers\n\n" + "".join(entries))


def lay_out() -> None:
    """Makes the copy."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    for document in documents():
        copy_document(document)
    write_c_reference()


def build() -> int:
    """Runs MkDocs. Shows what it warns of, which fails."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean"]
    done = subprocess.run(
        [*command, "--config-file", ROOT / "mkdocs.yml"],
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        print(re.sub(r"^INFO .*\n(  .*\n)*", "", done.stderr, flags=re.MULTILINE), file=sys.stderr)
    return done.returncode


def missing() -> list[str]:
    """Returns the images of pages that are not there: MkDocs does not look at those in HTML."""
    found = []
    for page in SITE.rglob("index.html"):
        for source in IMAGE.findall(page.read_text(encoding="utf-8")):
            if not is_external(source) and not (page.parent / source).exists():
                found.append(f"{page.relative_to(SITE)}: {source}")
    return found


def external() -> list[str]:
    """Returns the links to other sites."""
    texts = ((ROOT / document).read_text(encoding="utf-8") for document in documents())
    return sorted({link for text in texts for link in links(text) if is_external(link)})


def main() -> int:
    """Builds the site, or lists links."""
    if "--external" in sys.argv[1:]:
        print(*external(), sep="\n")
        return 0
    lay_out()
    status = build()
    lost = missing()
    print("".join(f"site: no image {name}\n" for name in lost), end="", file=sys.stderr)
    return 1 if lost else status


if __name__ == "__main__":
    sys.exit(main())
