# SPDX-License-Identifier: MIT
"""Chooses the esp_http_server of a desktop: ours, or ESP-IDF's if ESP_HTTP_SERVER_DIR names it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

VARIABLE = "ESP_HTTP_SERVER_DIR"


def _chosen() -> str:
    chosen = os.environ.get(VARIABLE)
    return str(Path(chosen).resolve()) if chosen else ""


def suffix() -> str:
    """Returns the suffix of the folders that are built with it."""
    chosen = _chosen()
    return "-idf-" + hashlib.sha256(chosen.encode()).hexdigest()[:8] if chosen else ""


def cmake_option() -> str:
    """Returns the option for CMake."""
    return f"-D{VARIABLE}={_chosen()}"
