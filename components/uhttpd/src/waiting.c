/* SPDX-License-Identifier: MIT */
#include "waiting.h"

#include "io.h"
#include "server.h"

/* --- guest -------------------------------------------------------------------------------------------------------- */

#define STALLED_MS 1000 /* a shorter wait is not cut off, and none is when sockets become free anyway */

#define CROWD_STALLED_MS 100 /* is enough while a crowd is around */

/* A third of the sockets: enough for honest clients on a slow network, and a crowd of half requests only pushes out its
 * own members. */
static unsigned most_heads(const struct uhttpd_server *server)
{
    unsigned third = server->config.max_sockets / 3u;
    return third ? third : 1;
}

static unsigned guests_from_there(const uh_session_t *one, const uh_session_t *list)
{
    unsigned count = 0;
    for (const uh_session_t *session = list; session; session = session->next_guest) {
        count += session->peer == one->peer;
    }
    return count;
}

uh_session_t *uh_guest_of_crowd(uh_session_t *list, const uh_guest_t *guest, unsigned *count)
{
    uh_session_t *found = NULL;
    *count = 0;
    for (uh_session_t *session = list; session; session = session->next_guest) {
        unsigned like = !guest || session->guest == guest ? guests_from_there(session, list) : 0;
        if (like > *count) {
            *count = like;
            found = session;
        }
    }
    return found;
}

/* Of half heads and humble guests. */
static uh_session_t *least_welcome(const struct uhttpd_server *server)
{
    unsigned count;
    bool humble = server->guests->guest->rank == UH_GUEST_HUMBLE;
    return humble ? server->guests : uh_guest_of_crowd(server->guests, NULL, &count);
}

