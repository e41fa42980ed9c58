# SPDX-License-Identifier: MIT
"""A module in Python, from which sample borrows."""

def lent(count: int = 1) -> str:
    """Is in sample, too.

    Args:
        count: How often.
    """
