/* SPDX-License-Identifier: MIT */
#include "port/engine.h"

#include <errno.h>

#include "esp_http_server_host.h"
#include "uhttpd.h"

#define BACKLOG 128 /* new connections that wait while every socket is taken; the kernel has the memory for them */

size_t uh_engine_max_sockets(void)
{
    return 64;
}

static esp_err_t engine_host_reason(esp_err_t err)
{
    if (err != ESP_FAIL) {
        return err == ESP_ERR_HTTPD_ALLOC_MEM || err == ESP_ERR_HTTPD_TASK ? ESP_ERR_NO_MEM : err;
    }
    switch (errno) {
    case EADDRINUSE:
        return ESP_ERR_UHTTPD_PORT_TAKEN;
    case EACCES:
        return ESP_ERR_NOT_ALLOWED;
    case EADDRNOTAVAIL:
        return ESP_ERR_INVALID_ARG;
    default:
        return ESP_FAIL;
    }
}

void uh_engine_place(httpd_config_t *config, int core, bool psram)
{
    (void)config, (void)core, (void)psram;
}

esp_err_t uh_engine_start(httpd_handle_t *engine, httpd_config_t *config, const char *bind)
{
    config->backlog_conn = BACKLOG;
    esp_err_t err = httpd_host_start(engine, config, bind);
    return err == ESP_OK ? ESP_OK : engine_host_reason(err);
}

/* The engine listens on that address only. */
bool uh_engine_accepts(int fd, const char *bind)
{
    (void)fd;
    (void)bind;
    return true;
}

bool uh_engine_notices_completion(void)
{
    return true;
}
