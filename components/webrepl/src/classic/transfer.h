/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uhttpd_ws.h"
#include "webrepl.h"

/**
 * @file
 * File transfer of the session that holds the terminal: runs the machine of classic.h, its work in a worker of the
 * session's server, everything else in the I/O task.
 *
 * There is one transfer in a firmware. When a session ends during a transfer, a worker closes the file and ends the
 * upload, and the next session's transfers wait for that. If the server has ended too, the next session's worker does
 * it.
 */

/** @brief Allocates it, once. Any task. */
esp_err_t wr_transfer_init(void);

/** @brief For sessions to come. @param files  NULL: none. Any task. */
void wr_transfer_set_files(const uhttpd_storage_t *files, const uint8_t version[3]);

/** @brief The version that was set. Any task. */
void wr_transfer_get_version(uint8_t version[3]);

/** @brief A session holds the terminal from now on. I/O task, as all below. */
void wr_transfer_attach(uhttpd_ws_t *ws);

/** @brief It does so no more. */
void wr_transfer_detach(void);

/**
 * @brief Takes binary input.
 * @return bytes taken: fewer than @p len while a worker is busy or a reply waits for room. The session is woken, or
 * there
 *         is room, when more will be taken.
 */
size_t wr_transfer_input(const uint8_t *data, size_t len);

/** @brief Goes on, after a wake-up or when there is room. */
void wr_transfer_run(void);
