/* SPDX-License-Identifier: MIT */

/* A W5500 on SPI: for chips that have no Ethernet of their own. */
#include "driver/gpio.h"
#include "driver/spi_master.h"
#include "esp_check.h"
#include "esp_eth.h"
#include "esp_idf_version.h"
#include "esp_mac.h"
#include "ethernet_attach.h"
#include "network_interfaces.h"
#include "sdkconfig.h"
#if ESP_IDF_VERSION_MAJOR >= 6
#include "esp_eth_mac_w5500.h" /* of the component espressif/w5500 */
#include "esp_eth_phy_w5500.h"
#endif

static const char *TAG = "ethernet";

#define POLL_MS 10 /* where the chip's interrupt is not connected */

static esp_err_t start_bus(void)
{
    const spi_bus_config_t bus = {
        .mosi_io_num = CONFIG_FIRMWARE_W5500_MOSI_GPIO,
        .miso_io_num = CONFIG_FIRMWARE_W5500_MISO_GPIO,
        .sclk_io_num = CONFIG_FIRMWARE_W5500_SCLK_GPIO,
        .quadwp_io_num = -1,
        .quadhd_io_num = -1,
    };
    if (CONFIG_FIRMWARE_W5500_INT_GPIO >= 0) {
        esp_err_t err = gpio_install_isr_service(0);
        ESP_RETURN_ON_FALSE(err == ESP_OK || err == ESP_ERR_INVALID_STATE, err, TAG, "no interrupts");
    }
    return spi_bus_initialize(SPI2_HOST, &bus, SPI_DMA_CH_AUTO);
}

static void set_interrupt(eth_w5500_config_t *w5500)
{
#if ESP_IDF_VERSION_MAJOR >= 6
    eth_wiznet_config_t *config = &w5500->base;
#else
    eth_w5500_config_t *config = w5500;
#endif
    config->int_gpio_num = CONFIG_FIRMWARE_W5500_INT_GPIO;
    config->poll_period_ms = CONFIG_FIRMWARE_W5500_INT_GPIO < 0 ? POLL_MS : 0;
}

esp_err_t ethernet_start(void)
{
    ESP_RETURN_ON_ERROR(start_bus(), TAG, "no SPI bus");
    spi_device_interface_config_t device = {
        .mode = 0,
        .clock_speed_hz = CONFIG_FIRMWARE_W5500_CLOCK_MHZ * 1000 * 1000,
        .spics_io_num = CONFIG_FIRMWARE_W5500_CS_GPIO,
        .queue_size = 20,
    };
    eth_w5500_config_t w5500 = ETH_W5500_DEFAULT_CONFIG(SPI2_HOST, &device);
    set_interrupt(&w5500);
    eth_mac_config_t mac_config = ETH_MAC_DEFAULT_CONFIG();
    eth_phy_config_t phy_config = ETH_PHY_DEFAULT_CONFIG();
    phy_config.reset_gpio_num = CONFIG_FIRMWARE_ETHERNET_RESET_GPIO;
    esp_eth_config_t config =
        ETH_DEFAULT_CONFIG(esp_eth_mac_new_w5500(&w5500, &mac_config), esp_eth_phy_new_w5500(&phy_config));
    esp_eth_handle_t driver;
    ESP_RETURN_ON_ERROR(esp_eth_driver_install(&config, &driver), TAG, "no W5500");
    uint8_t address[6]; /* it has none of its own */
    ESP_RETURN_ON_ERROR(esp_read_mac(address, ESP_MAC_ETH), TAG, "no address");
    ESP_RETURN_ON_ERROR(esp_eth_ioctl(driver, ETH_CMD_S_MAC_ADDR, address), TAG, "refused address");
    return ethernet_attach(driver);
}
