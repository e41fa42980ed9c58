/* SPDX-License-Identifier: MIT */
#include "network_interfaces.h"

esp_err_t wifi_start(void)
{
    return ESP_OK;
}

bool wifi_needs_setup(void)
{
    return false;
}

esp_err_t wifi_set_up(const char *name, const char *password)
{
    (void)name, (void)password;
    return ESP_ERR_NOT_SUPPORTED;
}
