/* SPDX-License-Identifier: MIT */

/* A page, and a form that is read while it arrives. */
#include <stdio.h>

#include "esp_err.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include "uhttpd.h"

static esp_err_t get_hello(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    static const char text[] = "Hello World\n";
    return uhttpd_write(req, text, sizeof(text) - 1, &(uhttpd_response_t) {.mime = "text/plain"});
}

/* Runs in a worker: it may wait for the client, and nobody else does. */
static esp_err_t post_count(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char piece[128], answer[48];
    size_t total = 0, got;
    do {
        esp_err_t err = uhttpd_req_read(req, piece, sizeof(piece), &got);
        if (err != ESP_OK) {
            return err; /* the client is told why */
        }
        total += got;
    } while (got);
    int len = snprintf(answer, sizeof(answer), "%u bytes have come\n", (unsigned)total);
    return uhttpd_write(req, answer, (size_t)len, &(uhttpd_response_t) {.mime = "text/plain"});
}

void app_main(void)
{
    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());

    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    uhttpd_handle_t server;
    ESP_ERROR_CHECK(uhttpd_start(&config, &server));
    const uhttpd_route_t hello = {.url = "/", .methods = UHTTPD_GET, .handler = get_hello};
    const uhttpd_route_t count = {.url = "/count", .methods = UHTTPD_POST, .handler = post_count};
    ESP_ERROR_CHECK(uhttpd_route(server, &hello));
    ESP_ERROR_CHECK(uhttpd_route(server, &count));
    printf("listening on port %u\n", uhttpd_port(server));
}
