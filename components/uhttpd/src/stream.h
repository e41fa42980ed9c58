/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * What goes on after the handler: streams (stream.c), and connections that are no longer HTTP.
 */

/* --- stream.c ----------------------------------------------------------------------------------------------------- */

/*
 * Streams: what uhttpd_write_from() and uhttpd_read_to() have begun. Workers move their bytes, and the I/O task waits
 * for sockets. uhttpd_req::flow_end says that a stream must end, and why.
 */

#define UH_FLOW_PIECES 16 /* buffers that are moved in one turn, before other jobs run */

/** @brief After the handler, which returned @p result: the stream begins. */
void uh_flow_start(uh_session_t *session, esp_err_t result);

/** @brief Moves as much as possible now. Workers only; the session may be gone afterwards. */
void uh_flow_run(uh_session_t *session);
void uh_inflow_run(uh_session_t *session);
void uh_inflow_cut(uh_session_t *session, esp_err_t why);
void uh_outflow_run(uh_session_t *session);

/** @brief Makes a worker call uh_flow_run() after other jobs. The caller must touch nothing after this. */
void uh_flow_yield(uh_session_t *session);

/** @brief Makes a worker call uh_flow_run() when the socket is ready. The caller must touch nothing after this. */
void uh_flow_wait(uh_session_t *session);

/* --- hold.c ------------------------------------------------------------------------------------------------------- */

/** @brief After the handler that has called uhttpd_hold(). */
void uh_hold_start(uh_session_t *session);

/* --- conn.c ------------------------------------------------------------------------------------------------------- */

/* Connections that uhttpd_conn_take() has taken over from their requests. I/O task only, except uh_conn_start(). */

/**
 * @brief As uhttpd_conn_take(), but whether there is room is found out in the I/O task, where those that are leaving have
 *        left. Without room events.closed is called, and the client gets 503.
 */
esp_err_t uh_conn_take(uhttpd_req_t *req, const uhttpd_conn_events_t *events, void *ctx, uhttpd_conn_t **conn);

/** @brief Hands a connection that was taken over to the I/O task. */
void uh_conn_start(uh_session_t *session);

/** @brief Asks for the end of every connection of a server that is being stopped, or ends it. I/O task only. */
void uh_conn_stop_all(struct uhttpd_server *server);

/** @brief Only its peer's agreement is waited for from now on. Its `ready` is called when others need its place. */
void uh_conn_leave(uhttpd_conn_t *conn);

/** @brief True when its server has no socket left for new connections. */
bool uh_conn_is_crowded(const uhttpd_conn_t *conn);

/** @brief Ends every connection that is left. */
void uh_conn_end_all(struct uhttpd_server *server);
