/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * WebSocket sessions (RFC 6455), server side.
 *
 * A session is a byte stream in which every byte has a type: data is passed on as it arrives, not message by message,
 * so that a message of any size needs no memory of that size. `final` marks its end. Data that the owner does not take
 * stays in the session, then in the kernel, and finally with the client: input is never dropped.
 *
 * Callbacks and functions belong to the I/O task; callbacks must not block. Only uhttpd_ws_wake() may be called from
 * anywhere.
 */
typedef struct uhttpd_ws uhttpd_ws_t;

typedef enum {
    UHTTPD_WS_CONTINUATION = 0, /*!< of uhttpd_ws_send_piece() only */
    UHTTPD_WS_TEXT = 1,
    UHTTPD_WS_BINARY = 2,
} uhttpd_ws_type_t;

/** @brief Close codes (RFC 6455 section 7.4.1) that this server sends; 4000 and up are an application's own. */
enum {
    UHTTPD_WS_NORMAL = 1000,
    UHTTPD_WS_GOING_AWAY = 1001,
    UHTTPD_WS_PROTOCOL_ERROR = 1002,
    UHTTPD_WS_UNSUPPORTED = 1003,  /*!< data of a type that cannot be accepted */
    UHTTPD_WS_NO_STATUS = 1005,    /*!< never sent: the peer's close frame had no code */
    UHTTPD_WS_ABNORMAL = 1006,     /*!< never sent: the connection ended without a close frame */
    UHTTPD_WS_INVALID_DATA = 1007, /*!< text that is not UTF-8 */
    UHTTPD_WS_POLICY = 1008,
    UHTTPD_WS_TOO_BIG = 1009,
    UHTTPD_WS_INTERNAL_ERROR = 1011,
    UHTTPD_WS_SERVICE_RESTART = 1012,
    UHTTPD_WS_TRY_AGAIN = 1013,
};

#define UHTTPD_WS_LATER SIZE_MAX /*!< events.data takes nothing now, not even an end without data */

typedef struct {
    /**
     * A handshake was accepted and the 101 is on its way.
     * @param ctx    uhttpd_ws_config_t::ctx
     * @return the session's own context, handed to the other callbacks.
     */
    void *(*open)(uhttpd_ws_t *ws, void *ctx);

    /**
     * Data has arrived. @p len may be 0 with @p final set, for the end of a message (or an empty one).
     * @return how much of it was taken. Less than @p len stops reading from the client until uhttpd_ws_resume(), which
     *         offers the rest again. #UHTTPD_WS_LATER also refuses the end of a message, which 0 would take.
     */
    size_t (*data)(uhttpd_ws_t *ws, void *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len, bool final);

    /** uhttpd_ws_wake() was called, a deadline has come, or there is more room to send. Sometimes called without a
        cause. May be NULL. */
    void (*ready)(uhttpd_ws_t *ws, void *session);

    /** It is over: the last call, exactly once. @p code is the peer's, ours, or #UHTTPD_WS_ABNORMAL. */
    void (*closed)(uhttpd_ws_t *ws, void *session, uint16_t code);
} uhttpd_ws_events_t;

/** @brief The configuration of a WebSocket route. Sizes in bytes, times in milliseconds. */
typedef struct {
    const char *url; /*!< exact or wildcard, as uhttpd_route_t::url. Copied */
    uhttpd_ws_events_t events;
    void *ctx;               /*!< handed to events.open */
    bool tolerant;           /*!< for WebREPL's old clients: Sec-WebSocket-Version may be missing, the key may be
                                      anything, frames may be unmasked, text is not checked for UTF-8. Not for clients
                                      that ask for subprotocol, because newer clients need no tolerance */
    const char *subprotocol; /*!< offered when the client asks for it; NULL: none. Must live as long as the server */
    uhttpd_handler_t plain;  /*!< answers a GET that asks for no upgrade; NULL: 426 Upgrade Required */
    bool own_auth;        /*!< as uhttpd_route_t::own_auth, for the upgrade; plain answers with a page like any other */
    uint8_t max_clients;  /*!< sessions at a time; others get 503 with Retry-After. 0: as many as there are sockets */
    uint16_t rx_size;     /*!< receive buffer, at least 128 */
    uint16_t tx_size;     /*!< send buffer, at least 256: bounds what one uhttpd_ws_send() can take */
    uint32_t max_message; /*!< longer messages are closed with 1009; 0: any length */
    uint32_t ping_interval; /*!< a silent client is pinged after this; 0: never */
    uint32_t dead_timeout;  /*!< a client that takes nothing of what is sent, or leaves a ping unanswered, is dropped
                                      after this. Tolerant sessions are not dropped for a ping: see uhttpd_ws_silent() */
} uhttpd_ws_config_t;

