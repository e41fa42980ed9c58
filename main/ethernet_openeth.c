/* SPDX-License-Identifier: MIT */

/* The Ethernet controller of Espressif's emulator. */
#include "esp_check.h"
#include "esp_eth.h"
#include "esp_idf_version.h"
#include "ethernet_attach.h"
#include "network_interfaces.h"

static const char *TAG = "ethernet";

#if ESP_IDF_VERSION < ESP_IDF_VERSION_VAL(6, 0, 0) /* which builds this driver alone beside the emulator's MAC */
#define esp_eth_phy_new_generic esp_eth_phy_new_dp83848
#endif

esp_err_t ethernet_start(void)
{
    eth_mac_config_t mac_config = ETH_MAC_DEFAULT_CONFIG();
    eth_phy_config_t phy_config = ETH_PHY_DEFAULT_CONFIG();
    phy_config.autonego_timeout_ms = 100; /* the emulator has no peer to negotiate with */
    esp_eth_config_t config =
        ETH_DEFAULT_CONFIG(esp_eth_mac_new_openeth(&mac_config), esp_eth_phy_new_generic(&phy_config));
    esp_eth_handle_t driver;
    ESP_RETURN_ON_ERROR(esp_eth_driver_install(&config, &driver), TAG, "no driver");
    return ethernet_attach(driver);
}
