/* SPDX-License-Identifier: MIT */

/* The chip's own Ethernet controller, with a LAN87xx at its pins. */
#include "esp_check.h"
#include "esp_eth.h"
#include "esp_idf_version.h"
#include "ethernet_attach.h"
#include "network_interfaces.h"
#include "sdkconfig.h"
#if ESP_IDF_VERSION_MAJOR >= 6
#include "esp_eth_phy_lan87xx.h" /* of the component espressif/lan87xx */
#endif

static const char *TAG = "ethernet";

esp_err_t ethernet_start(void)
{
    eth_esp32_emac_config_t controller = ETH_ESP32_EMAC_DEFAULT_CONFIG();
    controller.smi_gpio.mdc_num = CONFIG_FIRMWARE_ETHERNET_MDC_GPIO;
    controller.smi_gpio.mdio_num = CONFIG_FIRMWARE_ETHERNET_MDIO_GPIO;
    eth_mac_config_t mac_config = ETH_MAC_DEFAULT_CONFIG();
    eth_phy_config_t phy_config = ETH_PHY_DEFAULT_CONFIG();
    phy_config.phy_addr = CONFIG_FIRMWARE_ETHERNET_PHY_ADDRESS;
    phy_config.reset_gpio_num = CONFIG_FIRMWARE_ETHERNET_RESET_GPIO;
    esp_eth_config_t config =
        ETH_DEFAULT_CONFIG(esp_eth_mac_new_esp32(&controller, &mac_config), esp_eth_phy_new_lan87xx(&phy_config));
    esp_eth_handle_t driver;
    ESP_RETURN_ON_ERROR(esp_eth_driver_install(&config, &driver), TAG, "no driver");
    return ethernet_attach(driver);
}
