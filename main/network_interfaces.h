/* SPDX-License-Identifier: MIT */
#pragma once

#include "esp_err.h"

/**
 * @file
 * The kinds of network a chip may have. Each is a file that the build chooses, or `ethernet_none.c`, `wifi_none.c`.
 * Called once, after esp_netif_init() and esp_event_loop_create_default(); neither waits for a connection.
 */
esp_err_t ethernet_start(void);
esp_err_t wifi_start(void);
