/* SPDX-License-Identifier: MIT */
#pragma once

#include "esp_err.h"

/**
 * @file
 * The way to the network. `network.c` for chips; on ESP-IDF's linux target (`network_linux.c`) and on a desktop
 * (`network_desktop.c`) the machine is connected already.
 */

/**
 * @brief Begins to connect, and goes on trying in the background. Addresses are logged as they come. Does not wait for
 *        one: a server may listen before.
 * @return ESP_OK, or why the network cannot be used at all.
 */
esp_err_t network_start(void);
