/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Sending for the request that a session works on: what leaves counts for its pace, and a socket that fails breaks it.
 */

/** @brief Sends what the socket takes. @return as uh_wire_write() */
ssize_t uh_send_now(uh_session_t *session, const void *data, size_t len);

/**
 * @brief Sends all parts, in one write where it fits. A small rest of a whole response is left to the I/O task; for
 *        anything else a worker waits, and it alone may.
 * @param parts  are changed
 * @return ESP_OK, ESP_ERR_UHTTPD_GONE; ESP_ERR_NO_MEM in a task that must not wait
 */
esp_err_t uh_send_parts(uh_session_t *session, struct iovec *parts, int count);

/** @brief As uh_send_parts(), for one of them. */
esp_err_t uh_send_all(uh_session_t *session, const void *data, size_t len);

/** @brief Sends what a response left behind. @return true when all is out or the socket is broken. */
bool uh_send_flush(uh_session_t *session);
