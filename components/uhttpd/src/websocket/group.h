/* SPDX-License-Identifier: MIT */
#pragma once

#include "wire.h"
#include "uhttpd_os.h"
#include "uhttpd_ws_group.h"
#include "uhttpd_ws_codec.h"
#include "websocket/queue.h"

/**
 * @file
 * A group and its clients. A session belongs to the I/O task (group.c), callbacks run in workers (inbox.c), and any task
 * sends (client.c); the group's lock, which is held for moments only, guards what they share.
 */

/** What is reported to a client's owner: at most one message at a time. */
typedef struct {
    uhttpd_job_t job;
    bool busy;            /* the job waits or runs, and holds the client. Under the lock, as are the next four */
    bool to_open, opened; /* events.opened is due; has been called, and events.closed not yet */
    bool whole;           /* the message waits for a worker or is being handled; otherwise the I/O task collects it */
    bool ended;           /* events.closed is due */
    uhttpd_ws_type_t type;
    uint8_t *data;
    size_t len, size;
} uh_ws_inbox_t;

typedef struct uh_ws_waiter uh_ws_waiter_t;

struct uhttpd_ws_client {
    struct uhttpd_ws_group *group; /* held */
    atomic_uint holders;
    void *context;
    const char *subprotocol;
    char remote[UH_ADDRESS_SIZE];
    uh_ws_inbox_t inbox;

    /* under the lock */
    uhttpd_ws_t *ws;                  /* NULL: it is over */
    uhttpd_ws_client_t *next, **link; /* group->clients, until it is over */
    uh_ws_queue_t out;
    uh_ws_waiter_t *waiters; /* tasks that want room in it */
    bool closing;            /* closed by us; what is still queued may be sent until close_by */
    uint64_t close_by;
    uint16_t close_code;
    uint16_t code; /* of the end */
    char reason[UHTTPD_WS_MAX_CONTROL - 2 + 1];
};

struct uhttpd_ws_group {
    uhttpd_ws_group_config_t config;
    uhttpd_handle_t server;
    char *subprotocol;   /* NULL: none */
    atomic_uint holders; /* the route and each client */
    uhttpd_os_mutex_t lock;
    uhttpd_ws_client_t *clients; /* under the lock, as is count */
    unsigned count;
};

/** @name client.c
 *  @{ */
/** @brief As uhttpd_ws_client_send(). */
esp_err_t uh_ws_client_post(uhttpd_ws_client_t *client, uh_ws_message_t *message, uint32_t timeout);

/** @brief As uh_ws_client_post() without waiting. Under the lock. */
esp_err_t uh_ws_client_post_now(uhttpd_ws_client_t *client, uh_ws_message_t *message);

/** @brief Closes the session of a client that does not keep up, at once. */
void uh_ws_client_give_up(uhttpd_ws_client_t *client);

/** @brief Wakes the tasks that wait for room. Under the lock. */
void uh_ws_client_tell_waiters(uhttpd_ws_client_t *client);
/** @} */

/** @name inbox.c: from the I/O task to workers
 *  @{ */
/** @brief It is open. Under the lock. */
void uh_ws_inbox_open(uhttpd_ws_client_t *client);

/** @brief A piece of a message has arrived: uhttpd_ws_events_t::data. */
size_t uh_ws_inbox_take(uhttpd_ws_client_t *client, uhttpd_ws_type_t type, const uint8_t *data, size_t len, bool final);

/** @brief It is over. Under the lock. */
void uh_ws_inbox_end(uhttpd_ws_client_t *client);
/** @} */
