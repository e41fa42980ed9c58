/* SPDX-License-Identifier: MIT */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>

#include "framing.h"
#include "ring.h"
#include "uhttpd_os.h"
#include "utf8.h"

#define COALESCE_MS 10 /* output waits so long for more of it */
#define CHAR_MS 50     /* the beginning of a character waits so long for its end */
#define MIN_ROOM 128   /* less room than this is not worth a frame */
#define WHOLE_MAX 64   /* a write up to this is not split: prompts and characters stay whole beside other writers */
#define SCAN_SIZE 1024 /* input that is looked at ahead of what the ring takes, a power of 2 */

/* Bits of input that was offered but not taken, by position modulo SCAN_SIZE. I/O task. */
typedef struct {
    uint32_t at;      /* position of the next byte to be taken */
    uint32_t scanned; /* bytes behind it that intercept() has seen */
    uint8_t swallowed[SCAN_SIZE / 8];
} scan_t;

/* What the I/O task knows about output. */
typedef struct {
    wr_framing_t framing;
    uint32_t goal; /* everything up to this position is due */
    size_t held;   /* bytes that wait for the end of their character */
    uint64_t held_until;
    uint64_t unsent_since; /* 0: nothing was there */
    uint8_t frame[WR_FRAME_MAX];
} output_t;

typedef struct {
    uhttpd_os_mutex_t lock; /* of all down to the blank line */
    uhttpd_os_sem_t room;   /* given to writers that wait */
    webrepl_terminal_events_t events;
    uhttpd_ws_t *ws;  /* NULL: nobody holds the terminal */
    uint32_t session; /* number of the session */
    wr_ring_t input;
    wr_ring_t output;
    uint32_t flush;      /* the program waits: output up to this position is due */
    bool output_known;   /* the I/O task will come for the output by itself */
    bool input_waits;    /* the I/O task has more input than there was room for */
    unsigned writers;    /* that wait for room and have been given none */
    uint16_t close_code; /* 0: stay */
    char close_reason[WR_REASON_MAX + 1];

    scan_t scan;
    output_t out;
} terminal_t;

static terminal_t *s_terminal;

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Set-up */

esp_err_t wr_terminal_init(size_t input_size, size_t output_size)
{
    terminal_t *terminal = calloc(1, sizeof *terminal + input_size + output_size);
    if (terminal == NULL) {
        return ESP_ERR_NO_MEM;
    }
    terminal->lock = uhttpd_os_mutex_create();
    if (terminal->lock == NULL) {
        goto free_terminal;
    }
    terminal->room = uhttpd_os_sem_create();
    if (terminal->room == NULL) {
        goto destroy_lock;
    }
    uint8_t *rings = (uint8_t *)(terminal + 1);
    wr_ring_init(&terminal->input, rings, input_size);
    wr_ring_init(&terminal->output, rings + input_size, output_size);
    s_terminal = terminal;
    return ESP_OK;

destroy_lock:
    uhttpd_os_mutex_destroy(terminal->lock);
free_terminal:
    free(terminal);
    return ESP_ERR_NO_MEM;
}

void wr_terminal_set_events(const webrepl_terminal_events_t *events)
{
    uhttpd_os_lock(s_terminal->lock);
    s_terminal->events = *events;
    uhttpd_os_unlock(s_terminal->lock);
}

static webrepl_terminal_events_t events_now(void)
{
    uhttpd_os_lock(s_terminal->lock);
    webrepl_terminal_events_t events = s_terminal->events;
    uhttpd_os_unlock(s_terminal->lock);
    return events;
}

static void notify(bool connected)
{
    webrepl_terminal_events_t events = events_now();
    if (events.notify != NULL) {
        events.notify(connected, events.ctx);
    }
}

/* With the lock held: uhttpd_ws_wake() needs a session that cannot end meanwhile. */
static void wake_locked(terminal_t *t)
{
    if (t->ws != NULL) {
        uhttpd_ws_wake(t->ws);
    }
}

static void release_writers_locked(terminal_t *t)
{
    for (; t->writers > 0; t->writers--) {
        uhttpd_os_sem_give(t->room);
    }
}

/* The session's side */

void wr_terminal_attach(uhttpd_ws_t *ws)
{
    terminal_t *t = s_terminal;
    memset(&t->scan, 0, sizeof t->scan);
    uhttpd_os_lock(t->lock);
    t->ws = ws;
    t->session++;
    t->close_code = 0;
    t->input_waits = false;
    uhttpd_os_unlock(t->lock);
    notify(true);
}

