/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Streams: what uhttpd_write_from() and uhttpd_read_to() have begun. flow.c moves them between workers and the I/O task,
 * outflow.c and inflow.c move their bytes. uhttpd_req::flow_end says that a stream must end, and why.
 */
#define UH_FLOW_PIECES 16 /* buffers that are moved in one go before other jobs have their turn */

/** @brief After the handler, which returned @p result: the stream begins. */
void uh_flow_start(uh_session_t *session, esp_err_t result);

/** @brief Moves what can be moved now. Workers only; the session may be gone afterwards. */
void uh_flow_run(uh_session_t *session);
void uh_inflow_run(uh_session_t *session);
void uh_inflow_cut(uh_session_t *session, esp_err_t why);
void uh_outflow_run(uh_session_t *session);

/** @brief Has uh_flow_run() called when other jobs have had their turn. Nothing is touched after this. */
void uh_flow_yield(uh_session_t *session);

/** @brief Has uh_flow_run() called when the socket is ready. Nothing is touched after this. */
void uh_flow_wait(uh_session_t *session);
