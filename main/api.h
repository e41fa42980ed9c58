/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

/**
 * @brief Adds the page at `/`, `/api/info`: version, target, uptime, heap, files and tasks as JSON, and `/api/events`,
 *        where api_tell() sends the same figures to listeners.
 * @return as uhttpd_route()
 */
esp_err_t api_serve(uhttpd_handle_t server);

/** @brief The page's handler; it needs no context. */
esp_err_t api_get_page(uhttpd_req_t *req, void *ctx);

/** @brief Sends the figures of `/api/info` to the listeners at `/api/events`. Any task; does not wait for them. */
void api_tell(uhttpd_handle_t server);
