# SPDX-License-Identifier: MIT
"""Makes Hypothesis repeatable."""

from __future__ import annotations

from tests.support.examples import choose_profile

choose_profile()
