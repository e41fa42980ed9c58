/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Connections that uhttpd_conn_take() has taken over from their requests. I/O task only, except uh_conn_start().
 */

/** @brief Hands a connection that uhttpd_conn_take() has prepared to the I/O task (conn.c). */
void uh_conn_start(uh_session_t *session);

/** @brief Asks for the end of every connection of a server that is being stopped, or ends it (conn.c). I/O task only. */
void uh_conn_stop_all(struct uhttpd_server *server);

/** @brief Ends every connection that is left. */
void uh_conn_end_all(struct uhttpd_server *server);
