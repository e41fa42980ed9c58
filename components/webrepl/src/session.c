/* SPDX-License-Identifier: MIT */
#include "session.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "esp_log.h"
#include "holder.h"
#include "terminal/terminal.h"
#include "uhttpd_guesses.h"
#include "uhttpd_os.h"
#include "webrepl.h"

static const char *TAG = "webrepl";

static wr_session_t *s_sessions; /* the newest first */
static uint32_t s_next_turn;
static unsigned s_max_sessions;

static _Atomic uint32_t s_login_timeout;

void wr_session_init(unsigned max_sessions)
{
    s_max_sessions = max_sessions;
}

void wr_session_set_login_timeout(uint32_t login_timeout_ms)
{
    atomic_store(&s_login_timeout, login_timeout_ms);
}

unsigned wr_session_count(const wr_edition_t *edition)
{
    unsigned count = 0;
    for (const wr_session_t *session = s_sessions; session != NULL; session = session->next) {
        count += session->phase == WR_PHASE_IN && session->edition == edition;
    }
    return count;
}

/* Endings */

void wr_session_close(wr_session_t *session, uint16_t code, const char *reason)
{
    wr_holder_leave(session);
    session->phase = WR_PHASE_CLOSING;
    session->edition->end(session);
    uhttpd_ws_close(session->ws, code, reason);
}

void wr_session_close_all(uint16_t code, const char *reason)
{
    for (wr_session_t *session = s_sessions; session != NULL; session = session->next) {
        if (session->phase == WR_PHASE_IN) {
            wr_session_close(session, code, reason);
        }
    }
}

static void repl_session_free(wr_session_t *session)
{
    wr_session_t **link = &s_sessions;
    while (*link != session) {
        link = &(*link)->next;
    }
    *link = session->next;
    free(session);
}

/* Login */

static void let_in(wr_session_t *session)
{
    if (session->edition == &wr_second_edition && wr_session_count(session->edition) >= s_max_sessions) {
        wr_session_close(session, WEBREPL_CLOSE_BUSY, "too many sessions");
        return;
    }
    session->phase = WR_PHASE_IN;
    session->edition->enter(session);
    uhttpd_ws_wake(session->ws); /* to go on with input that came with the password */
}

static void repl_session_judge(wr_session_t *session, uint64_t now)
{
    if (session->door->open || session->edition->is_right(session)) {
        uhttpd_guesses_right(session->from);
        let_in(session);
        return;
    }
    ESP_LOGW(TAG, "wrong password from %s", uhttpd_ws_remote(session->ws));
    session->phase = WR_PHASE_DENIED;
    session->due = now + uhttpd_guesses_wrong(session->from);
    uhttpd_ws_deadline(session->ws, session->due);
}

static bool may_be_judged(const wr_session_t *session)
{
    return session->phase == WR_PHASE_WAITS && !uhttpd_guesses_wait(session->from);
}

static wr_session_t *next_to_judge(void)
{
    wr_session_t *next = NULL;
    for (wr_session_t *session = s_sessions; session != NULL; session = session->next) {
        if (may_be_judged(session) && (next == NULL || (int32_t)(session->turn - next->turn) < 0)) {
            next = session;
        }
    }
    return next;
}

/* The session with the earliest deadline serves all: attempts from one address are judged in the order of their arrival. */
static void judge_all(uint64_t now)
{
    wr_session_t *session;
    while ((session = next_to_judge()) != NULL) {
        repl_session_judge(session, now);
    }
    for (session = s_sessions; session != NULL; session = session->next) {
        if (session->phase == WR_PHASE_WAITS) {
            uhttpd_ws_deadline(session->ws, now + uhttpd_guesses_wait(session->from));
        }
    }
}

void wr_session_judge(wr_session_t *session)
{
    if (session->door->open) {
        let_in(session);
        return;
    }
    session->phase = WR_PHASE_WAITS;
    session->turn = s_next_turn++;
    judge_all(uhttpd_os_now());
}

/* Places for logins. Addresses from which a right password has come go before others, so that strangers, however many,
 * do not keep their owners out. Otherwise addresses share the places evenly. */

static bool logs_in(wr_phase_t phase)
{
    return phase == WR_PHASE_LOGIN || phase == WR_PHASE_WAITS || phase == WR_PHASE_DENIED;
}

static unsigned count_logins(void)
{
    unsigned logins = 0;
    for (const wr_session_t *session = s_sessions; session != NULL; session = session->next) {
        logins += logs_in(session->phase);
    }
    return logins;
}

/* How many places an address would have with the newcomer. */
static unsigned login_share(uint64_t from, uint64_t newcomer)
{
    unsigned logins = from == newcomer;
    for (const wr_session_t *session = s_sessions; session != NULL; session = session->next) {
        logins += logs_in(session->phase) && session->from == from;
    }
    return logins;
}

/* Those give way first whose address has most places; among them a wrong password, then silence, the oldest first. A
 * password that was not judged may be right, so the last to come gives way. */
