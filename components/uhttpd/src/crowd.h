/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * A crowd: connections of one address that have more than half of the sockets and move nothing. While one is around, the
 * last sockets are not for its address, so that others find room at once.
 */
typedef struct {
    uint64_t peer; /* as uh_session::peer */
    uint64_t since, until;
} uh_crowd_t;

/** @brief Notes that a connection from there moved nothing while others waited. Any task. */
void uh_crowd_note(struct uhttpd_server *server, uint64_t peer);

/** @brief Whether there was one a moment ago. Any task. */
bool uh_crowd_is_around(struct uhttpd_server *server);

/** @brief Whether more than half of the sockets are theirs, and all are taken. Any task. */
bool uh_crowd_has_all(struct uhttpd_server *server, uint64_t peer);

/** @brief Whether a new connection from there would be one too many of a crowd. Any task. */
bool uh_crowd_is_full(struct uhttpd_server *server, uint64_t peer);

/**
 * @brief Under server->lock. One of the connections of the address that has more than half of the sockets.
 * @param[out] beyond  how many are more than half
 * @return NULL: there is no such address
 */
const uh_session_t *uh_crowd_member(const struct uhttpd_server *server, unsigned *beyond);
