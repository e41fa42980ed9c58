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
 * The program's side is webrepl_read(), webrepl_available(), webrepl_write(), webrepl_connected(), webrepl_disconnect()
 * of webrepl.h. The functions here are for the I/O task unless they say otherwise.
 */
#define WR_REASON_MAX 123 /* bytes of a close frame's reason (RFC 6455 section 5.5) */

/** @brief Allocates the rings, once. Any task. */
esp_err_t wr_terminal_init(size_t input_size, size_t output_size);

/** @brief Any task; a call of the events before may still be running when this returns. */
void wr_terminal_set_events(const webrepl_terminal_events_t *events);

/** @brief A session has logged in and holds the terminal from now on. */
void wr_terminal_attach(uhttpd_ws_t *ws);

/** @brief It holds it no more. Output that has not gone out is thrown away, input that has come is not. */
void wr_terminal_detach(void);

/**
 * @brief Hands input to the program. Every byte is shown to the program's intercept() once, when it is first offered
 * here.
 * @return bytes taken; the rest must be offered again, unchanged, as the front of what is offered next. The session is
 * woken
 *         when there is room.
 */
size_t wr_terminal_input(const uint8_t *data, size_t len);

/**
 * @brief Sends the output that is due, as far as the session has room.
 * @return when to be called again, 0: when woken or when there is room.
 */
uint64_t wr_terminal_output(uint64_t now);

/** @brief What webrepl_disconnect() has asked for. @return false: nothing. */
bool wr_terminal_take_close(uint16_t *code, char reason[WR_REASON_MAX + 1]);

/** @brief Wakes the session that holds the terminal, if any. Any task. */
void wr_terminal_wake(void);