static bool yields_before(const wr_session_t *older, const wr_session_t *newer, uint64_t newcomer)
{
    unsigned share = login_share(older->from, newcomer), other = login_share(newer->from, newcomer);
    if (older->is_known != newer->is_known) {
        return newer->is_known;
    }
    if (share != other) {
        return share > other;
    }
    if (older->phase != newer->phase) {
        return older->phase == WR_PHASE_DENIED || newer->phase == WR_PHASE_WAITS;
    }
    return older->phase != WR_PHASE_WAITS;
}

static wr_session_t *first_to_yield(uint64_t newcomer)
{
    wr_session_t *first = NULL;
    for (wr_session_t *session = s_sessions; session != NULL; session = session->next) {
        if (logs_in(session->phase) && (first == NULL || yields_before(session, first, newcomer))) {
            first = session;
        }
    }
    return first;
}

static bool make_login_place(uint64_t newcomer)
{
    if (count_logins() < WR_LOGINS_MAX) {
        return true;
    }
    wr_session_t *first = first_to_yield(newcomer);
    bool is_known = uhttpd_guesses_knows(newcomer);
    bool comes_second = first->is_known == is_known ? first->phase == WR_PHASE_WAITS : first->is_known;
    if (comes_second && login_share(first->from, newcomer) <= login_share(newcomer, newcomer)) {
        return false;
    }
    wr_session_close(first, WEBREPL_CLOSE_BUSY, "too many logins");
    return true;
}

/* The WebSocket's callbacks */

static wr_session_t *repl_session_admit(uhttpd_ws_t *ws, const wr_door_t *door)
{
    uint64_t from = uhttpd_guesses_from(uhttpd_ws_remote(ws));
    if (!make_login_place(from)) {
        uhttpd_ws_close(ws, WEBREPL_CLOSE_BUSY, "too many logins");
        return NULL;
    }
    wr_session_t *session = malloc(sizeof *session);
    if (session == NULL) {
        uhttpd_ws_close(ws, UHTTPD_WS_TRY_AGAIN, "no memory");
        return NULL;
    }
    *session = (wr_session_t) {
        .next = s_sessions,
        .phase = WR_PHASE_LOGIN,
        .from = from,
        .is_known = uhttpd_guesses_knows(from),
        .edition = uhttpd_ws_subprotocol(ws) != NULL ? &wr_second_edition : &wr_classic_edition,
        .ws = ws,
        .door = door,
        .due = uhttpd_os_now() + atomic_load(&s_login_timeout),
    };
    s_sessions = session;
    return session;
}

/* A refused session has no context, because nothing that it sends matters. */
static void *repl_session_on_open(uhttpd_ws_t *ws, void *ctx)
{
    wr_session_t *session = repl_session_admit(ws, ctx);
    if (session == NULL) {
        return NULL;
    }
    uhttpd_ws_deadline(ws, session->due);
    if (!session->edition->open(session)) {
        wr_session_close(session, UHTTPD_WS_TRY_AGAIN, "no memory");
    }
    if (session->phase == WR_PHASE_CLOSING) { /* it was refused, and does not count */
        repl_session_free(session);
        return NULL;
    }
    return session;
}

static size_t repl_session_on_data(uhttpd_ws_t *ws, void *ctx, uhttpd_ws_type_t type, const uint8_t *data, size_t len,
                                   bool final)
{
    (void)ws;
    wr_session_t *session = ctx;
    if (session == NULL || session->phase == WR_PHASE_CLOSING) {
        return len;
    }
    size_t taken = session->edition->input(session, type, data, len, final);
    session->paused = taken < len || taken == UHTTPD_WS_LATER;
    return taken;
}

/* After the output that has just been sent. */
static void close_if_told(wr_session_t *session)
{
    uint16_t code;
    char reason[WR_REASON_MAX + 1];
    if (wr_holder() == session && wr_terminal_take_close(&code, reason)) {
        wr_session_close(session, code, reason);
    }
}

static void repl_session_on_ready(uhttpd_ws_t *ws, void *ctx)
{
    wr_session_t *session = ctx;
    if (session == NULL) {
        return;
    }
    uint64_t now = uhttpd_os_now();
    switch (session->phase) {
    case WR_PHASE_LOGIN:
        if (now >= session->due) {
            wr_session_close(session, UHTTPD_WS_POLICY, "no password has come in time");
        }
        break;
    case WR_PHASE_DENIED:
        if (now >= session->due) {
            session->edition->deny(session);
            wr_session_close(session, UHTTPD_WS_POLICY, "access denied");
        }
        break;
    case WR_PHASE_WAITS:
        judge_all(now);
        break;
    case WR_PHASE_IN:
        session->edition->serve(session, now);
        close_if_told(session);
        break;
    default:
        break;
    }
    if (session->paused) {
        session->paused = false;
        uhttpd_ws_resume(ws);
    }
}

static void repl_session_on_closed(uhttpd_ws_t *ws, void *ctx, uint16_t code)
{
    (void)ws, (void)code;
    wr_session_t *session = ctx;
    if (session != NULL) {
        wr_holder_leave(session);
        session->edition->end(session);
        repl_session_free(session);
    }
}

const uhttpd_ws_events_t wr_session_events = {
    .open = repl_session_on_open,
    .data = repl_session_on_data,
    .ready = repl_session_on_ready,
    .closed = repl_session_on_closed,
};
