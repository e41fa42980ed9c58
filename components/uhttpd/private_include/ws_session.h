/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd_conn.h"
#include "uhttpd_ws.h"
#include "ws_handshake.h"

/** @brief What an accepted handshake has settled. */
typedef struct {
    char accept[WS_ACCEPT_SIZE];
    const char *subprotocol; /* NULL: none */
    bool answers_pings;      /* a client that follows RFC 6455 */
} ws_accepted_t;

extern const uhttpd_conn_events_t ws_conn_events; /* of a connection whose context is a uhttpd_ws_t */

/** @brief A session with the 101 queued. It frees itself at the end of its connection. @return NULL without memory. */
uhttpd_ws_t *ws_create(const uhttpd_ws_config_t *config, const ws_accepted_t *accepted);

void ws_attach(uhttpd_ws_t *ws, uhttpd_conn_t *conn);
