/* SPDX-License-Identifier: MIT */
#include "ethernet_attach.h"

#include "esp_check.h"
#include "esp_netif.h"

static const char *TAG = "ethernet";

esp_err_t ethernet_attach(esp_eth_handle_t driver)
{
    esp_netif_config_t config = ESP_NETIF_DEFAULT_ETH();
    esp_netif_t *netif = esp_netif_new(&config);
    ESP_RETURN_ON_FALSE(netif, ESP_ERR_NO_MEM, TAG, "no interface");
    ESP_RETURN_ON_ERROR(esp_netif_attach(netif, esp_eth_new_netif_glue(driver)), TAG, "not attached");
    return esp_eth_start(driver);
}
