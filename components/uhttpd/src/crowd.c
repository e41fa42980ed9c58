/* SPDX-License-Identifier: MIT */
#include "crowd.h"

#include "server.h"

#define STAYS_MS 2000
#define BEGINS_MS 200     /* until those have closed that made room: they may have done so for their own kind */
#define FREE_FOR_OTHERS 2 /* sockets: the last ones are for other addresses */

/* Under lock. */
static unsigned count_peer(const struct uhttpd_server *server, uint64_t peer)
{
    unsigned count = 0;
    for (uh_session_t *session = server->sessions; session; session = session->next) {
        count += session->peer == peer && atomic_load(&session->state) != UH_SESSION_EXPIRED;
    }
    return count;
}

/* Under lock. */
static bool has_most(const struct uhttpd_server *server, uint64_t peer)
{
    return count_peer(server, peer) > server->config.max_sockets / 2u;
}

/* Under lock. */
static bool is_known(const struct uhttpd_server *server, uint64_t peer, uint64_t now)
{
    return server->crowd.peer == peer && now < server->crowd.until;
}

void uh_crowd_note(struct uhttpd_server *server, uint64_t peer)
{
    uhttpd_os_lock(server->lock);
    uint64_t now = uhttpd_os_now();
    bool known = is_known(server, peer, now);
    if (known || has_most(server, peer)) {
        uint64_t since = known ? server->crowd.since : now;
        server->crowd = (uh_crowd_t) {.peer = peer, .since = since, .until = now + STAYS_MS};
    }
    uhttpd_os_unlock(server->lock);
}

bool uh_crowd_is_around(struct uhttpd_server *server)
{
    uhttpd_os_lock(server->lock);
    bool around = uhttpd_os_now() < server->crowd.until;
    uhttpd_os_unlock(server->lock);
    return around;
}

bool uh_crowd_has_all(struct uhttpd_server *server, uint64_t peer)
{
    uhttpd_os_lock(server->lock);
    bool most = uh_server_is_full(server) && has_most(server, peer);
    uhttpd_os_unlock(server->lock);
    return most;
}

bool uh_crowd_is_full(struct uhttpd_server *server, uint64_t peer)
{
    uhttpd_os_lock(server->lock);
    uint64_t now = uhttpd_os_now();
    bool scarce = atomic_load(&server->open) + FREE_FOR_OTHERS >= server->config.max_sockets;
    bool known = is_known(server, peer, now) && now - server->crowd.since >= BEGINS_MS;
    bool full = scarce && known && count_peer(server, peer) >= server->config.max_sockets / 2u;
    uhttpd_os_unlock(server->lock);
    return full;
}

/* Each connection of the leader's address is set against one of another: only an address that has most of them can be
 * left at the end. */
static const uh_session_t *find_leader(const struct uhttpd_server *server)
{
    const uh_session_t *leader = NULL;
    unsigned lead = 0;
    for (const uh_session_t *session = server->sessions; session; session = session->next) {
        leader = lead ? leader : session;
        lead = session->peer == leader->peer ? lead + 1 : lead - 1;
    }
    return leader;
}

const uh_session_t *uh_crowd_member(const struct uhttpd_server *server, unsigned *beyond)
{
    const uh_session_t *leader = find_leader(server);
    unsigned half = server->config.max_sockets / 2u;
    unsigned count = leader ? count_peer(server, leader->peer) : 0;
    *beyond = count > half ? count - half : 0;
    return *beyond ? leader : NULL;
}
