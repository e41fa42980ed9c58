/* SPDX-License-Identifier: MIT */

/* The smallest terminal: it echoes what is typed, and Ctrl-D ends the session. Open /ws in a browser. */
#include <stdio.h>

#include "esp_err.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include "uhttpd.h"
#include "webrepl.h"

#define CTRL_D 4
#define PATIENCE_MS 5000

static void echo(char c)
{
    if (c == CTRL_D) {
        webrepl_disconnect(1000, "bye");
    } else if (c == '\r') {
        webrepl_write("\r\n>>> ", 6, PATIENCE_MS);
    } else {
        webrepl_write(&c, 1, PATIENCE_MS);
    }
}

void app_main(void)
{
    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());

    webrepl_config_t terminal = WEBREPL_DEFAULT_CONFIG();
    ESP_ERROR_CHECK(webrepl_init(&terminal));

    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    uhttpd_handle_t server;
    ESP_ERROR_CHECK(uhttpd_start(&config, &server));
    ESP_ERROR_CHECK(webrepl_serve(server, "/ws", "a password"));
    printf("listening on port %u\n", uhttpd_port(server));

    for (;;) {
        char c;
        while (webrepl_read(&c, 1)) {
            echo(c);
        }
        webrepl_wait(UHTTPD_OS_FOREVER);
    }
}
