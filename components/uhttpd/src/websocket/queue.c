/* SPDX-License-Identifier: MIT */
#include "websocket/group.h"

#include <stdlib.h>
#include <string.h>

struct uh_ws_entry {
    uh_ws_entry_t *next;
    uh_ws_message_t *message;
};

uh_ws_message_t *uh_ws_message_new(uhttpd_ws_type_t type, const void *data, size_t len)
{
    uh_ws_message_t *message = malloc(sizeof(*message) + len);
    if (message) {
        atomic_init(&message->holders, 1);
        message->type = type;
        message->len = len;
        if (len) {
            memcpy(message->data, data, len);
        }
    }
    return message;
}

void uh_ws_message_release(uh_ws_message_t *message)
{
    if (atomic_fetch_sub(&message->holders, 1) == 1) {
        free(message);
    }
}

void uh_ws_queue_init(uh_ws_queue_t *queue, size_t limit)
{
    *queue = (uh_ws_queue_t) {.limit = limit};
    queue->end = &queue->first;
}

bool uh_ws_queue_can_hold(const uh_ws_queue_t *queue, const uh_ws_message_t *message)
{
    return message->len <= queue->limit;
}

bool uh_ws_queue_has_room(const uh_ws_queue_t *queue, const uh_ws_message_t *message)
{
    return !queue->first || queue->size + UH_WS_ENTRY_COST + message->len <= queue->limit;
}

bool uh_ws_queue_add(uh_ws_queue_t *queue, uh_ws_message_t *message)
{
    uh_ws_entry_t *entry = malloc(sizeof(*entry));
    if (!entry) {
        return false;
    }
    atomic_fetch_add(&message->holders, 1);
    *entry = (uh_ws_entry_t) {.message = message};
    *queue->end = entry;
    queue->end = &entry->next;
    queue->size += UH_WS_ENTRY_COST + message->len;
    return true;
}

static void drop_first(uh_ws_queue_t *queue)
{
    uh_ws_entry_t *entry = queue->first;
    queue->first = entry->next;
    if (!queue->first) {
        queue->end = &queue->first;
    }
    queue->size -= UH_WS_ENTRY_COST + entry->message->len;
    queue->sent = 0;
    uh_ws_message_release(entry->message);
    free(entry);
}

static bool send_first(uh_ws_queue_t *queue, uhttpd_ws_t *ws, size_t least)
{
    const uh_ws_message_t *message = queue->first->message;
    size_t left = message->len - queue->sent;
    size_t room = uhttpd_ws_room(ws);
    if (room < left && room < least) {
        return false;
    }
    size_t piece = left < room ? left : room;
    uhttpd_ws_type_t type = queue->sent ? UHTTPD_WS_CONTINUATION : message->type;
    if (!uhttpd_ws_send_piece(ws, type, message->data + queue->sent, piece, piece == left)) {
        return false;
    }
    queue->sent += piece;
    return true;
}

bool uh_ws_queue_send(uh_ws_queue_t *queue, uhttpd_ws_t *ws, size_t least)
{
    bool any_gone = false;
    while (queue->first && send_first(queue, ws, least)) {
        if (queue->sent == queue->first->message->len) {
            drop_first(queue);
            any_gone = true;
        }
    }
    return any_gone;
}

void uh_ws_queue_clear(uh_ws_queue_t *queue)
{
    while (queue->first) {
        drop_first(queue);
    }
}
