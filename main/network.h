/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "esp_err.h"

/**
 * @file
 * The connection to the network. `network.c` for chips; on ESP-IDF's linux target (`network_linux.c`) and on a desktop
 * (`network_desktop.c`) the machine is connected already, see `network_given.c`.
 */

#define NETWORK_NAME_MAX 32     /* bytes of a Wi-Fi network's name, IEEE 802.11 */
#define NETWORK_PASSWORD_MAX 64 /* of its password: 8 to 63 characters, or 64 hex digits */

/**
 * @brief Begins to connect, and keeps trying in the background. Logs addresses as they are assigned. Does not wait for
 *        one: a server may listen before that.
 * @return ESP_OK, or why the network cannot be used at all.
 */
esp_err_t network_start(void);

/** @brief True while there is no Wi-Fi network to join, or the one that was stored cannot be joined: the board has opened
 *         one of its own, and waits for network_set_up(). Any task. */
bool network_needs_setup(void);

/**
 * @brief Stores which Wi-Fi network to join from the next start on. Any task; blocks for a moment.
 *
 * @param[in] name      1 to #NETWORK_NAME_MAX bytes.
 * @param[in] password  8 to #NETWORK_PASSWORD_MAX characters; empty for an open network.
 * @return ESP_OK, ESP_ERR_INVALID_ARG, or why it could not be stored.
 */
esp_err_t network_set_up(const char *name, const char *password);
