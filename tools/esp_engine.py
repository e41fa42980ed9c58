# SPDX-License-Identifier: MIT
"""Which esp_http_server a desktop gets: ours, or ESP-IDF's where ESP_HTTP_SERVER_DIR names it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

VARIABLE = "ESP_HTTP_SERVER_DIR"


def _chosen() -> str:
    chosen = os.environ.get(VARIABLE)
    return str(Path(chosen).resolve()) if chosen else ""


def suffix() -> str:
    """What folders that are built with it have at the end of their names."""
    chosen = _chosen()
    return "-idf-" + hashlib.sha256(chosen.encode()).hexdigest()[:8] if chosen else ""


def cmake_option() -> str:
    """Tells CMake."""
    return f"-D{VARIABLE}={_chosen()}"
