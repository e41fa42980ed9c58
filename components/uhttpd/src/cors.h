/* SPDX-License-Identifier: MIT */
#pragma once

#include "http/method.h"
#include "session.h"

/**
 * @file
 * Pages of other origins: which may read responses (https://fetch.spec.whatwg.org/#http-cors-protocol), and which may
 * change anything.
 */

/** @brief The value of Access-Control-Allow-Origin for this client; NULL: the header is left out. */
const char *uh_cors_allowed_origin(const uh_session_t *session);

/** @brief True when the request comes from our own page, from no page, or from an origin that is allowed. */
bool uh_cors_may_change_state(const uh_session_t *session);

/**
 * @brief True when a WebSocket may be opened: by our own page, by no page, or by a page of a listed origin.
 *        uhttpd_config_t::cors lets any page read responses, but not open WebSockets, which have no second barrier.
 */
bool uh_cors_may_upgrade(const uh_session_t *session);

/** @brief True for the request that a browser sends before the actual one. */
bool uh_cors_is_preflight(const uh_session_t *session);

#define UH_CORS_PREFLIGHT_HEADERS 4

/**
 * @brief What a preflight is answered with, beside 204.
 * @param methods     that routes take, as uhttpd_method_t bits
 * @param[out] allow  their names: @p headers point to it
 * @return how many headers
 */
size_t uh_cors_preflight(const uh_session_t *session, unsigned methods, char allow[UH_METHOD_LIST_SIZE],
                         uhttpd_header_t headers[UH_CORS_PREFLIGHT_HEADERS]);
