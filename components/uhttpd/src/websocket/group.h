/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "uhttpd_os.h"
#include "uhttpd_ws.h"
#include "uhttpd_ws_codec.h"
#include "uhttpd_ws_group.h"
#include "wire.h"

/**
 * @file
 * A group, its clients, and the messages that wait for them.
 */

/* --- messages that wait ------------------------------------------------------------------------------------------- */

/* Messages that wait to be sent: a bounded queue for each client. A message for many clients exists once. */

typedef struct {
    atomic_uint holders;
    uhttpd_ws_type_t type;
    size_t len;
    uint8_t data[];
} uh_ws_message_t;

/** @brief A copy, held once. @return NULL without memory. */
uh_ws_message_t *uh_ws_message_new(uhttpd_ws_type_t type, const void *data, size_t len);
void uh_ws_message_release(uh_ws_message_t *message);

typedef struct uh_ws_entry uh_ws_entry_t;

/** The owner of a queue serialises the calls. */
typedef struct {
    uh_ws_entry_t *first, **end;
    size_t size, limit; /* bytes, #UH_WS_ENTRY_COST for each message included */
    size_t sent;        /* bytes of the first message that have gone */
} uh_ws_queue_t;

#define UH_WS_ENTRY_COST 32 /* so that empty messages are bounded too */

void uh_ws_queue_init(uh_ws_queue_t *queue, size_t limit);

/** @brief False for a message that is too long even for an empty queue. */
bool uh_ws_queue_can_hold(const uh_ws_queue_t *queue, const uh_ws_message_t *message);

bool uh_ws_queue_has_room(const uh_ws_queue_t *queue, const uh_ws_message_t *message);

/** @brief Appends a message for which there is room, and holds it. @return false: no memory. */
bool uh_ws_queue_add(uh_ws_queue_t *queue, uh_ws_message_t *message);

/**
 * @brief Gives @p ws as much as it takes now. I/O task only.
 * @param least  bytes: a smaller piece is not worth a frame, unless it is the last of its message
 * @return true when a message has gone
 */
bool uh_ws_queue_send(uh_ws_queue_t *queue, uhttpd_ws_t *ws, size_t least);

void uh_ws_queue_clear(uh_ws_queue_t *queue);

/* --- groups and clients ------------------------------------------------------------------------------------------- */

/*
 * A group and its clients. A session belongs to the I/O task (group.c), callbacks run in workers (inbox.c), and any task
 * sends (client.c); the group's lock, which is held for moments only, guards what they share.
 */

/** What is reported to a client's owner: at most one message at a time. */
typedef struct {
    uhttpd_job_t job;
    bool busy;            /* the job waits or runs, and holds the client. Under the lock, as are the next six */
    bool to_open, opened; /* events.opened is due; has been called, and events.closed not yet */
    bool whole;           /* the message waits for a worker or is being handled; otherwise the I/O task collects it */
    bool ended;           /* events.closed is due */
    bool paused;          /* no event is due before uhttpd_ws_client_go_on(), but the end ... */
    bool waits;           /* ... and the job waits for one of the two */
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
