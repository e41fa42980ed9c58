/* SPDX-License-Identifier: MIT */
#include "network.h"

#include "esp_check.h"
#include "esp_event.h"
#include "esp_log.h"
#include "esp_netif.h"
#include "network_check.h"
#include "network_interfaces.h"

static const char *TAG = "network";

static void on_address(void *ctx, esp_event_base_t base, int32_t id, void *data)
{
    (void)ctx, (void)base, (void)id;
    const ip_event_got_ip_t *event = data;
    ESP_LOGI(TAG, "%s: " IPSTR, esp_netif_get_desc(event->esp_netif), IP2STR(&event->ip_info.ip));
}

/* Without a name everything still works, by address. */
static void announce_name(void)
{
    esp_err_t err = mdns_name_start();
    if (err != ESP_OK) {
        ESP_LOGE(TAG, "no name: %s", esp_err_to_name(err));
    }
}

esp_err_t network_start(void)
{
    ESP_RETURN_ON_ERROR(esp_netif_init(), TAG, "no TCP/IP stack");
    ESP_RETURN_ON_ERROR(esp_event_loop_create_default(), TAG, "no event loop");
    ESP_RETURN_ON_ERROR(esp_event_handler_register(IP_EVENT, IP_EVENT_ETH_GOT_IP, on_address, NULL), TAG, "no memory");
    ESP_RETURN_ON_ERROR(esp_event_handler_register(IP_EVENT, IP_EVENT_STA_GOT_IP, on_address, NULL), TAG, "no memory");
    ESP_RETURN_ON_ERROR(ethernet_start(), TAG, "no Ethernet");
    ESP_RETURN_ON_ERROR(wifi_start(), TAG, "no Wi-Fi");
    announce_name();
    return ESP_OK;
}

bool network_needs_setup(void)
{
    return wifi_needs_setup();
}

esp_err_t network_set_up(const char *name, const char *password)
{
    if (!network_name_is_valid(name) || !network_password_is_valid(password)) {
        return ESP_ERR_INVALID_ARG;
    }
    return wifi_set_up(name, password);
}
