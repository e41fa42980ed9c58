/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

/**
 * @file
 * The page at `/setup` on which a board without a network is told which one to join. Whoever is near the board can use
 * it, but only while network_needs_setup(): afterwards it answers 404.
 */

/** @brief Adds its routes. @return as uhttpd_route() */
esp_err_t setup_serve(uhttpd_handle_t server);

/** @brief Answers `/` with the way to the setup page. Handler of a route. */
esp_err_t setup_redirect(uhttpd_req_t *req, void *ctx);
