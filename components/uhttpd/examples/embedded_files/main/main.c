/* SPDX-License-Identifier: MIT */

/* A page of several files that are part of the firmware: no file system, no partition for one. */
#include <inttypes.h>
#include <stdio.h>

#include "esp_err.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include "uhttpd.h"
#include "uhttpd_memory.h"
#include "uhttpd_os.h"

#define EMBEDDED(name) \
    extern const char name##_start[] __asm__("_binary_" #name "_start"); \
    extern const char name##_end[] __asm__("_binary_" #name "_end")

EMBEDDED(index_html);
EMBEDDED(app_js);
EMBEDDED(style_css);

static const uhttpd_memory_file_t s_files[] = {
    {.path = "/index.html", .start = index_html_start, .end = index_html_end},
    {.path = "/app.js", .start = app_js_start, .end = app_js_end},
    {.path = "/style.css", .start = style_css_start, .end = style_css_end},
};

static esp_err_t get_uptime(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char text[24];
    int len = snprintf(text, sizeof(text), "%" PRIu64, uhttpd_os_now() / 1000);
    return uhttpd_write(req, text, (size_t)len, &(uhttpd_response_t) {.mime = "text/plain"});
}

/* The page is at every URL that nothing else answers, so it comes last. */
static esp_err_t add_routes(uhttpd_handle_t server, void *ctx)
{
    (void)ctx;
    const uhttpd_route_t uptime = {.url = "/api/uptime", .methods = UHTTPD_GET, .handler = get_uptime};
    const uhttpd_memory_config_t page = {
        .files = s_files, .count = sizeof(s_files) / sizeof(s_files[0]), .index = "index.html"};
    esp_err_t err = uhttpd_route(server, &uptime);
    return err == ESP_OK ? uhttpd_serve_memory(server, &page) : err;
}

void app_main(void)
{
    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());

    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    config.prepare = add_routes;
    uhttpd_handle_t server;
    ESP_ERROR_CHECK(uhttpd_start(&config, &server));
    printf("listening on port %u\n", uhttpd_port(server));
}