#define UHTTPD_WS_DEFAULT_CONFIG() \
    { \
        .rx_size = CONFIG_UHTTPD_WS_RX_BYTES, \
        .tx_size = CONFIG_UHTTPD_WS_TX_BYTES, \
        .max_message = CONFIG_UHTTPD_WS_MAX_MESSAGE_BYTES, \
        .ping_interval = CONFIG_UHTTPD_WS_PING_INTERVAL_MS, \
        .dead_timeout = CONFIG_UHTTPD_WS_DEAD_TIMEOUT_MS, \
    }

/**
 * @brief Adds a route (one slot) whose requests become WebSocket sessions.
 *
 * The upgrade is refused with 403 when an Origin header is there and names neither the host of the request nor one of
 * uhttpd_config_t::cors_origins (cross-site WebSocket hijacking), with 426 for another version, with 400 for a malformed
 * handshake, with 503 when all sockets but one are taken by such connections. Extensions are declined.
 *
 * @param config  Copied, except where its fields say otherwise; what its ctx points to must live as long as the server.
 * @return as uhttpd_route(); ESP_ERR_INVALID_ARG also for buffers below their least size, a subprotocol of more than 64
 *         bytes, or without a callback that is needed. Any task; does not block.
 */
esp_err_t uhttpd_ws_route(uhttpd_handle_t server, const uhttpd_ws_config_t *config);

/** @brief Bytes that uhttpd_ws_send() would take now. events.ready is called when there are more. */
size_t uhttpd_ws_room(uhttpd_ws_t *ws);

/**
 * @brief Queues one whole message as one frame.
 * @return true; false, and nothing is queued, when it does not fit into uhttpd_ws_room() or the session is closing.
 */
bool uhttpd_ws_send(uhttpd_ws_t *ws, uhttpd_ws_type_t type, const void *data, size_t len);

/**
 * @brief Queues a piece of a message, as one frame. Pieces of other messages must not come in between.
 * @param type   of the message, with its first piece; #UHTTPD_WS_CONTINUATION with the others
 * @param final  it is the last
 * @return as uhttpd_ws_send()
 */
bool uhttpd_ws_send_piece(uhttpd_ws_t *ws, uhttpd_ws_type_t type, const void *data, size_t len, bool final);

/** @brief Continues with input after events.data has taken less than it was offered. */
void uhttpd_ws_resume(uhttpd_ws_t *ws);

/** @brief Calls events.ready when uhttpd_os_now() reaches @p when; 0: never. */
void uhttpd_ws_deadline(uhttpd_ws_t *ws, uint64_t when);

/** @brief Calls events.ready soon. Any task, as long as events.closed has not been called. */
void uhttpd_ws_wake(uhttpd_ws_t *ws);

/**
 * @brief Closes: sends what is queued, then a close frame, waits a moment for the peer's, and ends the session.
 *        events.closed is called later, not from here; no more data is delivered.
 *
 * @param[in] reason  UTF-8, at most 123 bytes are sent.
 */
void uhttpd_ws_close(uhttpd_ws_t *ws, uint16_t code, const char *reason);

/**
 * @brief True when a client that should answer pings (its handshake was correct) has left one unanswered for 5 s or
 *        more. It may be gone, or busy elsewhere.
 */
bool uhttpd_ws_silent(const uhttpd_ws_t *ws);

/**
 * @brief The reason in the peer's close frame: UTF-8, not terminated. For events.closed.
 * @return its length; 0: none
 */
size_t uhttpd_ws_reason(const uhttpd_ws_t *ws, const char **reason);

/** @brief The peer's address as text. Valid until events.closed returns. */
const char *uhttpd_ws_remote(const uhttpd_ws_t *ws);

/** @brief The subprotocol that was selected, or NULL. */
const char *uhttpd_ws_subprotocol(const uhttpd_ws_t *ws);

/** @brief The server that it is connected to. */
uhttpd_handle_t uhttpd_ws_server(const uhttpd_ws_t *ws);

#ifdef __cplusplus
}
#endif
