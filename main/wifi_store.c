/* SPDX-License-Identifier: MIT */
#include "wifi_store.h"

#include "esp_check.h"
#include "nvs.h"
#include "nvs_flash.h"

static const char *TAG = "wifi";

#define NAMESPACE "firmware"
#define NAME "wifi.name"
#define PASSWORD "wifi.password"

esp_err_t wifi_store_open(void)
{
    esp_err_t err = nvs_flash_init();
    if (err == ESP_ERR_NVS_NO_FREE_PAGES || err == ESP_ERR_NVS_NEW_VERSION_FOUND) {
        ESP_RETURN_ON_ERROR(nvs_flash_erase(), TAG, "no NVS partition");
        err = nvs_flash_init();
    }
    return err;
}

bool wifi_store_load(wifi_network_t *network)
{
    nvs_handle_t store;
    if (nvs_open(NAMESPACE, NVS_READONLY, &store) != ESP_OK) {
        return false;
    }
    size_t name_size = sizeof(network->name), password_size = sizeof(network->password);
    bool found = nvs_get_str(store, NAME, network->name, &name_size) == ESP_OK &&
                 nvs_get_str(store, PASSWORD, network->password, &password_size) == ESP_OK;
    nvs_close(store);
    return found && network->name[0];
}

esp_err_t wifi_store_save(const char *name, const char *password)
{
    nvs_handle_t store;
    ESP_RETURN_ON_ERROR(nvs_open(NAMESPACE, NVS_READWRITE, &store), TAG, "no NVS");
    /* The password first: a name makes both count. */
    esp_err_t err = nvs_set_str(store, PASSWORD, password);
    if (err == ESP_OK) {
        err = nvs_set_str(store, NAME, name);
    }
    if (err == ESP_OK) {
        err = nvs_commit(store);
    }
    nvs_close(store);
    return err;
}
