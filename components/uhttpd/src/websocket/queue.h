/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "uhttpd_ws.h"

/**
 * @file
 * Messages that wait to be sent: a bounded queue for each client. A message for many clients exists once.
 */
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
