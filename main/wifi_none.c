/* SPDX-License-Identifier: MIT */
#include "network_interfaces.h"

esp_err_t wifi_start(void)
{
    return ESP_OK;
}
