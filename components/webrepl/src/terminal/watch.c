/* SPDX-License-Identifier: MIT */

/* Watchers. Output that was sent to the holder stays in the ring until it is overwritten. A watcher is a position in
 * the ring, and nobody waits for one. */
#include "second/reply.h"
#include "terminal/state.h"

#define MIN_ROOM 128 /* less room than this is not worth a frame */

static size_t terminal_watch_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

void wr_terminal_watch(wr_watcher_t *watcher, uhttpd_ws_t *ws, uint32_t credit)
{
    wr_terminal_t *t = wr_the_terminal;
    uhttpd_os_lock(t->lock);
    *watcher = (wr_watcher_t) {.next = t->watchers, .ws = ws, .at = t->output.tail, .credit = credit};
    t->watchers = watcher;
    uhttpd_os_unlock(t->lock);
}

void wr_terminal_unwatch(wr_watcher_t *watcher)
{
    wr_terminal_t *t = wr_the_terminal;
    uhttpd_os_lock(t->lock);
    wr_watcher_t **link = &t->watchers;
    while (*link != NULL && *link != watcher) {
        link = &(*link)->next;
    }
    if (*link != NULL) {
        *link = watcher->next;
    }
    uhttpd_os_unlock(t->lock);
}

void wr_terminal_wake_watchers_locked(wr_terminal_t *t)
{
    for (wr_watcher_t *watcher = t->watchers; watcher != NULL; watcher = watcher->next) {
        uhttpd_ws_wake(watcher->ws);
    }
}

void wr_terminal_show_locked(wr_terminal_t *t, const uint8_t *data, size_t len)
{
    if (t->watchers == NULL) {
        return;
    }
    size_t size = t->output.mask + 1, skipped = len > size ? len - size : 0;
    t->output.head += (uint32_t)skipped;
    t->output.tail = t->output.head;
    wr_ring_push(&t->output, data + skipped, len - skipped);
    t->output.tail = t->output.head;
    t->flush = t->output.tail;
    wr_terminal_wake_watchers_locked(t);
}

/* @return bytes that were copied; those that had been written over are counted as lost first. */
static size_t terminal_watch_copy(wr_terminal_t *t, wr_watcher_t *watcher, uint8_t *buf, size_t size)
{
    uhttpd_os_lock(t->lock);
    wr_ring_t shown = t->output;
    uint32_t oldest = shown.head - (shown.mask + 1);
    if ((int32_t)(oldest - watcher->at) > 0) {
        watcher->lost += oldest - watcher->at;
        watcher->at = oldest;
    }
    shown.head = shown.tail;
    shown.tail = watcher->at;
    size_t len = watcher->lost == 0 ? wr_ring_peek(&shown, 0, buf, size) : 0;
    uhttpd_os_unlock(t->lock);
    return len;
}

static bool send_lost(wr_watcher_t *watcher)
{
    uint8_t message[WR_CREDIT_SIZE];
    wr_reply_lost(message, watcher->lost);
    if (!uhttpd_ws_send(watcher->ws, UHTTPD_WS_BINARY, message, sizeof message)) {
        return false;
    }
    watcher->lost = 0;
    return true;
}

static size_t terminal_watch_pending(wr_terminal_t *t, const wr_watcher_t *watcher)
{
    uhttpd_os_lock(t->lock);
    size_t len = t->output.tail - watcher->at;
    uhttpd_os_unlock(t->lock);
    return len;
}

/* @return false: there is nothing, no room, or no credit. */
static bool show_some(wr_terminal_t *t, wr_watcher_t *watcher)
{
    size_t room = uhttpd_ws_room(watcher->ws);
    if (room < MIN_ROOM || watcher->credit == 0) {
        return false;
    }
    size_t header = wr_reply_data(t->out.frame, 0);
    size_t most = terminal_watch_min(watcher->credit, terminal_watch_min(room, WR_FRAME_MAX) - header);
    size_t len = terminal_watch_copy(t, watcher, t->out.frame + header, most);
    if (watcher->lost > 0) {
        return send_lost(watcher);
    }
    if (len == 0 || !uhttpd_ws_send(watcher->ws, UHTTPD_WS_BINARY, t->out.frame, header + len)) {
        return false;
    }
    watcher->at += (uint32_t)len;
    watcher->credit -= (uint32_t)len;
    return true;
}

uint64_t wr_terminal_show(wr_watcher_t *watcher, uint64_t now)
{
    wr_terminal_t *t = wr_the_terminal;
    size_t len = terminal_watch_pending(t, watcher);
    if (len == 0) {
        return 0;
    }
    if (watcher->due == 0) {
        watcher->due = now + WR_COALESCE_MS;
    }
    if (len < wr_terminal_threshold(t) && now < watcher->due) {
        return watcher->due;
    }
    while (show_some(t, watcher)) {
    }
    watcher->due = 0;
    return 0;
}

void wr_terminal_watcher_credit(wr_watcher_t *watcher, uint32_t more)
{
    watcher->credit = more < WR_CREDIT_MAX - watcher->credit ? watcher->credit + more : WR_CREDIT_MAX;
}
