/* SPDX-License-Identifier: MIT */
#include "terminal/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "second/message.h"
#include "terminal/state.h"
#include "terminal/utf8.h"

wr_terminal_t *wr_the_terminal;

/* Set-up */

esp_err_t wr_terminal_init(size_t input_size, size_t output_size)
{
    wr_terminal_t *terminal = calloc(1, sizeof *terminal + input_size + output_size);
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
    terminal->news = uhttpd_os_sem_create();
    if (terminal->news == NULL) {
        goto destroy_room;
    }
    uint8_t *rings = (uint8_t *)(terminal + 1);
    wr_ring_init(&terminal->input, rings, input_size);
    wr_ring_init(&terminal->output, rings + input_size, output_size);
    wr_the_terminal = terminal;
    return ESP_OK;

destroy_room:
    uhttpd_os_sem_destroy(terminal->room);
destroy_lock:
    uhttpd_os_mutex_destroy(terminal->lock);
free_terminal:
    free(terminal);
    return ESP_ERR_NO_MEM;
}

void wr_terminal_set_events(const webrepl_terminal_events_t *events)
{
    uhttpd_os_lock(wr_the_terminal->lock);
    wr_the_terminal->events = *events;
    uhttpd_os_unlock(wr_the_terminal->lock);
}

webrepl_terminal_events_t wr_terminal_events(void)
{
    uhttpd_os_lock(wr_the_terminal->lock);
    webrepl_terminal_events_t events = wr_the_terminal->events;
    uhttpd_os_unlock(wr_the_terminal->lock);
    return events;
}

static void release_program(wr_terminal_t *t)
{
    uhttpd_os_lock(t->lock);
    if (t->program_waits) {
        t->program_waits = false;
        uhttpd_os_sem_give(t->news);
    }
    uhttpd_os_unlock(t->lock);
}

void wr_terminal_notify(bool connected)
{
    release_program(wr_the_terminal);
    webrepl_terminal_events_t events = wr_terminal_events();
    if (events.notify != NULL) {
        events.notify(connected, events.ctx);
    }
}

void wr_terminal_wake_locked(wr_terminal_t *t)
{
    if (t->ws != NULL) {
        uhttpd_ws_wake(t->ws);
    }
}

void wr_terminal_release_writers_locked(wr_terminal_t *t)
{
    for (; t->writers > 0; t->writers--) {
        uhttpd_os_sem_give(t->room);
    }
}

/* The session's side */

void wr_terminal_attach(uhttpd_ws_t *ws, bool raw)
{
    wr_terminal_t *t = wr_the_terminal;
    memset(&t->scan, 0, sizeof t->scan);
    t->raw = raw;
    t->credit = t->granted = 0;
    uhttpd_os_lock(t->lock);
    t->ws = ws;
    t->session++;
    t->out.goal = t->output.tail;
    t->close_code = 0;
    t->input_waits = false;
    uhttpd_os_unlock(t->lock);
    wr_terminal_notify(true);
}

void wr_terminal_detach(void)
{
    wr_terminal_t *t = wr_the_terminal;
    uhttpd_os_lock(t->lock);
    t->ws = NULL;
    t->left_at = t->left ? t->left_at : t->input.head;
    t->left = true;
    t->columns = t->rows = 0;
    wr_ring_drop(&t->output, wr_ring_used(&t->output));
    wr_terminal_wake_watchers_locked(t);
    t->flush = t->output.tail;
    t->output_known = false;
    t->out = (wr_output_t) {.goal = t->output.tail};
    wr_terminal_release_writers_locked(t);
    uhttpd_os_unlock(t->lock);
    wr_terminal_notify(false);
}

void wr_terminal_wake(void)
{
    uhttpd_os_lock(wr_the_terminal->lock);
    wr_terminal_wake_locked(wr_the_terminal);
    uhttpd_os_unlock(wr_the_terminal->lock);
}

bool wr_terminal_take_close(uint16_t *code, char reason[WR_REASON_MAX + 1])
{
    wr_terminal_t *t = wr_the_terminal;
    uhttpd_os_lock(t->lock);
    *code = t->close_code;
    t->close_code = 0;
    memcpy(reason, t->close_reason, sizeof t->close_reason);
    uhttpd_os_unlock(t->lock);
    return *code != 0;
}

void wr_terminal_resize(uint16_t columns, uint16_t rows)
{
    wr_terminal_t *t = wr_the_terminal;
    uhttpd_os_lock(t->lock);
    t->columns = columns;
    t->rows = rows;
    uhttpd_os_unlock(t->lock);
    wr_terminal_notify(true);
}

uint16_t wr_terminal_features(void)
{
    webrepl_terminal_events_t events = wr_terminal_events();
    return (uint16_t)((events.soft_reset != NULL ? WR_FEATURE_SOFT_RESET : 0) |
                      (events.hard_reset != NULL ? WR_FEATURE_HARD_RESET : 0));
}

void wr_terminal_reset(bool hard)
{
    webrepl_terminal_events_t events = wr_terminal_events();
    (hard ? events.hard_reset : events.soft_reset)(events.ctx);
}

bool webrepl_connected(void)
{
    if (wr_the_terminal == NULL) {
        return false;
    }
    uhttpd_os_lock(wr_the_terminal->lock);
    bool connected = wr_the_terminal->ws != NULL || wr_the_terminal->watchers != NULL;
    uhttpd_os_unlock(wr_the_terminal->lock);
    return connected;
}

void webrepl_size(uint16_t *columns, uint16_t *rows)
{
    *columns = *rows = 0;
    if (wr_the_terminal == NULL) {
        return;
    }
    uhttpd_os_lock(wr_the_terminal->lock);
    *columns = wr_the_terminal->columns;
    *rows = wr_the_terminal->rows;
    uhttpd_os_unlock(wr_the_terminal->lock);
}

bool webrepl_remote(char *address, size_t size)
{
    if (wr_the_terminal == NULL) {
        return false;
    }
    uhttpd_os_lock(wr_the_terminal->lock);
    bool connected = wr_the_terminal->ws != NULL;
    if (connected) {
        snprintf(address, size, "%s", uhttpd_ws_remote(wr_the_terminal->ws));
    }
    uhttpd_os_unlock(wr_the_terminal->lock);
    return connected;
}

void webrepl_disconnect(uint16_t code, const char *reason)
{
    wr_terminal_t *t = wr_the_terminal;
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
    wr_terminal_wake_locked(t);
    uhttpd_os_unlock(t->lock);
}
