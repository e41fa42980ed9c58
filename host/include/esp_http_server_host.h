/* SPDX-License-Identifier: MIT */
/*
 * What a desktop needs beyond ESP-IDF's esp_http_server.h: where to listen, and on which port it came to be.
 */
#pragma once

#include "esp_http_server.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Environment variable with the address that httpd_start() listens on. Unset or empty: HTTPD_HOST_BIND_DEFAULT. */
#define HTTPD_HOST_BIND_ENV "ESP_HTTPD_BIND"
#define HTTPD_HOST_BIND_DEFAULT "127.0.0.1"

/**
 * httpd_start() with the address to listen on. Any thread; blocks no longer than a name's look-up takes.
 *
 * httpd_config_t::server_port 0 lets the system choose a free port: ask httpd_host_port() for it.
 * Of the configuration, task_priority, stack_size, core_id, task_caps and ctrl_port have no meaning here.
 *
 * @param[out] handle     the new instance; NULL on every error
 * @param[in]  config     copied
 * @param[in]  bind_addr  IPv4 or IPv6 address or a name of this machine; "0.0.0.0" is every IPv4 interface, "::" every
 *                        interface of both kinds. NULL: as httpd_start() does
 * @return
 *  - ESP_OK
 *  - ESP_ERR_INVALID_ARG      NULL argument, max_open_sockets too large, or an address that does not resolve
 *  - ESP_ERR_HTTPD_ALLOC_MEM  out of memory
 *  - ESP_ERR_HTTPD_TASK       no thread
 *  - ESP_FAIL                 no socket; errno says why: EADDRINUSE for a port that is taken, EACCES for one below
 *                             1024 without the right to it, EADDRNOTAVAIL for an address of no interface
 */
esp_err_t httpd_host_start(httpd_handle_t *handle, const httpd_config_t *config, const char *bind_addr);

/** TCP port that the instance listens on; 0 for NULL. Any thread, never blocks. */
uint16_t httpd_host_port(httpd_handle_t handle);

#ifdef __cplusplus
}
#endif
