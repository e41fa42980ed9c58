/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

/**
 * @file
 * The page at `/setup`, on which people choose the network for a board that has none. Anyone near the board can use it,
 * but only while network_needs_setup(). Afterwards it answers 404.
 */

/** @brief Adds its routes. @return as uhttpd_route() */
esp_err_t setup_serve(uhttpd_handle_t server);

/** @brief Redirects `/` to the setup page. Handler of a route. */
esp_err_t setup_redirect(uhttpd_req_t *req, void *ctx);
