/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_err.h"
#include "webrepl.h"

/**
 * @file
 * The network's half of MicroPython's terminal, the same on every port. A port reads and writes it for its REPL.
 *
 * Unless said otherwise functions are for Python threads that hold the GIL.
 */

/** @brief Sets the terminal up for its first use; later calls do nothing. @return as webrepl_init(). */
esp_err_t glue_terminal_init(void);

/**
 * @brief Ends the use of the terminal, after its servers have ended. From here on Python threads may be killed, because
 *        none is within it. glue_terminal_init() starts again.
 * @return false: one still is.
 */
bool glue_terminal_deinit(void);

/** @brief True while a client holds the terminal or watches it. */
bool glue_terminal_connected(void);

/** @brief Takes input, without waiting. @return bytes, 0 when there is none. */
size_t glue_terminal_read(void *buf, size_t size);

/**
 * @brief For the prompt, when it is about to wait for input: if a client has left it a half typed line, or in raw or
 *        paste mode, what ends that becomes the next input.
 * @param typed_by_network  The last byte that the prompt read came from a client.
 */
void glue_terminal_clear_prompt(bool typed_by_network);

/** @brief Bytes that glue_terminal_read() would take now. */
size_t glue_terminal_available(void);

/**
 * @brief Writes output. Waits without the GIL while the client does not take it, but not for ever: a client that stalls
 *        loses output until it reads again.
 */
void glue_terminal_write(const char *str, size_t len);

/** @brief Gives written output a moment to be sent, before the servers end. */
void glue_terminal_flush(void);

/** @name What a port provides; called in the I/O task, must not block
 *  @{ */
/** There is input, or a client has connected or left. */
void glue_terminal_port_input(void);

/** A client has left: Ctrl-C interrupts the program that runs, even if that has switched it off. */
void glue_terminal_port_left(void);

/**
 * A byte has arrived. If it is the interrupt character of the running program, this raises KeyboardInterrupt in the
 * main thread, whatever it waits for, and the byte is not input.
 * @return true when it was.
 */
bool glue_terminal_port_interrupts(uint8_t byte);

/** Sets soft_reset and hard_reset where the port can do so; in glue_terminal_init(). */
void glue_terminal_port_resets(webrepl_terminal_events_t *events);
/** @} */
