/* SPDX-License-Identifier: MIT */
#include "session.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "esp_log.h"
#include "holder.h"
#include "terminal/terminal.h"
#include "uhttpd_os.h"
#include "webrepl.h"

static const char *TAG = "webrepl";

#define CLOSING_MAX 2 /* sessions whose peers are slow to confirm the end */

static wr_session_t *s_sessions;
static size_t s_count; /* those that log in, those that are in, the classic holder, and some that close */
static wr_gate_t s_gate;
static uint32_t s_next_turn;
static unsigned s_max_sessions;

static _Atomic uint32_t s_login_timeout;

esp_err_t wr_session_init(unsigned max_sessions)
{
    s_count = WR_LOGINS_MAX + max_sessions + 1 + CLOSING_MAX;
    s_sessions = calloc(s_count, sizeof *s_sessions);
    s_max_sessions = max_sessions;
    return s_sessions != NULL ? ESP_OK : ESP_ERR_NO_MEM;
}

void wr_session_set_login_timeout(uint32_t login_timeout_ms)
{
    atomic_store(&s_login_timeout, login_timeout_ms);
}

unsigned wr_session_count(const wr_edition_t *edition)
{
    unsigned count = 0;
    for (size_t i = 0; i < s_count; i++) {
        count += s_sessions[i].phase == WR_PHASE_IN && s_sessions[i].edition == edition;
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
    for (size_t i = 0; i < s_count; i++) {
        if (s_sessions[i].phase == WR_PHASE_IN) {
            wr_session_close(&s_sessions[i], code, reason);
        }
    }
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
        wr_gate_right(&s_gate);
        let_in(session);
        return;
    }
    ESP_LOGW(TAG, "wrong password from %s", uhttpd_ws_remote(session->ws));
    session->phase = WR_PHASE_DENIED;
    session->due = wr_gate_wrong(&s_gate, now);
    uhttpd_ws_deadline(session->ws, session->due);
}

static wr_session_t *next_to_judge(void)
{
    wr_session_t *next = NULL;
    for (size_t i = 0; i < s_count; i++) {
        wr_session_t *session = &s_sessions[i];
        if (session->phase == WR_PHASE_WAITS && (next == NULL || (int32_t)(session->turn - next->turn) < 0)) {
            next = session;
        }
    }
    return next;
}

/* The session with the earliest deadline serves all: attempts are judged in the order of their arrival. */
static void judge_all(uint64_t now)
{
    wr_session_t *session;
    while (wr_gate_is_open(&s_gate, now) && (session = next_to_judge()) != NULL) {
        repl_session_judge(session, now);
    }
    for (size_t i = 0; i < s_count; i++) {
        if (s_sessions[i].phase == WR_PHASE_WAITS) {
            uhttpd_ws_deadline(s_sessions[i].ws, s_gate.open_at);
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

/* The WebSocket's callbacks */

static bool logs_in(wr_phase_t phase)
{
    return phase == WR_PHASE_LOGIN || phase == WR_PHASE_WAITS || phase == WR_PHASE_DENIED;
}

static wr_session_t *repl_session_admit(uhttpd_ws_t *ws, const wr_door_t *door)
{
    wr_session_t *free = NULL;
    unsigned logins = 0;
    for (size_t i = 0; i < s_count; i++) {
        free = s_sessions[i].phase == WR_PHASE_FREE ? &s_sessions[i] : free;
        logins += logs_in(s_sessions[i].phase);
    }
    if (free == NULL || logins >= WR_LOGINS_MAX) {
        uhttpd_ws_close(ws, WEBREPL_CLOSE_BUSY, "too many logins");
        return NULL;
    }
    *free = (wr_session_t) {
        .phase = WR_PHASE_LOGIN,
        .edition = uhttpd_ws_subprotocol(ws) != NULL ? &wr_second_edition : &wr_classic_edition,
        .ws = ws,
        .door = door,
        .due = uhttpd_os_now() + atomic_load(&s_login_timeout),
    };
    return free;
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
        session->phase = WR_PHASE_FREE;
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
        session->phase = WR_PHASE_FREE;
    }
}

const uhttpd_ws_events_t wr_session_events = {
    .open = repl_session_on_open,
    .data = repl_session_on_data,
    .ready = repl_session_on_ready,
    .closed = repl_session_on_closed,
};
