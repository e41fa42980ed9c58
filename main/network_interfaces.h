/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "esp_err.h"

/**
 * @file
 * The kinds of network a chip may have. Each is a file that the build chooses, or `..._none.c` where it has none. The
 * start functions are called once, after esp_netif_init() and esp_event_loop_create_default(), and wait for no
 * connection.
 */
esp_err_t ethernet_start(void);

esp_err_t wifi_start(void);
bool wifi_needs_setup(void);                                   /*!< as network_needs_setup() */
esp_err_t wifi_set_up(const char *name, const char *password); /*!< as network_set_up(); checked already */

/** @brief Makes the board known as CONFIG_FIRMWARE_HOSTNAME.local, where its server is on CONFIG_FIRMWARE_HTTP_PORT. */
esp_err_t mdns_name_start(void);
