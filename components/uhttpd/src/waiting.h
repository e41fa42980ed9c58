/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Who only waits, and who makes room.
 */

/** What makes a session a guest of the I/O task. */
struct uh_guest {
    enum {
        UH_GUEST_HEAD,   /* half a head: the oldest makes room for the newest */
        UH_GUEST_HUMBLE, /* the first to go, pushes nobody out */
        UH_GUEST_STREAM, /* a body or a response on its way: gives way only to newcomers that find no socket */
    } rank;
    unsigned want;                        /* what it waits for */
    bool (*ready)(uh_session_t *session); /* it is here. True: it waits on; else uh_guest_remove() was called */
    void (*over)(uh_session_t *session, esp_err_t why); /* it is no guest any more: ESP_ERR_TIMEOUT,
                                                        ESP_ERR_UHTTPD_BUSY (others need the room),
                                                        ESP_ERR_UHTTPD_STOPPING */
};

/** @name Guests: sessions that only wait in the I/O task, and may not take every socket. I/O task only
 *  @{ */
/**
 * @brief Lets a session wait for what @p guest says until @p timeout ms from now. Of half heads and humble ones together
 *        there are at most a third of the sockets.
 * @return false: there is no room. Only humble ones hear that.
 */
bool uh_guest_add(uh_session_t *session, const uh_guest_t *guest, uint32_t timeout);
void uh_guest_remove(uh_session_t *session);

/** @brief uh_guest_remove() and uh_guest_t::over. */
void uh_guest_end(uh_session_t *session, esp_err_t why);

/** @brief Ends all of them, since the server is being stopped. */
void uh_guest_end_all(struct uhttpd_server *server);

/**
 * @brief When every socket that can be spared is taken, ends the stream that has been stalled for longest.
 * @return when to ask again, in terms of uhttpd_os_now(); 0: when something changes.
 */
uint64_t uh_guest_make_room(struct uhttpd_server *server, uint64_t now);
/** @} */

/** @name Sockets for newcomers: idle connections, stalled streams and who waits for too long make room
 *  @{ */
/** @brief From now on. I/O task only. */
void uh_keeper_start(struct uhttpd_server *server);
void uh_keeper_stop(struct uhttpd_server *server);

/** @brief Watches over a session that waits for a worker, in case that it has the last socket; until it is forgotten. */
void uh_keeper_watch(uh_session_t *session);
void uh_keeper_forget(uh_session_t *session);
/** @} */
