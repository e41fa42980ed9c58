/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "uhttpd_ws.h"

/**
 * @file
 * Sessions: who may try to log in, who holds the terminal, and what each of them does with a WebSocket.
 */

/** One way in: lives for ever, because routes have no end that it could hear of. */
typedef struct wr_door {
    struct wr_door *next;
    bool open;       /* no password is asked for */
    char password[]; /* ends with NUL */
} wr_door_t;

#define WR_LOGINS_MAX 3 /* sessions that are logging in at a time */

/** @brief The callbacks of a WebSocket route whose context is a #wr_door_t. */
extern const uhttpd_ws_events_t wr_session_events;

/** @brief For sessions to come. Any task. */
void wr_session_set_login_timeout(uint32_t login_timeout_ms);
