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
 * @brief Somebody holds the terminal and is there: one who answers no ping may be dead, and is worth no more than a client
 *        that is there and knows the password.
 */
bool wr_holder_is_taken(void);

/** @brief Milliseconds for which it has been held. */
uint64_t wr_holder_since(void);

/** @brief This session holds it from now on; whoever did so before is closed with 4001. */
void wr_holder_take(wr_session_t *session);

/** @brief It does so no more, if it did. */
void wr_holder_leave(wr_session_t *session);