static void guest_on_ready(uh_io_source_t *source, unsigned events)
{
    uh_session_t *session = UH_CONTAINER_OF(source, uh_session_t, io);
    if (events && !session->guest->ready(session)) {
        return;
    }
    if (!source->deadline) { /* also for clients that send a byte now and then */
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
        uh_guest_end(least_welcome(server), ESP_ERR_UHTTPD_BUSY);
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

/* The time since which no socket has become free. */
static uint64_t stuck_since(struct uhttpd_server *server, uint64_t now)
{
    unsigned returned = atomic_load(&server->returned);
    if (returned != server->returned_before || !server->stuck_since) {
        server->returned_before = returned;
        server->stuck_since = now;
    }
    return server->stuck_since;
}

/* @return since when the stream has been in the way */
static uint64_t in_the_way_since(struct uhttpd_server *server, const uh_session_t *stream, uint64_t now)
{
    uint64_t stuck = stuck_since(server, now);
    return stuck > stream->waits_since ? stuck : stream->waits_since;
}

/* @return as uh_guest_make_room() */
static uint64_t end_stalled(struct uhttpd_server *server, uint64_t now)
{
    unsigned count;
    uh_session_t *stream = uh_guest_of_crowd(server->streams, NULL, &count);
    if (!stream) {
        return 0;
    }
    bool crowd = count > server->config.max_sockets / 2u;
    uint64_t due = crowd && uh_crowd_is_around(server) ? stream->waits_since + CROWD_STALLED_MS
                                                       : in_the_way_since(server, stream, now) + STALLED_MS;
    if (due > now) {
        return due;
    }
    server->stuck_since = now;
    uh_crowd_note(server, stream->peer);
    uh_guest_end(stream, ESP_ERR_UHTTPD_BUSY);
    /* Its socket comes back when a worker has closed the stream. All that a crowd has beyond half goes at once, because
     * more of it may stand in the queue before anybody else. */
    return crowd ? now : now + STALLED_MS;
}

/* A lingering close is a courtesy to somebody who has got an answer. @return as uh_guest_make_room() */
static uint64_t end_humble(struct uhttpd_server *server, uint64_t now)
{
    uh_session_t *humble = server->guests;
    if (!humble || humble->guest->rank != UH_GUEST_HUMBLE) {
        return 0;
    }
    uint64_t due = humble->waits_since + (uh_crowd_is_around(server) ? CROWD_STALLED_MS : STALLED_MS);
    if (due > now) {
        return due;
    }
    uh_guest_end(humble, ESP_ERR_UHTTPD_BUSY);
    return now;
}

uint64_t uh_guest_make_room(struct uhttpd_server *server, uint64_t now)
{
    if (!uh_server_is_full(server)) {
        server->stuck_since = 0;
        return 0;
    }
    uint64_t due = end_humble(server, now);
    uint64_t other = end_stalled(server, now);
    return due && (!other || due < other) ? due : other;
}

/* --- keeper ------------------------------------------------------------------------------------------------------- */

/*
 * Keeps sockets free for new connections. While every socket is taken the engine accepts none, because it could only
 * replace connections that may have sent a request a moment ago. So answers then close their connection (dispatch.c),
 * connections that have been idle for a while are closed, and stalled streams give way.
 */

#define SHORTEST_STEP_MS 100
#define IDLE_GRACE_MS 500 /* within which the next request of a busy client is on its way */
#define CROWD_MS 1000     /* how long after the last socket was taken others are still expected */
#define SILENT_MS 250     /* within which the first request of an honest client has come */
#define LONG_WAIT_MS 1000 /* for a worker: then a request may get 503 */

static uint64_t keeper_sooner(uint64_t one, uint64_t other)
{
    return one && (!other || one < other) ? one : other;
}

/* --- idle connections --------------------------------------------------------------------------------------------- */

/* Under lock. A request that has arrived is answered: until it is certain that there is none, the gate waits. */
static void keeper_expire(uh_session_t *session)
{
    uh_session_state_t idle = UH_SESSION_IDLE;
    if (!atomic_compare_exchange_strong(&session->state, &idle, UH_SESSION_EXPIRED)) {
        return;
    }
    if (uh_wire_is_readable(&session->wire)) {
        atomic_store(&session->state, UH_SESSION_IDLE);
    } else {
        uh_wire_shut(&session->wire); /* the engine sees the end of the file, and closes */
    }
}

bool uh_keeper_lets_serve(uh_session_t *session)
{
    uh_session_state_t idle = UH_SESSION_IDLE;
    if (atomic_compare_exchange_strong(&session->state, &idle, UH_SESSION_BUSY)) {
        return true;
    }
    uhttpd_os_lock(session->server->lock);
    idle = UH_SESSION_IDLE;
    bool serves = atomic_compare_exchange_strong(&session->state, &idle, UH_SESSION_BUSY);
    uhttpd_os_unlock(session->server->lock);
    return serves;
}

/* @return when to look again; 0: never */
static uint64_t sweep_idle(struct uhttpd_server *server)
{
    if (!server->config.idle_timeout) {
        return 0;
    }
    uhttpd_os_lock(server->lock);
    uint64_t now = uhttpd_os_now(); /* under the lock: never before any session's last_used */
    for (uh_session_t *session = server->sessions; session; session = session->next) {
        if (now - session->last_used >= server->config.idle_timeout) {
            keeper_expire(session);
        }
    }
    uhttpd_os_unlock(server->lock);
    uint32_t step = server->config.idle_timeout / 4;
    return now + (step < SHORTEST_STEP_MS ? SHORTEST_STEP_MS : step);
}

static bool is_idle(uh_session_t *session)
{
    return atomic_load(&session->state) == UH_SESSION_IDLE && !uh_wire_is_readable(&session->wire);
}

/* Under lock. The list begins with the newest, and time is coarse. */
static uh_session_t *longest_idle(const struct uhttpd_server *server)
{
    uh_session_t *longest = NULL;
    for (uh_session_t *session = server->sessions; session; session = session->next) {
        bool longer = !longest || session->last_used <= longest->last_used;
        if (longer && is_idle(session)) {
            longest = session;
        }
    }
    return longest;
}

/* Under lock. @return whether it was connected long ago, as far as clients go that have something to ask, and did not */
static bool is_silent(uh_session_t *session, uint64_t now)
{
    return session->is_new && now - session->last_used >= SILENT_MS && is_idle(session);
}

/* Under lock. */
static unsigned count_silent(const struct uhttpd_server *server, uint64_t peer, uint64_t now)
{
    unsigned count = 0;
    for (uh_session_t *session = server->sessions; session; session = session->next) {
        count += session->peer == peer && is_silent(session, now);
    }
    return count;
}

/* Under lock. */
static void expire_silent(const struct uhttpd_server *server, uint64_t peer, unsigned count, uint64_t now)
{
    for (uh_session_t *session = server->sessions; session && count; session = session->next) {
        if (session->peer == peer && is_silent(session, now)) {
            keeper_expire(session);
            count--;
        }
    }
}

/* If more than half of the sockets are connections of one address that have never said anything, those beyond half make
 * room. @return as replace_idle() */
static uint64_t replace_silent(struct uhttpd_server *server)
{
    unsigned beyond;
    uint64_t now = uhttpd_os_now();
    uhttpd_os_lock(server->lock);
    const uh_session_t *member = uh_crowd_member(server, &beyond);
    uint64_t peer = member ? member->peer : 0;
    bool silent = member && count_silent(server, peer, now) > server->config.max_sockets / 2u;
    if (silent) {
        expire_silent(server, peer, beyond, now);
    }
    uhttpd_os_unlock(server->lock);
    if (silent) {
        uh_crowd_note(server, peer);
    }
    return member ? now + SILENT_MS : 0;
}

/* Under lock. @return as replace_idle() */
static uint64_t expire_longest(const struct uhttpd_server *server, uint64_t now)
{
    uh_session_t *longest = longest_idle(server);
    uint64_t due = longest ? longest->last_used + IDLE_GRACE_MS : 0;
    if (longest && due <= now) {
        keeper_expire(longest);
        due = now + IDLE_GRACE_MS;
    }
    return due;
}

/* When no socket is left, closes connections that have been idle for longest. @return when to look again; 0: when
 * something changes */
static uint64_t replace_idle(struct uhttpd_server *server)
{
    if (!uh_server_is_crowded(server)) {
        return 0;
    }
    uhttpd_os_lock(server->lock);
    uint64_t due = expire_longest(server, uhttpd_os_now());
    uhttpd_os_unlock(server->lock);
    return keeper_sooner(due, replace_silent(server));
}

/* --- connections that are answered -------------------------------------------------------------------------------- */

void uh_keeper_note_crowd(struct uhttpd_server *server)
{
    atomic_store(&server->crowded_at, (unsigned)uhttpd_os_now());
    uh_io_wake(&server->keeper); /* the next connection should find room */
}

/* Sockets come and go in a crowd. An answer that keeps its connection because one has just become free would have the
 * keeper close that connection in a moment, perhaps when the next request is on its way. */
static bool is_crowd_around(const struct uhttpd_server *server)
{
    unsigned since = (unsigned)uhttpd_os_now() - atomic_load(&server->crowded_at);
    return since < CROWD_MS || uh_server_is_crowded(server);
}

bool uh_keeper_needs_room(struct uhttpd_server *server)
{
    if (!is_crowd_around(server)) {
        return false;
    }
    uhttpd_os_lock(server->lock);
    const uh_session_t *longest = longest_idle(server);
    bool others_go = longest && uhttpd_os_now() - longest->last_used >= IDLE_GRACE_MS;
    uhttpd_os_unlock(server->lock);
    return !others_go;
}

/* --- requests that wait for a worker ------------------------------------------------------------------------------ */

/* Of those of a crowd all that are too many; of others one a second. @return NULL: none */
static uhttpd_job_t *withdraw_job(struct uhttpd_server *server, uint64_t now)
{
    bool crowd = uh_crowd_is_around(server);
    unsigned half = server->config.max_sockets / 2u;
    uhttpd_job_t *job = crowd ? uh_executor_withdraw(&server->executor, CROWD_STALLED_MS, half) : NULL;
    if (!job && now >= server->refused_at + LONG_WAIT_MS) {
        job = uh_executor_withdraw(&server->executor, LONG_WAIT_MS, 0);
        server->refused_at = job ? now : server->refused_at;
    }
    return job;
}

/* Without a free socket, the server cannot even tell others that there is no room. @return as replace_idle() */
static uint64_t refuse_waiting(struct uhttpd_server *server, uint64_t now)
{
    if (!uh_server_is_full(server)) {
        return 0;
    }
    uhttpd_job_t *job = withdraw_job(server, now);
    if (job) {
        job->run(job, true);
    }
    return job ? now : now + SHORTEST_STEP_MS;
}

/* --- spare workers ------------------------------------------------------------------------------------------------ */

#define SPARE_AFTER_MS 100

/* @return as replace_idle() */
static uint64_t call_spare(struct uhttpd_server *server, uint64_t now)
{
    if (!server->executor.watcher || (server->spare_due && now < server->spare_due)) {
        return server->spare_due;
    }
    bool looked = server->spare_due;
    if (looked && uh_executor_is_stuck(&server->executor, SPARE_AFTER_MS)) {
        server->start_spare(server);
    }
    bool waits = !looked || uh_executor_look(&server->executor);
    server->spare_due = waits ? now + SPARE_AFTER_MS : 0;
    return server->spare_due;
}

/* --- the program's own workers ------------------------------------------------------------------------------------- */

/* @return as replace_idle() */
static uint64_t watch_workers(struct uhttpd_server *server, uint64_t now)
{
    const uhttpd_config_t *config = &server->config;
    if (!config->watch) {
        return 0;
    }
    if (now >= server->watch_due) {
        server->watch_due = now + config->watch_period;
        config->watch(config->watch_ctx);
    }
    return server->watch_due;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static void keeper_keep(uh_io_source_t *source, unsigned events)
{
    (void)events;
    struct uhttpd_server *server = UH_CONTAINER_OF(source, struct uhttpd_server, keeper);
    uint64_t when = keeper_sooner(sweep_idle(server), replace_idle(server));
    when = keeper_sooner(when, uh_mailbox_check(server));
    when = keeper_sooner(when, uh_guest_make_room(server, uhttpd_os_now()));
    when = keeper_sooner(when, call_spare(server, uhttpd_os_now()));
    when = keeper_sooner(when, watch_workers(server, uhttpd_os_now()));
    source->deadline = keeper_sooner(when, refuse_waiting(server, uhttpd_os_now()));
}

void uh_keeper_start(struct uhttpd_server *server)
{
    atomic_store(&server->crowded_at, (unsigned)uhttpd_os_now() - CROWD_MS);
    server->keeper = (uh_io_source_t) {.fd = -1, .ready = keeper_keep};
    uh_io_add(&server->keeper);
    keeper_keep(&server->keeper, 0);
}

void uh_keeper_stop(struct uhttpd_server *server)
{
    uh_io_remove(&server->keeper);
}
