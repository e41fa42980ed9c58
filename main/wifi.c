/* SPDX-License-Identifier: MIT */

/* Joins the configured network, or opens one when none is configured. */
#include "network_interfaces.h"

#include <string.h>

#include "esp_check.h"
#include "esp_event.h"
#include "esp_log.h"
#include "esp_netif.h"
#include "esp_wifi.h"
#include "nvs_flash.h"
#include "sdkconfig.h"

static const char *TAG = "wifi";

#define AP_CLIENTS 4

/* A scan takes seconds, so trying again at once is no busy loop. */
static void connect(void *ctx, esp_event_base_t base, int32_t id, void *data)
{
    (void)ctx, (void)base, (void)data;
    if (id == WIFI_EVENT_STA_DISCONNECTED) {
        ESP_LOGW(TAG, "no connection to %s: trying again", CONFIG_FIRMWARE_WIFI_SSID);
    }
    esp_wifi_connect();
}

/* In the driver's fields a text that fills them needs no NUL. @return bytes copied */
static uint8_t copy(uint8_t *field, size_t size, const char *text)
{
    size_t len = strlen(text);
    len = len < size ? len : size;
    memcpy(field, text, len);
    return (uint8_t)len;
}

static esp_err_t configure_station(void)
{
    wifi_config_t config = {0};
    copy(config.sta.ssid, sizeof(config.sta.ssid), CONFIG_FIRMWARE_WIFI_SSID);
    copy(config.sta.password, sizeof(config.sta.password), CONFIG_FIRMWARE_WIFI_PASSWORD);
    ESP_RETURN_ON_FALSE(esp_netif_create_default_wifi_sta(), ESP_ERR_NO_MEM, TAG, "no interface");
    ESP_RETURN_ON_ERROR(esp_event_handler_register(WIFI_EVENT, WIFI_EVENT_STA_START, connect, NULL), TAG, "no memory");
    ESP_RETURN_ON_ERROR(esp_event_handler_register(WIFI_EVENT, WIFI_EVENT_STA_DISCONNECTED, connect, NULL), TAG,
                        "no memory");
    ESP_RETURN_ON_ERROR(esp_wifi_set_mode(WIFI_MODE_STA), TAG, "no station");
    return esp_wifi_set_config(WIFI_IF_STA, &config);
}

static esp_err_t configure_access_point(void)
{
    wifi_config_t config = {.ap = {.max_connection = AP_CLIENTS, .authmode = WIFI_AUTH_OPEN}};
    config.ap.ssid_len = copy(config.ap.ssid, sizeof(config.ap.ssid), CONFIG_FIRMWARE_AP_SSID);
    if (CONFIG_FIRMWARE_AP_PASSWORD[0]) {
        copy(config.ap.password, sizeof(config.ap.password), CONFIG_FIRMWARE_AP_PASSWORD);
        config.ap.authmode = WIFI_AUTH_WPA2_PSK;
    }
    ESP_RETURN_ON_FALSE(esp_netif_create_default_wifi_ap(), ESP_ERR_NO_MEM, TAG, "no interface");
    ESP_RETURN_ON_ERROR(esp_wifi_set_mode(WIFI_MODE_AP), TAG, "no access point");
    ESP_LOGI(TAG, "no network is configured: opening %s, where this is 192.168.4.1", CONFIG_FIRMWARE_AP_SSID);
    return esp_wifi_set_config(WIFI_IF_AP, &config);
}

/* The driver keeps its calibration there. What another firmware has left behind is of no use to it. */
static esp_err_t open_nvs(void)
{
    esp_err_t err = nvs_flash_init();
    if (err == ESP_ERR_NVS_NO_FREE_PAGES || err == ESP_ERR_NVS_NEW_VERSION_FOUND) {
        ESP_RETURN_ON_ERROR(nvs_flash_erase(), TAG, "no NVS partition");
        err = nvs_flash_init();
    }
    return err;
}

esp_err_t wifi_start(void)
{
    ESP_RETURN_ON_ERROR(open_nvs(), TAG, "no NVS");
    wifi_init_config_t driver = WIFI_INIT_CONFIG_DEFAULT();
    ESP_RETURN_ON_ERROR(esp_wifi_init(&driver), TAG, "no driver");
    ESP_RETURN_ON_ERROR(esp_wifi_set_storage(WIFI_STORAGE_RAM), TAG, "no storage");
    bool station = CONFIG_FIRMWARE_WIFI_SSID[0];
    ESP_RETURN_ON_ERROR(station ? configure_station() : configure_access_point(), TAG, "refused settings");
    return esp_wifi_start();
}
