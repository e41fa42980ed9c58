/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * What happens to a session after a handler.
 */

/** @brief After a handler : stream, reuse, close, or send the rest. @return as uh_dispatch_head() */
esp_err_t uh_finish_request(uh_session_t *session, esp_err_t result);

/**
 * @brief Ends a detached session, from the I/O task, without losing what the client has not read yet: shuts down
 *        sending, and reads until the client closes too.
 */
void uh_session_linger(uh_session_t *session);
