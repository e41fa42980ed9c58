/* SPDX-License-Identifier: MIT */
/* A server of ESP-IDF's own beside ours, as a firmware may have one already. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "esp_http_server.h"

static httpd_handle_t s_bare;

static esp_err_t bare_say(httpd_req_t *req)
{
    return httpd_resp_sendstr(req, "bare");
}

/* "bare PORT" starts it with ESP-IDF's defaults on that port; "bare" stops it. */
void bare_order(const char *port)
{
    esp_err_t err = ESP_OK;
    if (s_bare) {
        err = httpd_stop(s_bare);
        s_bare = NULL;
    } else {
        httpd_config_t config = HTTPD_DEFAULT_CONFIG();
        config.server_port = (uint16_t)atoi(port);
        err = httpd_start(&s_bare, &config);
    }
    if (s_bare) {
        httpd_register_uri_handler(s_bare, &(httpd_uri_t) {.uri = "/bare", .method = HTTP_GET, .handler = bare_say});
    }
    printf("%s\n", error_name(err));
}
