# SPDX-License-Identifier: MIT
"""Names on the board, as people write them: with a colon in front."""

from __future__ import annotations

MARK = ":"


def is_remote(text: str) -> bool:
    """Whether a name is one of the board's."""
    return text.startswith(MARK)


def remote(text: str) -> str:
    """The board's own name of `:name` or `name`."""
    return text[len(MARK) :] if is_remote(text) else text


def is_root(path: str) -> bool:
    """Whether a name is that of everything, or of where relative names begin."""
    return path.strip("/") in ("", ".")


def join(folder: str, name: str) -> str:
    """A name within a directory of the board."""
    return f"{folder.rstrip('/')}/{name}" if folder.strip("/") else f"{folder}{name}"


def base(path: str) -> str:
    """The last part of a name."""
    return path.rstrip("/").rpartition("/")[2]


def parents(path: str) -> list[str]:
    """The directories above a name, the outermost first."""
    parts = path.rstrip("/").split("/")[:-1]
    return [folder for end in range(len(parts)) if (folder := "/".join(parts[: end + 1]))]
