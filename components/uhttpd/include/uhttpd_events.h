/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * Server-Sent Events (WHATWG HTML, section 9.2): pages and programs listen, and learn what happens.
 *
 * Events are kept in one buffer for all clients. Each client has a position in it, and the I/O task sends it what
 * follows. So an event takes memory once, and a client that stalls holds up nobody. A client that reconnects with
 * Last-Event-ID gets what it missed, as far back as the buffer reaches. A client that falls behind by the whole buffer
 * is disconnected. It reconnects by itself, and knows what it missed.
 */

/** @brief The configuration of events. */
typedef struct {
    const char *url; /*!< no wildcard. Copied */
    uint8_t clients; /*!< that listen at a time, at least 1; others get 503 with Retry-After */
    uint32_t buffer; /*!< bytes of events that are kept, 256 to 1048576 */
    uint32_t
        heartbeat;  /*!< after this many ms without an event a comment is sent, so that clients that have vanished are
                             noticed and nothing on the way takes the connection for dead; at least 100 */
    uint32_t retry; /*!< ms after which clients should reconnect if they lose the connection; 0: as they like */
} uhttpd_events_config_t;

#define UHTTPD_EVENTS_DEFAULT_CONFIG() \
    { \
        .clients = CONFIG_UHTTPD_EVENT_CLIENTS, \
        .buffer = CONFIG_UHTTPD_EVENT_BUFFER_BYTES, \
        .heartbeat = CONFIG_UHTTPD_EVENT_HEARTBEAT_MS, \
    }

/** @brief An event. */
typedef struct {
    const char *data;  /*!< text in UTF-8; may have several lines */
    size_t len;        /*!< of data */
    const char *event; /*!< its name, on one line; NULL: "message" */
    const char *id;    /*!< on one line; NULL: the server numbers it. Ids must not repeat while they are kept */
    uint32_t retry;    /*!< from now on clients should reconnect after this many ms; 0: as before */
} uhttpd_event_t;

/**
 * @brief Serves events at a URL, once for each server. Takes one slot, and a socket for each client while it listens.
 *
 * Any task; does not block.
 *
 * @param config  Copied.
 * @return as uhttpd_route(); ESP_ERR_INVALID_ARG also for a wildcard and for numbers out of their range;
 *         ESP_ERR_INVALID_STATE: this server serves events already.
 */
esp_err_t uhttpd_events_route(uhttpd_handle_t server, const uhttpd_events_config_t *config);

/**
 * @brief Sends an event to all clients that listen. Any task, handlers included; does not wait for clients.
 *
 * @param[in] event  Not needed any more when this returns. An event is kept even if nobody listens.
 * @param[out] listeners  How many clients will get it; may be NULL.
 * @return ESP_OK; ESP_ERR_INVALID_STATE without uhttpd_events_route(); ESP_ERR_INVALID_ARG: a line break or NUL in
 *         @c event or @c id; ESP_ERR_INVALID_SIZE: it does not fit into the buffer; ESP_ERR_NO_MEM.
 */
esp_err_t uhttpd_dispatch(uhttpd_handle_t server, const uhttpd_event_t *event, unsigned *listeners);

#ifdef __cplusplus
}
#endif
