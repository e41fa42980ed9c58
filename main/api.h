/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

/**
 * @brief Adds the page at `/`, and `/api/info`: version, target, uptime, heap and tasks as JSON.
 * @return as uhttpd_route()
 */
esp_err_t api_serve(uhttpd_handle_t server);

/** @brief The page's handler; it needs no context. */
esp_err_t api_get_page(uhttpd_req_t *req, void *ctx);
