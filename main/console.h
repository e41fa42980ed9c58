/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "uhttpd.h"

/**
 * @file
 * A command console over WebREPL: a line is read, run, and answered. Functions below console_serve() are for commands,
 * that is, for the console's own task.
 */

/**
 * @brief Starts the console's task, and serves it at `/ws` with the configured password, for PUT and GET of files too,
 *        and for old clients at `/`, where all others get the page. Call it before the page has a route of its own.
 *        Without a password there is no console. Once in the life of a firmware.
 * @return ESP_OK, ESP_ERR_NO_MEM, or as webrepl_serve()
 */
esp_err_t console_serve(uhttpd_handle_t server);

/** @brief Writes text; "\n" becomes a new line of the terminal. Blocks while the client does not take it; a client that
 *         takes nothing for some seconds misses the rest. */
void terminal_write(const char *text, size_t len);

/** @brief As printf(), at most 159 bytes. */
void terminal_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** @brief True when Ctrl-C has come since the command began: it should end soon. */
bool terminal_interrupted(void);
