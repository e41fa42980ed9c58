/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd_ws.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * WebSockets for applications: whole messages, handled by workers, sent from any task.
 *
 * Everyone who connects to one URL is a client of its group. Callbacks report what happens to a client. They run in
 * workers and may block. For one client they run one at a time and in order; different clients are served side by side.
 * While a callback runs, the next message is collected, and TCP makes the client wait with anything after that.
 *
 * Messages are queued for each client, up to a number of bytes. uhttpd_ws_client_send() waits for room, as long as its
 * caller allows. uhttpd_ws_group_send() waits only for clients that lag behind, while all others have the message
 * already, and ends the sessions of those that do not catch up. They learn that they have missed something, and nobody
 * else is held up twice.
 *
 * Frames must follow RFC 6455 strictly.
 */
typedef struct uhttpd_ws_group *uhttpd_ws_group_t;
typedef struct uhttpd_ws_client uhttpd_ws_client_t;

/** @brief Events of a client. Called in workers, without any lock. A client is valid until @c closed returns; for
           longer with uhttpd_ws_client_hold(). */
typedef struct {
    /**
     * A client has connected; messages may be sent to it. May be NULL.
     * @return its context, handed to the other callbacks.
     */
    void *(*opened)(uhttpd_ws_client_t *client, void *ctx);

    /** A whole message has arrived. @p data has a NUL after its @p len bytes, and is valid until this returns. */
    void (*message)(uhttpd_ws_client_t *client, void *context, uhttpd_ws_type_t type, const void *data, size_t len);

    /**
     * The session is over: called exactly once for every client that was opened, after its last message, however it
     * ended. May be NULL.
     * @param code  the peer's, ours, or #UHTTPD_WS_ABNORMAL; #UHTTPD_WS_SERVICE_RESTART when the server is being stopped
     */
    void (*closed)(uhttpd_ws_client_t *client, void *context, uint16_t code);
} uhttpd_ws_group_events_t;

/** @brief The configuration of a group. Start from UHTTPD_WS_GROUP_DEFAULT_CONFIG(). */
typedef struct {
    uhttpd_ws_config_t session; /*!< of each client. Its events, ctx and tolerant are the group's own business; its
                                     subprotocol is copied; max_message must not be 0: a message is collected in memory,
                                     which is taken as it arrives */
    uhttpd_ws_group_events_t events;
    void *ctx;      /*!< handed to events.opened, or to all callbacks without that */
    uint32_t queue; /*!< bytes of messages that wait for one client, at least 256: of the longest message that can be
                         sent, and of several if each counts 32 more than its length */
} uhttpd_ws_group_config_t;

#define UHTTPD_WS_GROUP_DEFAULT_CONFIG() \
    { \
        .session = UHTTPD_WS_DEFAULT_CONFIG(), \
        .queue = CONFIG_UHTTPD_WS_QUEUE_BYTES, \
    }

/**
 * @brief Adds a route (one slot) whose clients make a group.
 *
 * @param[in]  config  Copied; what its ctx points to must live as long as the server.
 * @param[out] group   Valid until the server has been stopped. Set before the first callback; may be NULL.
 * @return as uhttpd_ws_route(); ESP_ERR_INVALID_ARG also without events.message, for max_message 0, or for a queue of less
 *         than 256 bytes.
 */
esp_err_t uhttpd_ws_group_route(uhttpd_handle_t server, const uhttpd_ws_group_config_t *config,
                                uhttpd_ws_group_t *group);

/**
 * @brief Sends a message to all clients. Any task but the I/O task.
 *
 * @param[in] timeout  how long to wait, in milliseconds, for clients whose queue is full. Those that still have no room
 *                      then are closed with #UHTTPD_WS_TRY_AGAIN. With 0 this does not block.
 * @param[out] clients  how many the message is queued for; may be NULL.
 * @return ESP_OK; ESP_ERR_INVALID_SIZE: longer than a whole queue; ESP_ERR_NO_MEM: no client gets it.
 */
esp_err_t uhttpd_ws_group_send(uhttpd_ws_group_t group, uhttpd_ws_type_t type, const void *data, size_t len,
                               uint32_t timeout, unsigned *clients);

/** @brief Keeps a group valid until uhttpd_ws_group_release(), even without its server; it is empty then. Any task;
           does not block. */
void uhttpd_ws_group_hold(uhttpd_ws_group_t group);
void uhttpd_ws_group_release(uhttpd_ws_group_t group); /*!< ends one hold */

/** @brief Clients that are connected. Any task; does not block. */
unsigned uhttpd_ws_group_count(uhttpd_ws_group_t group);

/**
 * @brief Sends a message to a client. Any task but the I/O task.
 *
 * @param timeout  how long to wait, in milliseconds, for room in its queue. With 0 this does not block.
 * @return ESP_OK: it is queued; ESP_ERR_TIMEOUT: there is no room, and nothing is queued; ESP_ERR_UHTTPD_GONE: it is over,
 *         or being closed; ESP_ERR_INVALID_SIZE: longer than a queue takes; ESP_ERR_NO_MEM.
 */
esp_err_t uhttpd_ws_client_send(uhttpd_ws_client_t *client, uhttpd_ws_type_t type, const void *data, size_t len,
                                uint32_t timeout);

/**
 * @brief Closes the session. Queued messages are sent first, as long as the client takes them, for at most 5 s. No more
 *        messages are delivered; events.closed is called later. Any task; does not block. The first close counts.
 *
 * @param code    #UHTTPD_WS_NORMAL, another code that may stand in a close frame, or 3000 to 4999
 * @param reason  UTF-8, at most 123 bytes; NULL: none
 * @return ESP_OK, also when it is over already; ESP_ERR_INVALID_ARG: no such code; ESP_ERR_INVALID_SIZE: a longer reason
 */
esp_err_t uhttpd_ws_client_close(uhttpd_ws_client_t *client, uint16_t code, const char *reason);

/**
 * @brief For callbacks of events: after this one no message of the client is delivered until uhttpd_ws_client_go_on(), so
 *        that it waits, as it does while a callback runs. Its end is. Does not block.
 */
void uhttpd_ws_client_pause(uhttpd_ws_client_t *client);

/** @brief Ends the pause. The client is valid (uhttpd_ws_client_hold()). Any task; does not block. */
void uhttpd_ws_client_go_on(uhttpd_ws_client_t *client);

/** @brief Keeps a client valid until uhttpd_ws_client_release(), even after its end. Any task; does not block. */
void uhttpd_ws_client_hold(uhttpd_ws_client_t *client);
void uhttpd_ws_client_release(uhttpd_ws_client_t *client); /*!< ends one hold */

/** @name Facts about a client. Any task; none blocks. Strings are valid as long as the client
 *  @{ */
/** @brief The close code; 0 while the session is open. */
uint16_t uhttpd_ws_client_code(uhttpd_ws_client_t *client);

/** @brief The reason that came with the code: the peer's or ours, UTF-8, "" without one. For when it is over. */
const char *uhttpd_ws_client_reason(const uhttpd_ws_client_t *client);

/** @brief The peer's address as text. */
const char *uhttpd_ws_client_remote(const uhttpd_ws_client_t *client);

/** @brief The subprotocol that was selected, or NULL. */
const char *uhttpd_ws_client_subprotocol(const uhttpd_ws_client_t *client);
/** @} */

#ifdef __cplusplus
}
#endif
