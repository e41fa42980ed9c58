/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "terminal/state.h"

static size_t terminal_input_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* From the session */

static uint8_t *swallowed_bits(wr_scan_t *scan, size_t ahead, uint8_t *bit)
{
    uint32_t at = (scan->at + (uint32_t)ahead) % WR_SCAN_SIZE;
    *bit = (uint8_t)(1 << at % 8);
    return &scan->swallowed[at / 8];
}

static bool is_swallowed(wr_scan_t *scan, size_t ahead)
{
    uint8_t bit;
    return (*swallowed_bits(scan, ahead, &bit) & bit) != 0;
}

static void scan_ahead(wr_terminal_t *t, const uint8_t *data, size_t len)
{
    webrepl_terminal_events_t events = wr_terminal_events();
    wr_scan_t *scan = &t->scan;
    for (len = terminal_input_min(len, WR_SCAN_SIZE); scan->scanned < len; scan->scanned++) {
        bool swallow = events.intercept != NULL && events.intercept(data[scan->scanned], events.ctx);
        uint8_t bit, *bits = swallowed_bits(scan, scan->scanned, &bit);
        *bits = (uint8_t)(swallow ? *bits | bit : *bits & ~bit);
    }
}

static size_t take_scanned_locked(wr_terminal_t *t, const uint8_t *data, size_t len)
{
    wr_scan_t *scan = &t->scan;
    size_t taken = 0, room = wr_ring_room(&t->input);
    for (len = terminal_input_min(len, scan->scanned); taken < len; taken++) {
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
    wr_terminal_t *t = wr_the_terminal;
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
        wr_terminal_notify(true);
    }
    return taken;
}

bool wr_terminal_keys(const uint8_t *data, size_t len)
{
    wr_terminal_t *t = wr_the_terminal;
    if (len > t->granted) {
        return false;
    }
    t->granted -= (uint32_t)len;
    wr_terminal_input(data, len); /* all of it: credit is room */
    return true;
}

uint32_t wr_terminal_grant(void)
{
    wr_terminal_t *t = wr_the_terminal;
    uhttpd_os_lock(t->lock);
    uint32_t more = (uint32_t)wr_ring_room(&t->input) - t->granted;
    t->input_waits = wr_ring_used(&t->input) > 0;
    bool worthwhile = more >= (t->input.mask + 1) / 2;
    uhttpd_os_unlock(t->lock);
    return worthwhile ? more : 0;
}

void wr_terminal_granted(uint32_t more)
{
    wr_the_terminal->granted += more;
}

#define INTERRUPT 3 /* Ctrl-C */

bool wr_terminal_interrupt(bool discard)
{
    wr_terminal_t *t = wr_the_terminal;
    if (discard) {
        uhttpd_os_lock(t->lock);
        wr_ring_drop(&t->input, wr_ring_used(&t->input));
        uhttpd_os_unlock(t->lock);
    }
    webrepl_terminal_events_t events = wr_terminal_events();
    bool raised = events.intercept != NULL && events.intercept(INTERRUPT, events.ctx);
    return raised || webrepl_overtake(&(uint8_t) {INTERRUPT}, 1);
}

/* From the program and for it */

bool webrepl_overtake(const void *data, size_t len)
{
    wr_terminal_t *t = wr_the_terminal;
    if (t == NULL) {
        return false;
    }
    uhttpd_os_lock(t->lock);
    bool fits = len <= sizeof t->urgent - t->urgent_len;
    if (fits) {
        memcpy(t->urgent + t->urgent_len, data, len);
        t->urgent_len += (uint8_t)len;
    }
    uhttpd_os_unlock(t->lock);
    wr_terminal_notify(true);
    return fits;
}

static size_t take_urgent_locked(wr_terminal_t *t, uint8_t *buf, size_t size)
{
    size_t len = terminal_input_min(t->urgent_len, size);
    memcpy(buf, t->urgent, len);
    t->urgent_len -= (uint8_t)len;
    memmove(t->urgent, t->urgent + len, t->urgent_len);
    return len;
}

/* How much of the input was typed by the session that has ended. */
static size_t input_that_was_left_locked(const wr_terminal_t *t)
{
    int32_t left = (int32_t)(t->left_at - t->input.tail);
    return left > 0 ? (size_t)left : 0;
}

size_t webrepl_read_session(void *buf, size_t size, bool *left)
{
    *left = false;
    wr_terminal_t *t = wr_the_terminal;
    if (t == NULL) {
        return 0;
    }
    uhttpd_os_lock(t->lock);
    size_t most = t->left ? terminal_input_min(size, input_that_was_left_locked(t)) : size;
    size_t len = t->urgent_len > 0 ? take_urgent_locked(t, buf, size) : wr_ring_pop(&t->input, buf, most);
    *left = t->left && len == 0 && size > 0;
    t->left = t->left && !*left;
    /* Half a ring at a time: a program that reads single bytes should not cost a wake-up for each. */
    if (t->input_waits && wr_ring_used(&t->input) <= (t->input.mask + 1) / 2) {
        t->input_waits = false;
        wr_terminal_wake_locked(t);
    }
    if (len == 0 && size > 0) {
        wr_terminal_flush_locked(t);
    }
    uhttpd_os_unlock(t->lock);
    return len;
}

size_t webrepl_read(void *buf, size_t size)
{
    bool left;
    size_t len = webrepl_read_session(buf, size, &left);
    return left ? webrepl_read_session(buf, size, &left) : len;
}

static size_t input_available_locked(const wr_terminal_t *t)
{
    return t->urgent_len + wr_ring_used(&t->input);
}

size_t webrepl_available(void)
{
    if (wr_the_terminal == NULL) {
        return 0;
    }
    uhttpd_os_lock(wr_the_terminal->lock);
    size_t available = input_available_locked(wr_the_terminal);
    uhttpd_os_unlock(wr_the_terminal->lock);
    return available;
}

bool webrepl_wait(uint32_t timeout_ms)
{
    wr_terminal_t *t = wr_the_terminal;
    if (t == NULL) {
        return false;
    }
    uhttpd_os_lock(t->lock);
    t->program_waits = input_available_locked(t) == 0;
    bool waits = t->program_waits;
    if (waits) {
        wr_terminal_flush_locked(t);
    }
    uhttpd_os_unlock(t->lock);
    if (waits) {
        uhttpd_os_sem_take(t->news, timeout_ms);
    }
    return webrepl_available() > 0;
}
