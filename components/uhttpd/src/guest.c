/* SPDX-License-Identifier: MIT */
#include "server.h"
#include "uhttpd_priv.h"

#define STALLED_MS 1000 /* whoever has waited for less is not pushed out, nor when sockets come free anyway */

/* A third of the sockets: enough for honest clients on a slow network, and a crowd of half requests only pushes itself
 * out. */
static unsigned most_heads(const struct uhttpd_server *server)
{
    unsigned third = server->config.max_sockets / 3u;
    return third ? third : 1;
}

static void guest_on_ready(uh_io_source_t *source, unsigned events)
{
    uh_session_t *session = UH_CONTAINER_OF(source, uh_session_t, io);
    if (events && !session->guest->ready(session)) {
        return;
    }
    if (!source->deadline) { /* also for those who send a byte now and then */
        uh_guest_end(session, ESP_ERR_TIMEOUT);
    }
}

static bool is_full(const struct uhttpd_server *server)
{
    unsigned count = 0;
    for (uh_session_t *session = server->guests; session; session = session->next_guest) {
        count++;
    }
    return count >= most_heads(server);
}

static uh_session_t **list_of(uh_session_t *session)
{
    return session->guest->rank == UH_GUEST_STREAM ? &session->server->streams : &session->server->guests;
}

static void guest_link(uh_session_t *session, uh_session_t **link, uint32_t timeout)
{
    session->waits_since = uhttpd_os_now();
    session->io.ready = guest_on_ready;
    session->io.want = session->guest->want;
    session->io.deadline = session->waits_since + timeout;
    uh_io_add(&session->io);
    session->next_guest = *link;
    *link = session;
}

bool uh_guest_add(uh_session_t *session, const uh_guest_t *guest, uint32_t timeout)
{
    struct uhttpd_server *server = session->server;
    session->guest = guest;
    uh_session_t **link = list_of(session);
    if (guest->rank != UH_GUEST_STREAM && is_full(server)) {
        if (guest->rank == UH_GUEST_HUMBLE) {
            return false;
        }
        uh_guest_end(server->guests, ESP_ERR_UHTTPD_BUSY);
    }
    while (guest->rank != UH_GUEST_HUMBLE && *link) {
        link = &(*link)->next_guest;
    }
    guest_link(session, link, timeout);
    if (uh_server_is_full(server)) {
        uh_io_wake(&server->keeper);
    }
    return true;
}

void uh_guest_remove(uh_session_t *session)
{
    uh_session_t **link = list_of(session);
    while (*link != session) {
        link = &(*link)->next_guest;
    }
    *link = session->next_guest;
    uh_io_remove(&session->io);
}

void uh_guest_end(uh_session_t *session, esp_err_t why)
{
    uh_guest_remove(session);
    session->guest->over(session, why);
}

void uh_guest_end_all(struct uhttpd_server *server)
{
    while (server->guests) {
        uh_guest_end(server->guests, ESP_ERR_UHTTPD_STOPPING);
    }
    while (server->streams) {
        uh_guest_end(server->streams, ESP_ERR_UHTTPD_STOPPING);
    }
}

/* Since when no socket has come free. */
static uint64_t stuck_since(struct uhttpd_server *server, uint64_t now)
{
    unsigned returned = atomic_load(&server->returned);
    if (returned != server->returned_before || !server->stuck_since) {
        server->returned_before = returned;
        server->stuck_since = now;
    }
    return server->stuck_since;
}

uint64_t uh_guest_make_room(struct uhttpd_server *server, uint64_t now)
{
    uh_session_t *longest = server->streams; /* every byte that moves puts a stream to the end of the list */
    if (!longest || !uh_server_is_full(server)) {
        server->stuck_since = 0;
        return 0;
    }
    uint64_t stuck = stuck_since(server, now);
    uint64_t due = (stuck > longest->waits_since ? stuck : longest->waits_since) + STALLED_MS;
    if (due > now) {
        return due;
    }
    server->stuck_since = now;
    uh_guest_end(longest, ESP_ERR_UHTTPD_BUSY);
    return now + STALLED_MS; /* its socket comes back when a worker has closed the stream */
}
