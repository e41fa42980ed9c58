/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Streams: what uhttpd_write_from() and uhttpd_read_to() have begun. flow.c moves them between workers and the I/O task,
 * outflow.c and inflow.c move their bytes. uhttpd_req::flow_end says that a stream must end, and why.
 */
#define FLOW_PIECES 16 /* buffers that are moved in one go before other jobs have their turn */

/** @brief After the handler, which returned @p result: the stream begins. */
void flow_start(session_t *session, esp_err_t result);

/** @brief Moves what can be moved now. Workers only; the session may be gone afterwards. */
void flow_run(session_t *session);
void inflow_run(session_t *session);
void inflow_cut(session_t *session, esp_err_t why);
void outflow_run(session_t *session);

/** @brief Has flow_run() called when other jobs have had their turn. Nothing is touched after this. */
void flow_yield(session_t *session);

/** @brief Has flow_run() called when the socket is ready. Nothing is touched after this. */
void flow_wait(session_t *session);
