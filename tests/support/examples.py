# SPDX-License-Identifier: MIT
"""Makes Hypothesis repeatable.

HYPOTHESIS_PROFILE=explore tries other, and more, examples each time.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, configuration, settings

from .paths import BUILD


def choose_profile() -> None:
    """Sets Hypothesis up; for a conftest.py."""
    configuration.set_hypothesis_home_dir(BUILD / "hypothesis")
    slow_is_fine = [HealthCheck.too_slow, HealthCheck.data_too_large]
    settings.register_profile(
        "ci",
        derandomize=True,
        database=None,
        max_examples=100,
        deadline=None,
        suppress_health_check=slow_is_fine,
    )
    settings.register_profile(
        "explore", max_examples=2000, deadline=None, suppress_health_check=slow_is_fine
    )
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
