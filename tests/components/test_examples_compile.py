# SPDX-License-Identifier: MIT
"""Examples in C use the library as its headers say; CI builds the whole programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT

UHTTPD = ROOT / "components" / "uhttpd"
STUBS = {
    "esp_event.h": "esp_err_t esp_event_loop_create_default(void);",
    "esp_netif.h": "esp_err_t esp_netif_init(void);",
    "nvs_flash.h": "esp_err_t nvs_flash_init(void);",
    "protocol_examples_common.h": "esp_err_t example_connect(void);",
    "cJSON.h": """
#include <stdbool.h>
typedef struct cJSON cJSON;
cJSON *cJSON_ParseWithLength(const char *text, size_t len);
char *cJSON_PrintUnformatted(const cJSON *value);
void cJSON_free(void *text);
""",
}
"""What they take of ESP-IDF."""


@pytest.fixture
def compile_c(tmp_path: Path):  # noqa: ANN201
    """Compiles a source against the headers."""
    for name, text in STUBS.items():
        (tmp_path / name).write_text(f'#pragma once\n#include "esp_err.h"\n{text}\n')

    def compile_source(source: Path) -> None:
        folders = (tmp_path, UHTTPD / "include", ROOT / "host" / "include")
        includes = [f"-I{folder}" for folder in folders]
        options = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
        subprocess.run(["gcc", *options, *includes, source], check=True)

    return compile_source


@pytest.mark.parametrize("name", ["hello", "form"])
def test_an_example_compiles(compile_c, name: str) -> None:  # noqa: ANN001
    compile_c(UHTTPD / "examples" / name / "main" / "main.c")


def test_the_functions_for_cjson_compile(compile_c, tmp_path: Path) -> None:  # noqa: ANN001
    source = tmp_path / "json.c"
    source.write_text(
        '#include "uhttpd_cjson.h"\n'
        "esp_err_t echo(uhttpd_req_t *req, cJSON *value);\n"
        "esp_err_t echo(uhttpd_req_t *req, cJSON *value)\n"
        "{\n    esp_err_t err = uhttpd_req_read_cjson(req, 100, &value);\n"
        '    return err == ESP_OK ? uhttpd_write_cjson(req, value, "201 Created") : err;\n}\n'
    )
    compile_c(source)
