/* SPDX-License-Identifier: MIT */
#include "esp_check.h"
#include "mdns.h"
#include "network_interfaces.h"
#include "sdkconfig.h"

static const char *TAG = "mdns";

esp_err_t mdns_name_start(void)
{
    ESP_RETURN_ON_ERROR(mdns_init(), TAG, "not started");
    ESP_RETURN_ON_ERROR(mdns_hostname_set(CONFIG_FIRMWARE_HOSTNAME), TAG, "no name");
    ESP_LOGI(TAG, "known as http://%s.local/", CONFIG_FIRMWARE_HOSTNAME);
    ESP_RETURN_ON_ERROR(mdns_service_add(NULL, "_http", "_tcp", CONFIG_FIRMWARE_HTTP_PORT, NULL, 0), TAG, "no page");
    mdns_txt_item_t console[] = {{"path", "/ws"}}; /* what `webrepl devs` looks for */
    return mdns_service_add(NULL, "_webrepl", "_tcp", CONFIG_FIRMWARE_HTTP_PORT, console, 1);
}
