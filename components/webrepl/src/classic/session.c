/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "holder.h"
#include "terminal/terminal.h"
#include "classic/transfer.h"
#include "webrepl.h"

/* Deployed clients compare these frames as a whole. */
static const char s_prompt[] = "Password: ";
static const char s_connected[] = "\r\nWebREPL connected\r\n>>> ";
static const char s_denied[] = "\r\nAccess denied\r\n";

static void classic_session_send_text(wr_session_t *session, const char *text)
{
    uhttpd_ws_send(session->ws, UHTTPD_WS_TEXT, text, strlen(text));
}

/* Old clients take "colon, space" for the password prompt, and a single colon for a broken one, so the text must not
 * contain any. */
static void classic_session_refuse(wr_session_t *session)
{
    char address[46], reason[WR_REASON_MAX + 1], text[WR_REASON_MAX + 5];
    snprintf(address, sizeof address, "%s", uhttpd_ws_remote(wr_holder()->ws));
    for (char *colon = strchr(address, ':'); colon != NULL; colon = strchr(colon, ':')) {
        *colon = '-';
    }
    unsigned long seconds = (unsigned long)(wr_holder_since() / 1000);
    snprintf(reason, sizeof reason, "WebREPL is in use by %s since %lu s", address, seconds);
    snprintf(text, sizeof text, "\r\n%s\r\n", reason);
    classic_session_send_text(session, text);
    wr_session_close(session, WEBREPL_CLOSE_BUSY, reason);
}

static void classic_session_enter(wr_session_t *session)
{
    if (wr_holder_is_taken()) {
        classic_session_refuse(session);
        return;
    }
    wr_holder_take(session);
    classic_session_send_text(session, s_connected);
    wr_transfer_attach(session->ws);
    wr_terminal_attach(session->ws, false);
}

static bool classic_session_open_session(wr_session_t *session)
{
    if (wr_holder_is_taken()) {
        classic_session_refuse(session);
    } else if (session->door->open) {
        wr_session_judge(session);
    } else {
        wr_login_init(&session->login, session->door->password);
        classic_session_send_text(session, s_prompt);
    }
    return true;
}

static size_t classic_session_input_password(wr_session_t *session, const uint8_t *data, size_t len)
{
    uint8_t end;
    size_t used = wr_login_input(&session->login, data, len, &end);
    if (end != 0) {
        session->after_cr = end == '\r';
        wr_session_judge(session);
    }
    return used;
}

static size_t input_holder(wr_session_t *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len)
{
    bool after_cr = session->after_cr;
    session->after_cr = false;
    if (after_cr && data[0] == '\n') {
        return 1;
    }
    return type == UHTTPD_WS_TEXT ? wr_terminal_input(data, len) : wr_transfer_input(data, len);
}

static size_t input_some(wr_session_t *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len)
{
    switch (session->phase) {
    case WR_PHASE_LOGIN:
        return classic_session_input_password(session, data, len);
    case WR_PHASE_IN:
        return input_holder(session, type, data, len);
    case WR_PHASE_CLOSING:
        return len;
    default:
        return 0;
    }
}

/* The borders of messages have no meaning in this edition. */
static size_t classic_session_input(wr_session_t *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len,
                                    bool final)
{
    (void) final;
    size_t taken = 0, piece = 1;
    while (taken < len && piece > 0) {
        piece = input_some(session, type, data + taken, len - taken);
        taken += piece;
    }
    return taken;
}

static bool classic_session_is_right(const wr_session_t *session)
{
    return wr_login_right(&session->login);
}

static void classic_session_deny(wr_session_t *session)
{
    classic_session_send_text(session, s_denied);
}

static void classic_session_serve(wr_session_t *session, uint64_t now)
{
    wr_transfer_run();
    uhttpd_ws_deadline(session->ws, wr_terminal_output(now));
}

static void classic_session_lose_terminal(wr_session_t *session)
{
    (void)session;
    wr_transfer_detach();
    wr_terminal_detach();
}

static void classic_session_end(wr_session_t *session)
{
    (void)session;
}

const wr_edition_t wr_classic_edition = {
    .open = classic_session_open_session,
    .input = classic_session_input,
    .is_right = classic_session_is_right,
    .enter = classic_session_enter,
    .deny = classic_session_deny,
    .serve = classic_session_serve,
    .lose_terminal = classic_session_lose_terminal,
    .end = classic_session_end,
};
