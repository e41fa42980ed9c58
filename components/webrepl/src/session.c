/* SPDX-License-Identifier: MIT */
#include "session.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "esp_log.h"
#include "login.h"
#include "terminal.h"
#include "transfer.h"
#include "uhttpd_os.h"
#include "webrepl.h"

static const char *TAG = "webrepl";

/* Deployed clients compare these frames as a whole. */
static const char s_prompt[] = "Password: ";
static const char s_connected[] = "\r\nWebREPL connected\r\n>>> ";
static const char s_denied[] = "\r\nAccess denied\r\n";

typedef enum {
    FREE,
    LOGIN,   /* the password is coming */
    WAITS,   /* it has come; the gate is closed */
    DENIED,  /* it was wrong; that is said when the gate opens */
    HOLDS,   /* the terminal */
    CLOSING, /* closed by us, until the peer agrees */
} phase_t;

typedef struct {
    phase_t phase;
    uhttpd_ws_t *ws;
    const wr_door_t *door;
    wr_login_t login;
    uint64_t due;   /* LOGIN: the end of patience; DENIED: when to say so */
    uint64_t since; /* HOLDS */
    uint32_t turn;  /* WAITS: the lowest is judged next */
    bool after_cr;  /* HOLDS: a line feed that comes next belongs to the password */
    bool paused;    /* input was not taken */
} session_t;

/* Those that log in, the holder, and some whose peers are slow to agree that it is over. All is the I/O task's. */
static session_t s_sessions[WR_LOGINS_MAX + 3];
static session_t *s_holder;
static wr_gate_t s_gate;
static uint32_t s_next_turn;

static _Atomic uint32_t s_login_timeout;

void wr_session_set_login_timeout(uint32_t login_timeout_ms)
{
    atomic_store(&s_login_timeout, login_timeout_ms);
}

/* Endings */

/* Whatever the session held is free from now on, even if its peer is slow to agree that it is over. */
static void let_go(session_t *session)
{
    if (s_holder == session) {
        s_holder = NULL;
        wr_transfer_detach();
        wr_terminal_detach();
        ESP_LOGI(TAG, "the session of %s has ended", uhttpd_ws_remote(session->ws));
    }
}

static void close_session(session_t *session, uint16_t code, const char *reason)
{
    let_go(session);
    session->phase = CLOSING;
    uhttpd_ws_close(session->ws, code, reason);
}

static void send_text(uhttpd_ws_t *ws, const char *text)
{
    uhttpd_ws_send(ws, UHTTPD_WS_TEXT, text, strlen(text));
}

/* Old clients take "colon, space" for the password prompt and a lone colon for a broken one: there must be none. */
static void tell_who_holds(uhttpd_ws_t *ws, char reason[WR_REASON_MAX + 1])
{
    char address[46], text[WR_REASON_MAX + 5];
    snprintf(address, sizeof address, "%s", uhttpd_ws_remote(s_holder->ws));
    for (char *colon = strchr(address, ':'); colon != NULL; colon = strchr(colon, ':')) {
        *colon = '-';
    }
    unsigned long seconds = (unsigned long)((uhttpd_os_now() - s_holder->since) / 1000);
    snprintf(reason, WR_REASON_MAX + 1, "WebREPL is in use by %s since %lu s", address, seconds);
    snprintf(text, sizeof text, "\r\n%s\r\n", reason);
    send_text(ws, text);
}

/* Login */

/* A holder that answers no ping may be dead: it is worth no more than a client that is there and knows the password. */
static bool is_taken(void)
{
    return s_holder != NULL && !uhttpd_ws_silent(s_holder->ws);
}

static void hold_terminal(session_t *session)
{
    if (is_taken()) {
        char reason[WR_REASON_MAX + 1];
        tell_who_holds(session->ws, reason);
        close_session(session, WEBREPL_CLOSE_BUSY, reason);
        return;
    }
    if (s_holder != NULL) {
        close_session(s_holder, WEBREPL_CLOSE_TAKEN_OVER, "silent, and somebody else has logged in");
    }
    ESP_LOGI(TAG, "%s holds the terminal", uhttpd_ws_remote(session->ws));
    s_holder = session;
    session->phase = HOLDS;
    session->since = uhttpd_os_now();
    send_text(session->ws, s_connected);
    wr_transfer_attach(session->ws);
    wr_terminal_attach(session->ws);
    uhttpd_ws_wake(session->ws); /* to go on with input that came with the password */
}

static void judge(session_t *session, uint64_t now)
{
    if (wr_login_right(&session->login)) {
        wr_gate_right(&s_gate);
        hold_terminal(session);
        return;
    }
    ESP_LOGW(TAG, "wrong password from %s", uhttpd_ws_remote(session->ws));
    session->phase = DENIED;
    session->due = wr_gate_wrong(&s_gate, now);
    uhttpd_ws_deadline(session->ws, session->due);
}

static session_t *next_to_judge(void)
{
    session_t *next = NULL;
    for (size_t i = 0; i < sizeof s_sessions / sizeof *s_sessions; i++) {
        session_t *session = &s_sessions[i];
        if (session->phase == WAITS && (next == NULL || (int32_t)(session->turn - next->turn) < 0)) {
            next = session;
        }
    }
    return next;
}

