/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "second/reply.h"
#include "terminal/state.h"
#include "terminal/utf8.h"

#define CHAR_MS 50   /* how long the beginning of a character waits for its end */
#define MIN_ROOM 128 /* less room than this is not worth a frame */
#define WHOLE_MAX 64 /* a write up to this is not split: prompts and characters stay whole beside other writers */

static size_t terminal_output_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The program's side */

size_t wr_terminal_threshold(const wr_terminal_t *t)
{
    return terminal_output_min((t->output.mask + 1) / 2, WR_FRAME_MAX);
}

static size_t push_locked(wr_terminal_t *t, const uint8_t *data, size_t len)
{
    size_t before = wr_ring_used(&t->output), fits = terminal_output_min(len, wr_ring_room(&t->output));
    if (fits < len) {
        fits = len <= WHOLE_MAX ? 0 : wr_utf8_cut(data, fits);
    }
    wr_ring_push(&t->output, data, fits);
    bool reaches = before < wr_terminal_threshold(t) && before + fits >= wr_terminal_threshold(t);
    if (fits > 0 && (!t->output_known || reaches)) {
        t->output_known = true;
        wr_terminal_wake_locked(t);
    }
    return fits;
}

void wr_terminal_flush_locked(wr_terminal_t *t)
{
    if (wr_ring_used(&t->output) > 0 && t->flush != t->output.head) {
        t->flush = t->output.head;
        wr_terminal_wake_locked(t);
    }
}

static uint32_t left_until(uint64_t end)
{
    uint64_t now = uhttpd_os_now();
    return now < end ? (uint32_t)(end - now) : 0;
}

/*
 * Waits until there is room or the session has ended, and releases the lock meanwhile. Nothing is held while waiting,
 * so a runtime may delete a task that waits here.
 */
static bool wait_locked(wr_terminal_t *t, uint32_t timeout_ms)
{
    if (timeout_ms == 0) {
        return false;
    }
    t->writers++;
    uhttpd_os_unlock(t->lock);
    bool given = uhttpd_os_sem_take(t->room, timeout_ms);
    uhttpd_os_lock(t->lock);
    if (!given && t->writers > 0) {
        t->writers--;
    } else if (!given) {
        uhttpd_os_sem_take(t->room, 0); /* given between the time-out and the lock */
    }
    return given;
}

size_t webrepl_write(const void *buf, size_t len, uint32_t timeout_ms)
{
    wr_terminal_t *t = wr_the_terminal;
    if (t == NULL) {
        return len;
    }
    uint64_t end = uhttpd_os_now() + timeout_ms;
    uhttpd_os_lock(t->lock);
    if (t->ws == NULL) {
        wr_terminal_show_locked(t, buf, len);
    }
    uint32_t session = t->session;
    bool again = true;
    size_t written = 0;
    while (t->ws != NULL && t->session == session) {
        written += push_locked(t, (const uint8_t *)buf + written, len - written);
        if (written == len || !again) {
            break;
        }
        again = wait_locked(t, left_until(end));
    }
    bool gone = t->ws == NULL || t->session != session;
    uhttpd_os_unlock(t->lock);
    return gone ? len : written;
}

void webrepl_flush(void)
{
    if (wr_the_terminal == NULL) {
        return;
    }
    uhttpd_os_lock(wr_the_terminal->lock);
    wr_terminal_flush_locked(wr_the_terminal);
    uhttpd_os_unlock(wr_the_terminal->lock);
}

/* The I/O task's side */

/* A snapshot of the output, and whether the program waits until it is sent. */
static wr_ring_t pending_output(wr_terminal_t *t, bool *flush)
{
    uhttpd_os_lock(t->lock);
    wr_ring_t pending = t->output;
    *flush = (int32_t)(t->flush - pending.tail) > 0;
    /* Output that only waits for the end of a character is sent when more arrives. */
    t->output_known = wr_ring_used(&pending) > t->out.held;
    uhttpd_os_unlock(t->lock);
    return pending;
}

static void terminal_output_consume(wr_terminal_t *t, size_t len)
{
    uhttpd_os_lock(t->lock);
    wr_ring_drop(&t->output, len);
    wr_terminal_wake_watchers_locked(t);
    wr_terminal_release_writers_locked(t);
    uhttpd_os_unlock(t->lock);
}

static bool terminal_output_is_due(const wr_terminal_t *t, const wr_ring_t *pending, bool flush, uint64_t now)
{
    return flush || wr_ring_used(pending) >= wr_terminal_threshold(t) || (int32_t)(t->out.goal - pending->tail) > 0 ||
           now >= t->out.unsent_since + WR_COALESCE_MS;
}

typedef enum { SENT, NO_ROOM, INCOMPLETE } sent_t;

static sent_t terminal_output_send_text(wr_terminal_t *t, const wr_ring_t *pending, size_t room, bool force)
{
    size_t used;
    size_t len =
        wr_framing_next(&t->out.framing, pending, force, t->out.frame, terminal_output_min(room, WR_FRAME_MAX), &used);
    if (len == 0) {
        return INCOMPLETE;
    }
    if (!uhttpd_ws_send(t->ws, UHTTPD_WS_TEXT, t->out.frame, len)) {
        return NO_ROOM;
    }
    terminal_output_consume(t, used);
    return SENT;
}

static sent_t send_raw(wr_terminal_t *t, const wr_ring_t *pending, size_t room)
{
    size_t header = wr_reply_data(t->out.frame, 0);
    size_t len = wr_ring_peek(pending, 0, t->out.frame + header,
                              terminal_output_min(t->credit, terminal_output_min(room, WR_FRAME_MAX) - header));
    if (len == 0 || !uhttpd_ws_send(t->ws, UHTTPD_WS_BINARY, t->out.frame, header + len)) {
        return NO_ROOM;
    }
    t->credit -= (uint32_t)len;
    terminal_output_consume(t, len);
    return SENT;
}

static sent_t terminal_output_send_frame(wr_terminal_t *t, const wr_ring_t *pending, bool force)
{
    size_t room = uhttpd_ws_room(t->ws);
    if (room < MIN_ROOM) {
        return NO_ROOM;
    }
    return t->raw ? send_raw(t, pending, room) : terminal_output_send_text(t, pending, room, force);
}

void wr_terminal_credit(uint32_t more)
{
    wr_terminal_t *t = wr_the_terminal;
    t->credit = more < WR_CREDIT_MAX - t->credit ? t->credit + more : WR_CREDIT_MAX;
}

uint64_t wr_terminal_output(uint64_t now)
{
    wr_terminal_t *t = wr_the_terminal;
    wr_output_t *out = &t->out;
    for (;;) {
        bool flush;
        wr_ring_t pending = pending_output(t, &flush);
        size_t used = wr_ring_used(&pending);
        bool stuck = used == out->held; /* nothing, or no more than the beginning of a character */
        if (stuck && (used == 0 || now < out->held_until)) {
            out->unsent_since = 0;
            return used == 0 ? 0 : out->held_until;
        }
        if (out->unsent_since == 0) {
            out->unsent_since = now;
        }
        if (!stuck && !terminal_output_is_due(t, &pending, flush, now)) {
            return out->unsent_since + WR_COALESCE_MS;
        }
        out->held = 0;
        out->goal = pending.head;
        switch (terminal_output_send_frame(t, &pending, stuck)) {
        case SENT:
            break;
        case NO_ROOM:
            return 0;
        case INCOMPLETE:
            out->held = used;
            out->held_until = now + CHAR_MS;
            out->goal = pending.tail;
            break;
        }
    }
}