void wr_terminal_detach(void)
{
    terminal_t *t = s_terminal;
    uhttpd_os_lock(t->lock);
    t->ws = NULL;
    wr_ring_drop(&t->output, wr_ring_used(&t->output));
    t->flush = t->output.tail;
    t->output_known = false;
    t->out = (output_t) {.goal = t->output.tail};
    release_writers_locked(t);
    uhttpd_os_unlock(t->lock);
    notify(false);
}

void wr_terminal_wake(void)
{
    uhttpd_os_lock(s_terminal->lock);
    wake_locked(s_terminal);
    uhttpd_os_unlock(s_terminal->lock);
}

bool wr_terminal_take_close(uint16_t *code, char reason[WR_REASON_MAX + 1])
{
    terminal_t *t = s_terminal;
    uhttpd_os_lock(t->lock);
    *code = t->close_code;
    t->close_code = 0;
    memcpy(reason, t->close_reason, sizeof t->close_reason);
    uhttpd_os_unlock(t->lock);
    return *code != 0;
}

/* Input */

static uint8_t *swallowed_bits(scan_t *scan, size_t ahead, uint8_t *bit)
{
    uint32_t at = (scan->at + (uint32_t)ahead) % SCAN_SIZE;
    *bit = (uint8_t)(1 << at % 8);
    return &scan->swallowed[at / 8];
}

static bool is_swallowed(scan_t *scan, size_t ahead)
{
    uint8_t bit;
    return (*swallowed_bits(scan, ahead, &bit) & bit) != 0;
}

static void scan_ahead(terminal_t *t, const uint8_t *data, size_t len)
{
    webrepl_terminal_events_t events = events_now();
    scan_t *scan = &t->scan;
    for (len = min(len, SCAN_SIZE); scan->scanned < len; scan->scanned++) {
        bool swallow = events.intercept != NULL && events.intercept(data[scan->scanned], events.ctx);
        uint8_t bit, *bits = swallowed_bits(scan, scan->scanned, &bit);
        *bits = (uint8_t)(swallow ? *bits | bit : *bits & ~bit);
    }
}

static size_t take_scanned_locked(terminal_t *t, const uint8_t *data, size_t len)
{
    scan_t *scan = &t->scan;
    size_t taken = 0, room = wr_ring_room(&t->input);
    for (len = min(len, scan->scanned); taken < len; taken++) {
        if (is_swallowed(scan, taken)) {
            continue;
        }
        if (room == 0) {
            break;
        }
        room -= wr_ring_push(&t->input, data + taken, 1);
    }
    scan->at += (uint32_t)taken;
    scan->scanned -= (uint32_t)taken;
    return taken;
}

size_t wr_terminal_input(const uint8_t *data, size_t len)
{
    terminal_t *t = s_terminal;
    size_t taken = 0, piece;
    do {
        scan_ahead(t, data + taken, len - taken);
        uhttpd_os_lock(t->lock);
        piece = take_scanned_locked(t, data + taken, len - taken);
        taken += piece;
        t->input_waits = taken < len;
        uhttpd_os_unlock(t->lock);
    } while (piece > 0 && taken < len);
    if (taken > 0) {
        notify(true);
    }
    return taken;
}

static void flush_locked(terminal_t *t)
{
    if (wr_ring_used(&t->output) > 0 && t->flush != t->output.head) {
        t->flush = t->output.head;
        wake_locked(t);
    }
}

size_t webrepl_read(void *buf, size_t size)
{
    terminal_t *t = s_terminal;
    if (t == NULL) {
        return 0;
    }
    uhttpd_os_lock(t->lock);
    size_t len = wr_ring_pop(&t->input, buf, size);
    /* Half a ring at a time: a program that reads single bytes should not cost a wake-up for each. */
    if (t->input_waits && wr_ring_used(&t->input) <= (t->input.mask + 1) / 2) {
        t->input_waits = false;
        wake_locked(t);
    }
    if (len == 0 && size > 0) {
        flush_locked(t);
    }
    uhttpd_os_unlock(t->lock);
    return len;
}

size_t webrepl_available(void)
{
    if (s_terminal == NULL) {
        return 0;
    }
    uhttpd_os_lock(s_terminal->lock);
    size_t available = wr_ring_used(&s_terminal->input);
    uhttpd_os_unlock(s_terminal->lock);
    return available;
}

/* Output, the program's side */

static size_t threshold(const terminal_t *t)
{
    return min((t->output.mask + 1) / 2, WR_FRAME_MAX);
}

