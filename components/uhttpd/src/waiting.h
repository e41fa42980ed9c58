/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * Sessions that only wait, and which of them make room.
 */

/** A session that is a guest of the I/O task. */
struct uh_guest {
    enum {
        UH_GUEST_HEAD,   /* half a head: the oldest makes room for the newest */
        UH_GUEST_HUMBLE, /* the first to be closed; pushes out no other */
        UH_GUEST_STREAM, /* a body or a response under way: gives way only to new connections that find no socket */
    } rank;
    unsigned want;                                      /* what it waits for */
    bool (*ready)(uh_session_t *session);               /* true: it waits on; otherwise uh_guest_remove() was called */
    void (*over)(uh_session_t *session, esp_err_t why); /* it is no guest any more: ESP_ERR_TIMEOUT,
                                                        ESP_ERR_UHTTPD_BUSY (others need the room),
                                                        ESP_ERR_UHTTPD_STOPPING */
};

/** @name Guests: sessions that only wait in the I/O task, and may not take every socket. I/O task only
 *  @{ */
/**
 * @brief Lets a session wait for what @p guest says until @p timeout ms from now. Half heads and humble guests together
 *        get at most a third of the sockets.
 * @return false: there is no room. This happens to humble guests only.
 */
bool uh_guest_add(uh_session_t *session, const uh_guest_t *guest, uint32_t timeout);
void uh_guest_remove(uh_session_t *session);

/**
 * @brief The first of those guests in a list that come from the address from which most of the list come.
 * @param guest  NULL: of any kind; otherwise of this one
 * @param[out] count  how many come from there
 * @return NULL: there is none
 */
uh_session_t *uh_guest_of_crowd(uh_session_t *list, const uh_guest_t *guest, unsigned *count);

/** @brief uh_guest_remove() and uh_guest_t::over. */
void uh_guest_end(uh_session_t *session, esp_err_t why);

/** @brief Ends all of them, because the server is being stopped. */
void uh_guest_end_all(struct uhttpd_server *server);

/**
 * @brief When every socket that can be spared is taken, ends the stream that has been stalled for longest.
 * @return when to ask again, in terms of uhttpd_os_now(); 0: when something changes.
 */
uint64_t uh_guest_make_room(struct uhttpd_server *server, uint64_t now);
/** @} */

/** @name Sockets for new connections: idle connections, stalled streams and sessions that wait for too long make room
 *  @{ */
/** @brief From now on. I/O task only. */
void uh_keeper_start(struct uhttpd_server *server);
void uh_keeper_stop(struct uhttpd_server *server);

/** @brief Tells that the last socket was taken. */
void uh_keeper_note_crowd(struct uhttpd_server *server);

/** @brief Whether a connection that is being answered should end then: others need its socket, and none is idle. */
bool uh_keeper_needs_room(struct uhttpd_server *server);

/** @brief Makes an idle session busy. HTTP task only. @return false: it has expired, and nothing had come */
bool uh_keeper_lets_serve(uh_session_t *session);
/** @} */
