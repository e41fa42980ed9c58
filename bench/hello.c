/* SPDX-License-Identifier: MIT */

/* Hello World from a C handler in a worker, the upper limit for a Python callback. */
#include <stdio.h>
#include <unistd.h>

#include "uhttpd.h"

static esp_err_t hello(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    return uhttpd_write(req, "Hello World", 11, &(uhttpd_response_t) {.mime = "text/plain"});
}

int main(void)
{
    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    config.port = 0;
    uhttpd_handle_t server;
    ESP_ERROR_CHECK(uhttpd_start(&config, &server));
    uhttpd_route_t route = {.url = "/", .methods = UHTTPD_GET, .handler = hello};
    ESP_ERROR_CHECK(uhttpd_route(server, &route));
    route.url = "/inline";
    route.inline_handler = true;
    ESP_ERROR_CHECK(uhttpd_route(server, &route));
    printf("PORT %u\n", uhttpd_port(server));
    fflush(stdout);
    for (;;) {
        pause();
    }
}
