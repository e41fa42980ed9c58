/* SPDX-License-Identifier: MIT */
#include "firmware.h"

#include <stdio.h>

#include "api.h"
#include "console.h"
#include "esp_err.h"
#include "esp_log.h"
#include "files.h"
#include "login.h"
#include "messages.h"
#include "network.h"
#include "settings.h"
#include "setup.h"
#include "storage.h"
#include "system.h"
#include "uhttpd.h"
#include "uhttpd_os.h"

static const char *TAG = "firmware";

#define ROUTES 16    /* slots, with some to spare */
#define TELL_MS 2000 /* between two sets of figures for listeners */

static uint64_t s_start;
static uhttpd_os_sem_t s_restart;

uint32_t firmware_uptime_s(void)
{
    return (uint32_t)((uhttpd_os_now() - s_start) / 1000);
}

void firmware_restart(void)
{
    uhttpd_os_sem_give(s_restart);
}

/* Everything else works without files, and can report what is wrong. */
static void mount_storage(void)
{
    esp_err_t err = storage_mount();
    if (err != ESP_OK) {
        ESP_LOGE(TAG, "no files: %s", esp_err_to_name(err));
    }
}

static esp_err_t prepare_routes(uhttpd_handle_t server, void *ctx)
{
    (void)ctx;
    ESP_ERROR_CHECK(console_serve(server));
    ESP_ERROR_CHECK(files_serve(server));
    ESP_ERROR_CHECK(messages_serve(server));
    ESP_ERROR_CHECK(setup_serve(server));
    ESP_ERROR_CHECK(api_serve(server)); /* the last one: a page that is served finds all the others */
    return ESP_OK;
}

static uhttpd_handle_t start_server(void)
{
    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    config.port = settings_port();
    config.routes = ROUTES;
    config.auth = login_judge;
    config.prepare = prepare_routes;
    uhttpd_handle_t server;
    ESP_ERROR_CHECK(uhttpd_start(&config, &server));
    return server;
}

void app_main(void)
{
    s_start = uhttpd_os_now();
    s_restart = uhttpd_os_sem_create();
    ESP_ERROR_CHECK(s_restart ? ESP_OK : ESP_ERR_NO_MEM);
    ESP_ERROR_CHECK(network_start());
    mount_storage();
    uhttpd_handle_t server = start_server();
    printf("%s %s on %s listens on port %u\n", TAG, FIRMWARE_VERSION, system_target(), uhttpd_port(server));
    fflush(stdout);

    while (!uhttpd_os_sem_take(s_restart, TELL_MS)) {
        api_tell(server);
    }
    uhttpd_stop(server);
    system_restart();
}
