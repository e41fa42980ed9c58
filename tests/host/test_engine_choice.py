# SPDX-License-Identifier: MIT
"""ESP_HTTP_SERVER_DIR must name ESP-IDF's component."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.paths import ROOT

HOST = ROOT / "host"


def test_wrong_folder_ends_the_configuration_and_names_the_missing_file(tmp_path: Path) -> None:
    wrong = tmp_path / "esp_http_server"
    (wrong / "src").mkdir(parents=True)
    (wrong / "src" / "httpd_main.c").touch()
    configure = ["cmake", "-S", HOST, "-B", tmp_path / "build", f"-DESP_HTTP_SERVER_DIR={wrong}"]
    done = subprocess.run(configure, capture_output=True, text=True)
    assert done.returncode != 0
    message = " ".join(done.stderr.split())
    assert (
        "ESP_HTTP_SERVER_DIR is not components/esp_http_server of ESP-IDF 5.3 or later: "
        in message
    )
    assert f"{wrong}/src/httpd_parse.c is missing" in message
