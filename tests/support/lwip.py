# SPDX-License-Identifier: MIT
"""Marks for tests that run on the computer's network alone, or on lwIP alone."""

from __future__ import annotations

import pytest

from tools import network

ON_LWIP = bool(network.chosen())

only_on_lwip = pytest.mark.skipif(not ON_LWIP, reason="on lwIP only: tools/test.py --lane=lwip")


def not_on_lwip(reason: str) -> pytest.MarkDecorator:
    """Skips a test on lwIP; the reason is what is different there."""
    return pytest.mark.skipif(ON_LWIP, reason=f"on lwIP {reason}")
