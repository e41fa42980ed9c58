/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "esp_err.h"
#include "network.h"

/** @file The Wi-Fi network that the people who use the board have chosen, in NVS. */

typedef struct {
    char name[NETWORK_NAME_MAX + 1];
    char password[NETWORK_PASSWORD_MAX + 1];
} wifi_network_t;

/** @brief Opens NVS, and erases what another firmware has left there if it cannot be read. */
esp_err_t wifi_store_open(void);

/** @brief Reads the stored network. @return false: there is none */
bool wifi_store_load(wifi_network_t *network);

esp_err_t wifi_store_save(const char *name, const char *password);
