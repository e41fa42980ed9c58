/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Which session holds the terminal, and since when. The I/O task's.
 */

/** @brief NULL: nobody. */
wr_session_t *wr_holder(void);

/**
 * @brief True while a session holds the terminal and is alive. A holder that answers no ping may be dead, and gives way
 *        to a client that is there and knows the password.
 */
bool wr_holder_is_taken(void);

/** @brief Milliseconds for which it has been held. */
uint64_t wr_holder_since(void);

/** @brief Makes this session the holder; closes the previous one with 4001. */
void wr_holder_take(wr_session_t *session);

/** @brief This session is no longer the holder, if it was. */
void wr_holder_leave(wr_session_t *session);