static size_t push_locked(terminal_t *t, const uint8_t *data, size_t len)
{
    size_t before = wr_ring_used(&t->output), fits = min(len, wr_ring_room(&t->output));
    if (fits < len) {
        fits = len <= WHOLE_MAX ? 0 : wr_utf8_cut(data, fits);
    }
    wr_ring_push(&t->output, data, fits);
    bool reaches = before < threshold(t) && before + fits >= threshold(t);
    if (fits > 0 && (!t->output_known || reaches)) {
        t->output_known = true;
        wake_locked(t);
    }
    return fits;
}

static uint32_t left_until(uint64_t end)
{
    uint64_t now = uhttpd_os_now();
    return now < end ? (uint32_t)(end - now) : 0;
}

/*
 * Waits until there is room, or the session has ended, with the lock given away meanwhile. Nothing is held while
 * waiting, so a runtime may delete a task that waits here.
 */
static bool wait_locked(terminal_t *t, uint32_t timeout_ms)
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
    terminal_t *t = s_terminal;
    if (t == NULL) {
        return len;
    }
    uint64_t end = uhttpd_os_now() + timeout_ms;
    uhttpd_os_lock(t->lock);
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
    if (s_terminal == NULL) {
        return;
    }
    uhttpd_os_lock(s_terminal->lock);
    flush_locked(s_terminal);
    uhttpd_os_unlock(s_terminal->lock);
}

/* Output, the I/O task's side */

/* A view of the output that nobody else moves, and whether the program waits for it to go out. */
static wr_ring_t pending_output(terminal_t *t, bool *flush)
{
    uhttpd_os_lock(t->lock);
    wr_ring_t pending = t->output;
    *flush = (int32_t)(t->flush - pending.tail) > 0;
    /* Output that only waits for the end of a character is looked at again when more comes. */
    t->output_known = wr_ring_used(&pending) > t->out.held;
    uhttpd_os_unlock(t->lock);
    return pending;
}

static void consume(terminal_t *t, size_t len)
{
    uhttpd_os_lock(t->lock);
    wr_ring_drop(&t->output, len);
    release_writers_locked(t);
    uhttpd_os_unlock(t->lock);
}

static bool is_due(const terminal_t *t, const wr_ring_t *pending, bool flush, uint64_t now)
{
    return flush || wr_ring_used(pending) >= threshold(t) || (int32_t)(t->out.goal - pending->tail) > 0 ||
           now >= t->out.unsent_since + COALESCE_MS;
}

typedef enum { SENT, NO_ROOM, INCOMPLETE } sent_t;

static sent_t send_frame(terminal_t *t, const wr_ring_t *pending, bool force)
{
    size_t room = uhttpd_ws_room(t->ws);
    if (room < MIN_ROOM) {
        return NO_ROOM;
    }
    size_t used;
    size_t len = wr_framing_next(&t->out.framing, pending, force, t->out.frame, min(room, WR_FRAME_MAX), &used);
    if (len == 0) {
        return INCOMPLETE;
    }
    if (!uhttpd_ws_send(t->ws, UHTTPD_WS_TEXT, t->out.frame, len)) {
        return NO_ROOM;
    }
    consume(t, used);
    return SENT;
}

uint64_t wr_terminal_output(uint64_t now)
{
    terminal_t *t = s_terminal;
    output_t *out = &t->out;
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
        if (!stuck && !is_due(t, &pending, flush, now)) {
            return out->unsent_since + COALESCE_MS;
        }
        out->held = 0;
        out->goal = pending.head;
        switch (send_frame(t, &pending, stuck)) {
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

bool webrepl_connected(void)
{
    if (s_terminal == NULL) {
        return false;
    }
    uhttpd_os_lock(s_terminal->lock);
    bool connected = s_terminal->ws != NULL;
    uhttpd_os_unlock(s_terminal->lock);
    return connected;
}

void webrepl_disconnect(uint16_t code, const char *reason)
{
    terminal_t *t = s_terminal;
    if (t == NULL) {
        return;
    }
    uhttpd_os_lock(t->lock);
    t->close_code = t->ws != NULL ? code : 0;
    t->flush = t->output.head;
    const char *text = reason != NULL ? reason : "";
    size_t len = strnlen(text, sizeof t->close_reason);
    len = len < sizeof t->close_reason ? len : wr_utf8_cut((const uint8_t *)text, sizeof t->close_reason - 1);
    memcpy(t->close_reason, text, len);
    t->close_reason[len] = '\0';
    wake_locked(t);
    uhttpd_os_unlock(t->lock);
}
