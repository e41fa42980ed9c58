/* SPDX-License-Identifier: MIT */
#include "network_interfaces.h"

esp_err_t mdns_name_start(void)
{
    return ESP_OK;
}