/* Whoever's deadline comes first works for all: tries are judged in the order in which they came. */
static void judge_all(uint64_t now)
{
    session_t *session;
    while (wr_gate_is_open(&s_gate, now) && (session = next_to_judge()) != NULL) {
        judge(session, now);
    }
    for (size_t i = 0; i < sizeof s_sessions / sizeof *s_sessions; i++) {
        if (s_sessions[i].phase == WAITS) {
            uhttpd_ws_deadline(s_sessions[i].ws, s_gate.open_at);
        }
    }
}

static size_t input_password(session_t *session, const uint8_t *data, size_t len)
{
    uint8_t end;
    size_t used = wr_login_input(&session->login, data, len, &end);
    if (end != 0) {
        session->after_cr = end == '\r';
        session->phase = WAITS;
        session->turn = s_next_turn++;
        judge_all(uhttpd_os_now());
    }
    return used;
}

/* The holder */

static size_t input_holder(session_t *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len)
{
    bool after_cr = session->after_cr;
    session->after_cr = false;
    if (after_cr && data[0] == '\n') {
        return 1;
    }
    return type == UHTTPD_WS_TEXT ? wr_terminal_input(data, len) : wr_transfer_input(data, len);
}

static void serve_holder(session_t *session, uint64_t now)
{
    wr_transfer_run();
    uhttpd_ws_deadline(session->ws, wr_terminal_output(now));
    uint16_t code;
    char reason[WR_REASON_MAX + 1];
    if (wr_terminal_take_close(&code, reason)) {
        close_session(session, code, reason);
    }
}

/* The WebSocket's callbacks */

static session_t *admit(uhttpd_ws_t *ws, const wr_door_t *door)
{
    session_t *free = NULL;
    unsigned logins = 0;
    for (size_t i = 0; i < sizeof s_sessions / sizeof *s_sessions; i++) {
        phase_t phase = s_sessions[i].phase;
        free = phase == FREE ? &s_sessions[i] : free;
        logins += phase == LOGIN || phase == WAITS || phase == DENIED;
    }
    if (free == NULL || logins >= WR_LOGINS_MAX) {
        return NULL;
    }
    *free = (session_t) {.phase = LOGIN, .ws = ws, .door = door};
    return free;
}

/* A session that is refused has no context: nothing that it sends matters. */
static void *refuse(uhttpd_ws_t *ws)
{
    char reason[WR_REASON_MAX + 1] = "too many logins";
    if (is_taken()) {
        tell_who_holds(ws, reason);
    }
    uhttpd_ws_close(ws, WEBREPL_CLOSE_BUSY, reason);
    return NULL;
}

static void *on_open(uhttpd_ws_t *ws, void *ctx)
{
    const wr_door_t *door = ctx;
    session_t *session = is_taken() ? NULL : admit(ws, door);
    if (session == NULL) {
        return refuse(ws);
    }
    if (door->open) {
        hold_terminal(session);
        return session;
    }
    wr_login_init(&session->login, door->password);
    session->due = uhttpd_os_now() + atomic_load(&s_login_timeout);
    send_text(ws, s_prompt);
    uhttpd_ws_deadline(ws, session->due);
    return session;
}

static size_t input(session_t *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len)
{
    switch (session->phase) {
    case LOGIN:
        return input_password(session, data, len);
    case HOLDS:
        return input_holder(session, type, data, len);
    case CLOSING:
        return len;
    default:
        return 0;
    }
}

static size_t on_data(uhttpd_ws_t *ws, void *ctx, uhttpd_ws_type_t type, const uint8_t *data, size_t len, bool final)
{
    (void)ws, (void) final; /* borders of messages mean nothing in this protocol */
    session_t *session = ctx;
    if (session == NULL) {
        return len;
    }
    size_t taken = 0, piece = 1;
    while (taken < len && piece > 0) {
        piece = input(session, type, data + taken, len - taken);
        taken += piece;
    }
    session->paused = taken < len;
    return taken;
}

static void on_ready(uhttpd_ws_t *ws, void *ctx)
{
    session_t *session = ctx;
    if (session == NULL) {
        return;
    }
    uint64_t now = uhttpd_os_now();
    switch (session->phase) {
    case LOGIN:
        if (now >= session->due) {
            close_session(session, UHTTPD_WS_POLICY, "no password has come in time");
        }
        break;
    case DENIED:
        if (now >= session->due) {
            send_text(ws, s_denied);
            close_session(session, UHTTPD_WS_POLICY, "access denied");
        }
        break;
    case WAITS:
        judge_all(now);
        break;
    case HOLDS:
        serve_holder(session, now);
        break;
    default:
        break;
    }
    if (session->paused) {
        session->paused = false;
        uhttpd_ws_resume(ws);
    }
}

static void on_closed(uhttpd_ws_t *ws, void *ctx, uint16_t code)
{
    (void)ws, (void)code;
    session_t *session = ctx;
    if (session != NULL) {
        let_go(session);
        session->phase = FREE;
    }
}

const uhttpd_ws_events_t wr_session_events = {
    .open = on_open,
    .data = on_data,
    .ready = on_ready,
    .closed = on_closed,
};
