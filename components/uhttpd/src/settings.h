/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

/**
 * @file
 * The server's own configuration: checked, with copies of what its pointers point to.
 */

/**
 * @brief Copies and checks. Call uh_settings_free() in any case.
 * @return ESP_OK, ESP_ERR_INVALID_ARG (its log says why), ESP_ERR_NO_MEM
 */
esp_err_t uh_settings_copy(uhttpd_config_t *copy, const uhttpd_config_t *config);
void uh_settings_free(uhttpd_config_t *copy);
