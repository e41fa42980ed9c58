/* SPDX-License-Identifier: MIT */
/* The version of ESP-IDF whose esp_http_server is imitated. */
#pragma once

#define ESP_IDF_VERSION_VAL(major, minor, patch) ((major) << 16 | (minor) << 8 | (patch))
#define ESP_IDF_VERSION ESP_IDF_VERSION_VAL(5, 5, 5)
