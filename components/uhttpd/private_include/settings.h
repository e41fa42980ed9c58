/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

/**
 * @file
 * A configuration that belongs to the server: checked, and with copies of what it points to.
 */

/**
 * @brief Copies and checks. settings_free() is needed in any case.
 * @return ESP_OK, ESP_ERR_INVALID_ARG (its log says why), ESP_ERR_NO_MEM
 */
esp_err_t settings_copy(uhttpd_config_t *copy, const uhttpd_config_t *config);
void settings_free(uhttpd_config_t *copy);
