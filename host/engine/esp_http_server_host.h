/* SPDX-License-Identifier: MIT */
/* What a desktop needs beyond ESP-IDF's esp_http_server.h: the address to listen on, and the port that was chosen. */
#pragma once

#include "esp_http_server.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Starts an instance, as httpd_start() does on a chip. Any thread; waits only to look up a name.
 *
 * @param[out]    handle     the new instance; NULL on every error
 * @param[in,out] config     copied; server_port 0 becomes the port that was free
 * @param[in]     bind_addr  IPv4 or IPv6 address or a name of this machine; "0.0.0.0" is every IPv4 interface, "::"
 *                           every interface of both kinds. NULL: 127.0.0.1
 * @return
 *  - ESP_OK
 *  - ESP_ERR_INVALID_ARG      max_open_sockets too large, or an address that does not resolve
 *  - ESP_ERR_HTTPD_ALLOC_MEM  out of memory
 *  - ESP_ERR_HTTPD_TASK       no thread
 *  - ESP_FAIL                 no socket; errno says why: EADDRINUSE for a port that is taken, EACCES for one below
 *                             1024 without the right to it, EADDRNOTAVAIL for an address of no interface
 */
esp_err_t httpd_host_start(httpd_handle_t *handle, httpd_config_t *config, const char *bind_addr);

#ifdef __cplusplus
}
#endif
