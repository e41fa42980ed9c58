/* SPDX-License-Identifier: MIT */

/*
 * Joins the stored network, or else the configured one. If there is neither, or it cannot be joined, the board opens a
 * network of its own on which it can be set up. Meanwhile it keeps trying the other one.
 */
#include <stdatomic.h>
#include <string.h>

#include "esp_check.h"
#include "esp_event.h"
#include "esp_log.h"
#include "esp_netif.h"
#include "esp_wifi.h"
#include "network_interfaces.h"
#include "sdkconfig.h"
#include "wifi_store.h"

static const char *TAG = "wifi";

#define AP_CLIENTS 4
#define PATIENCE 5 /* attempts, a few seconds each, until the board can be set up again */

static wifi_network_t s_network; /* the network to join; no name: none */
static atomic_bool s_open;       /* the board's own network is there */
static unsigned s_failures;      /* since the start; UINT_MAX: it has been joined once. The event loop's task only */

/* In the driver's fields a text that fills them needs no NUL. @return bytes copied */
static uint8_t wifi_copy(uint8_t *field, size_t size, const char *text)
{
    size_t len = strlen(text);
    len = len < size ? len : size;
    memcpy(field, text, len);
    return (uint8_t)len;
}

static esp_err_t open_own_network(wifi_mode_t mode)
{
    wifi_config_t config = {.ap = {.max_connection = AP_CLIENTS, .authmode = WIFI_AUTH_OPEN}};
    config.ap.ssid_len = wifi_copy(config.ap.ssid, sizeof(config.ap.ssid), CONFIG_FIRMWARE_AP_SSID);
    if (CONFIG_FIRMWARE_AP_PASSWORD[0]) {
        wifi_copy(config.ap.password, sizeof(config.ap.password), CONFIG_FIRMWARE_AP_PASSWORD);
        config.ap.authmode = WIFI_AUTH_WPA2_PSK;
    }
    ESP_RETURN_ON_FALSE(esp_netif_create_default_wifi_ap(), ESP_ERR_NO_MEM, TAG, "no interface");
    ESP_RETURN_ON_ERROR(esp_wifi_set_mode(mode), TAG, "no access point");
    ESP_RETURN_ON_ERROR(esp_wifi_set_config(WIFI_IF_AP, &config), TAG, "refused settings");
    atomic_store(&s_open, true);
    ESP_LOGI(TAG, "set this board up at http://192.168.4.1/setup in its own network %s", CONFIG_FIRMWARE_AP_SSID);
    return ESP_OK;
}

static void after_failure(void)
{
    if (s_failures == UINT_MAX || ++s_failures != PATIENCE) {
        return;
    }
    esp_err_t err = open_own_network(WIFI_MODE_APSTA);
    if (err != ESP_OK) {
        ESP_LOGE(TAG, "no network of its own: %s", esp_err_to_name(err));
    }
}

/* A scan takes seconds, so trying again at once is not a busy loop. */
static void on_station(void *ctx, esp_event_base_t base, int32_t id, void *data)
{
    (void)ctx, (void)base, (void)data;
    if (id == WIFI_EVENT_STA_CONNECTED) {
        s_failures = UINT_MAX;
        return;
    }
    if (id == WIFI_EVENT_STA_DISCONNECTED) {
        ESP_LOGW(TAG, "no connection to %s: trying again", s_network.name);
        after_failure();
    }
    esp_wifi_connect();
}

static esp_err_t configure_station(void)
{
    wifi_config_t config = {0};
    wifi_copy(config.sta.ssid, sizeof(config.sta.ssid), s_network.name);
    wifi_copy(config.sta.password, sizeof(config.sta.password), s_network.password);
    esp_netif_t *netif = esp_netif_create_default_wifi_sta();
    ESP_RETURN_ON_FALSE(netif, ESP_ERR_NO_MEM, TAG, "no interface");
    ESP_RETURN_ON_ERROR(esp_netif_set_hostname(netif, CONFIG_FIRMWARE_HOSTNAME), TAG, "refused name");
    static const int32_t events[] = {WIFI_EVENT_STA_START, WIFI_EVENT_STA_CONNECTED, WIFI_EVENT_STA_DISCONNECTED};
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        ESP_RETURN_ON_ERROR(esp_event_handler_register(WIFI_EVENT, events[i], on_station, NULL), TAG, "no memory");
    }
    ESP_RETURN_ON_ERROR(esp_wifi_set_mode(WIFI_MODE_STA), TAG, "no station");
    return esp_wifi_set_config(WIFI_IF_STA, &config);
}

static void choose_network(void)
{
    if (!wifi_store_load(&s_network)) {
        strlcpy(s_network.name, CONFIG_FIRMWARE_WIFI_SSID, sizeof(s_network.name));
        strlcpy(s_network.password, CONFIG_FIRMWARE_WIFI_PASSWORD, sizeof(s_network.password));
    }
}

esp_err_t wifi_start(void)
{
    ESP_RETURN_ON_ERROR(wifi_store_open(), TAG, "no NVS"); /* the driver keeps its calibration there as well */
    choose_network();
    wifi_init_config_t driver = WIFI_INIT_CONFIG_DEFAULT();
    ESP_RETURN_ON_ERROR(esp_wifi_init(&driver), TAG, "no driver");
    ESP_RETURN_ON_ERROR(esp_wifi_set_storage(WIFI_STORAGE_RAM), TAG, "no storage");
    ESP_RETURN_ON_ERROR(s_network.name[0] ? configure_station() : open_own_network(WIFI_MODE_AP), TAG,
                        "refused settings");
    return esp_wifi_start();
}

bool wifi_needs_setup(void)
{
    return atomic_load(&s_open);
}

esp_err_t wifi_set_up(const char *name, const char *password)
{
    return wifi_store_save(name, password);
}
