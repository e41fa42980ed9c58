/* SPDX-License-Identifier: MIT */
#pragma once

#include "esp_http_server.h"

/**
 * @file
 * What differs between the two engines: `src/port/engine_idf.c` and `src/port/engine_host.c`, chosen by the build.
 */

/** @brief Sockets that one server may use at most on this target. */
size_t uh_engine_max_sockets(void);

/**
 * @brief Starts esp_http_server on @p bind (see uhttpd_config_t::bind).
 * @param[in,out] config  server_port 0 becomes the port that was free.
 * @return ESP_OK, ESP_ERR_NOT_ALLOWED (the port needs a privilege), ESP_ERR_UHTTPD_PORT_TAKEN, ESP_ERR_INVALID_ARG (no such local address), ESP_ERR_NO_MEM, ESP_FAIL.
 */
esp_err_t uh_engine_start(httpd_handle_t *engine, httpd_config_t *config, const char *bind);

/** @brief Says where the HTTP task runs, and where its stack is, as uhttpd_os_task_config_t does. */
void uh_engine_place(httpd_config_t *config, int core, bool psram);

/** @brief False for a connection to another local address than @p bind. */
bool uh_engine_accepts(int fd, const char *bind);

/** @brief Whether the HTTP task looks at a session as soon as its detached request is completed. Else it must be woken. */
bool uh_engine_notices_completion(void);
