/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "uhttpd_conn.h"
#include "uhttpd_ws.h"
#include "websocket/handshake.h"

/** @brief The result of an accepted handshake. */
typedef struct {
    char accept[UH_WS_ACCEPT_SIZE];
    const char *subprotocol; /* NULL: none */
    bool answers_pings;      /* a client that follows RFC 6455 */
    atomic_uint *places;     /* counts the sessions of the route */
} uh_ws_accepted_t;

extern const uhttpd_conn_events_t uh_ws_conn_events; /* of a connection whose context is a uhttpd_ws_t */

/** @brief A session with the 101 queued. It frees itself at the end of its connection. @return NULL without memory. */
uhttpd_ws_t *uh_ws_create(const uhttpd_ws_config_t *config, const uh_ws_accepted_t *accepted);

/** @brief Frees a session that got no connection, and returns its place. */
void uh_ws_destroy(uhttpd_ws_t *ws);

void uh_ws_attach(uhttpd_ws_t *ws, uhttpd_conn_t *conn);

/**
 * @brief As uhttpd_ws_route().
 * @param gone  called with config->ctx when the server is gone; NULL: nothing
 */
esp_err_t uh_ws_route_add(uhttpd_handle_t server, const uhttpd_ws_config_t *config, void (*gone)(void *ctx));
