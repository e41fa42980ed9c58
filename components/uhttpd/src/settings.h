/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

/**
 * @file
 * A configuration that belongs to the server: checked, and with copies of what it points to.
 */

/**
 * @brief Copies and checks. uh_settings_free() is needed in any case.
 * @return ESP_OK, ESP_ERR_INVALID_ARG (its log says why), ESP_ERR_NO_MEM
 */
esp_err_t uh_settings_copy(uhttpd_config_t *copy, const uhttpd_config_t *config);
void uh_settings_free(uhttpd_config_t *copy);
