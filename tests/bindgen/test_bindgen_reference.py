# SPDX-License-Identifier: MIT
"""The reference that the generator writes from stubs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.paths import MICROPYTHON

STUB = '''"""A module.

Two lines
of text.

Example::

    import module

    module.f(1)
"""

from typing import Annotated, Final

ONE: Final = 1
"""The *first* of `a|b` <all>."""

def f(
    a: Annotated[int, "0 to 9"],
    b: str | bytes | None = None,
    *,
    c: Annotated[float, "0 to 60 seconds"] = 1.5,
) -> str | None:
    """Does something.

    Args:
        a: The first, which
            goes on.
        b: The second.
        c: The third: with a colon.

    Returns:
        What it has
        done.

    Raises:
        ValueError: `a` is wrong.
    """

class K:
    """A class."""

    def __init__(self, size: int) -> None:
        """Makes one.

        Args:
            size: Its size.
        """

    def g(self) -> K:
        """Gives itself."""

    def __del__(self) -> None:
        """Is not to be called."""
'''

REFERENCE = """\
<!-- Generated from micropython/module.pyi by `make generate`. Do not edit. -->

# module

A module.

Two lines of text.

Example:

```python
import module

module.f(1)
```

## Constants

| name | value | |
| --- | --- | --- |
| ONE | 1 | The \\*first\\* of `a\\|b` \\<all>. |

## module.f()

```python
module.f(a, b=None, *, c=1.5) -> str | None
```

Does something.

Arguments:

- **a** (int; 0 to 9): The first, which goes on.
- **b** (str, bytes-like or None): The second.
- **c** (float; 0 to 60 seconds): The third: with a colon.

Returns: What it has done.

Raises:

- `ValueError`: `a` is wrong.

## class K

A class.

### module.K()

```python
module.K(size)
```

Makes one.

Arguments:

- **size** (int): Its size.

### K.g()

```python
K.g() -> K
```

Gives itself.
"""


def reference(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bindgen", *map(str, arguments), "--reference"]
    return subprocess.run(command, cwd=MICROPYTHON, capture_output=True, text=True, timeout=60)


def test_reference(tmp_path: Path) -> None:
    stub = tmp_path / "module.pyi"
    stub.write_text(STUB)
    done = reference(stub, "--out", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "reference-module.md").read_text() == REFERENCE


def test_reference_of_the_modules_is_up_to_date() -> None:
    done = reference(
        "uhttpd.pyi",
        "uhttpd_session.pyi",
        "uhttpd_testing.pyi",
        "webrepl.pyi",
        "_webrepl.pyi",
        "--out",
        MICROPYTHON.parent / "docs",
        "--check",
    )
    assert done.returncode == 0, f"{done.stderr}run `make generate`"
