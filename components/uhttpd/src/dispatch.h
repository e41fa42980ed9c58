/* SPDX-License-Identifier: MIT */
#pragma once

#include "esp_http_server.h"
#include "session.h"

/**
 * @file
 * From bytes on a socket to an answer, and what becomes of the session then: gate.c, dispatch.c, finish.c.
 */

/* --- gate.c ------------------------------------------------------------------------------------------------------- */

/* The gate: heads, whole or not at all. */

int uh_gate_recv(httpd_handle_t engine, int fd, char *buf, size_t len, int flags);
esp_err_t uh_gate_knock(httpd_req_t *r);

/* --- dispatch.c --------------------------------------------------------------------------------------------------- */

/* From a whole head to an answer. */

/** @brief Answers the request whose head has come. @return what the engine's handler returns: ESP_OK, or ESP_FAIL to close. */
esp_err_t uh_dispatch_head(uh_session_t *session);

/** @brief Answers a head that was not understood, or has not come whole. @return as uh_dispatch_head() */
esp_err_t uh_dispatch_refusal(uh_session_t *session, int status);

/* --- finish.c ----------------------------------------------------------------------------------------------------- */

/* What happens to a session after a handler. */

/** @brief After a handler : stream, reuse, close, or send the rest. @return as uh_dispatch_head() */
esp_err_t uh_finish_request(uh_session_t *session, esp_err_t result);

/**
 * @brief Ends a detached session, from the I/O task, without losing what the client has not read yet: shuts down
 *        sending, and reads until the client closes too.
 */
void uh_session_linger(uh_session_t *session);
