/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uhttpd_ws.h"
#include "webrepl.h"

/**
 * @file
 * The one terminal: its rings, the program on one side, the session that holds it on the other.
 *
 * The program's side is webrepl_read(), webrepl_available(), webrepl_overtake(), webrepl_write(), webrepl_size(),
 * webrepl_connected(), webrepl_disconnect() of webrepl.h. The functions here are for the I/O task unless they say otherwise.
 */
#define WR_REASON_MAX 123 /* bytes of a close frame's reason (RFC 6455 section 5.5) */

/** @brief Allocates the rings, once. Any task. */
esp_err_t wr_terminal_init(size_t input_size, size_t output_size);

/** @brief Any task; a call of the events before may still be running when this returns. */
void wr_terminal_set_events(const webrepl_terminal_events_t *events);

/**
 * @brief A session holds the terminal from now on.
 * @param raw  It speaks the second edition: output goes out as it is, in binary DATA messages, as far as there is credit.
 */
void wr_terminal_attach(uhttpd_ws_t *ws, bool raw);

/** @brief The session no longer holds it. Output that was not sent is thrown away; input that has arrived is not. */
void wr_terminal_detach(void);

/**
 * @brief Hands input to the program. Every byte is shown to the program's intercept() once, when it is first offered
 * here.
 * @return bytes taken; the rest must be offered again, unchanged, as the front of what is offered next. The session is
 *         woken when there is room.
 */
size_t wr_terminal_input(const uint8_t *data, size_t len);

/**
 * @brief Sends the output that is due, as far as the session has room.
 * @return when to be called again, 0: when woken or when there is room.
 */
uint64_t wr_terminal_output(uint64_t now);

/** @name A holder of the second edition
 *  @{ */
/** @brief Input, as far as there is credit for it. @return false: there was more. */
bool wr_terminal_keys(const uint8_t *data, size_t len);

/** @brief Credit for input that is worth being given, with wr_terminal_granted() when it has been; 0: none. */
uint32_t wr_terminal_grant(void);
void wr_terminal_granted(uint32_t more);

/** @brief Output that may be sent. */
void wr_terminal_credit(uint32_t more);

/**
 * @brief Ctrl-C, before all input that is not read yet. @param discard  Throws that input away.
 * @return false: the program has not read the ones before.
 */
bool wr_terminal_interrupt(bool discard);

/** @brief The client's window. */
void wr_terminal_resize(uint16_t columns, uint16_t rows);

/** @brief WR_FEATURE_SOFT_RESET, WR_FEATURE_HARD_RESET: what the program can be asked for. */
uint16_t wr_terminal_features(void);

/** @brief Asks for it. */
void wr_terminal_reset(bool hard);
/** @} */

/** @name Watchers
 *  @{ */
typedef struct wr_watcher {
    struct wr_watcher *next;
    uhttpd_ws_t *ws;
    uint32_t at; /* position of the next byte for it; this and above under the terminal's lock */
    uint32_t credit;
    uint32_t lost; /* bytes that it has not been told of */
    uint64_t due;  /* when to send what has come; 0: nothing has */
} wr_watcher_t;

void wr_terminal_watch(wr_watcher_t *watcher, uhttpd_ws_t *ws, uint32_t credit);
void wr_terminal_unwatch(wr_watcher_t *watcher);
void wr_terminal_watcher_credit(wr_watcher_t *watcher, uint32_t more);

/** @brief Sends what there is for it. @return as wr_terminal_output(). */
uint64_t wr_terminal_show(wr_watcher_t *watcher, uint64_t now);
/** @} */

/** @brief What webrepl_disconnect() has asked for. @return false: nothing. */
bool wr_terminal_take_close(uint16_t *code, char reason[WR_REASON_MAX + 1]);

/** @brief Wakes the session that holds the terminal, if any. Any task. */
void wr_terminal_wake(void);
