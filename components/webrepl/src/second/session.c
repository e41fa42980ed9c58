/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "errcode.h"
#include "holder.h"
#include "second/operations.h"
#include "second/reply.h"
#include "terminal/terminal.h"
#include "classic/transfer.h"
#include "uhttpd_digest.h"
#include "uhttpd_os.h"
#include "uhttpd_random.h"
#include "webrepl.h"

#define ADDRESS_MAX 64    /* bytes of a peer's address */
#define TERMINAL_ROOM 256 /* bytes of the send buffer that files leave to the terminal */
#define REPLY_MAX (WR_RESULT_SIZE + WR_HOLDER_RECORD_SIZE + ADDRESS_MAX)

_Static_assert(REPLY_MAX >= WR_RESULT_SIZE + UHTTPD_SHA256_SIZE + 4 && REPLY_MAX >= WR_HELLO_SIZE,
               "room for all replies");

struct wr_second {
    wr_reader_t reader;
    uint16_t login; /* the operation */
    uint8_t server_nonce[WR_NONCE_SIZE], client_nonce[WR_NONCE_SIZE], proof[UHTTPD_SHA256_SIZE];
    wr_operation_t *operations;
    wr_watcher_t watcher;
    bool watches;
    size_t reply_len; /* 0: none waits for room */
    uint8_t reply[REPLY_MAX];
};

static unsigned s_watchers;

/* Replies: nothing is taken from the client while one waits for room. */

static bool send_reply(wr_session_t *session)
{
    wr_second_t *second = session->second;
    if (second->reply_len > 0 && uhttpd_ws_send(session->ws, UHTTPD_WS_BINARY, second->reply, second->reply_len)) {
        second->reply_len = 0;
    }
    return second->reply_len == 0;
}

static void second_session_reply(wr_session_t *session, uint16_t id, uint16_t code, size_t value_len)
{
    wr_second_t *second = session->second;
    second->reply_len = wr_reply_result(second->reply, id, code) + value_len;
    send_reply(session);
}

static uint8_t *reply_value(wr_session_t *session)
{
    return session->second->reply + WR_RESULT_SIZE;
}

/* Login */

static bool second_session_open_session(wr_session_t *session)
{
    wr_second_t *second = calloc(1, sizeof *second);
    if (second == NULL || !uhttpd_random_key(second->server_nonce, sizeof second->server_nonce)) {
        free(second);
        return false;
    }
    session->second = second;
    wr_hello_t hello = {
        .auth = !session->door->open,
        .max_operations = wr_operations_max(),
        .features = (uint16_t)(wr_terminal_features() | (wr_operations_has_storage() ? WR_FEATURE_FILES : 0)),
        .iterations = session->door->open ? 0 : WR_ITERATIONS,
        .early = wr_operations_early(),
        .salt = session->door->key.salt,
        .nonce = second->server_nonce,
    };
    second->reply_len = wr_reply_hello(second->reply, &hello);
    send_reply(session);
    return true;
}

static void second_session_login(wr_session_t *session, const wr_request_t *request, uint16_t code)
{
    if (request->type != WR_LOGIN || request->id == 0 || code != WR_CODE_OK) {
        wr_session_close(session, UHTTPD_WS_PROTOCOL_ERROR, "no login");
        return;
    }
    wr_second_t *second = session->second;
    second->login = request->id;
    memcpy(second->client_nonce, request->nonce, sizeof second->client_nonce);
    memcpy(second->proof, request->proof, sizeof second->proof);
    wr_session_judge(session);
}

static bool second_session_is_right(const wr_session_t *session)
{
    const wr_second_t *second = session->second;
    uint8_t proof[UHTTPD_SHA256_SIZE];
    return wr_proof(&session->door->key, false, second->server_nonce, second->client_nonce, proof) &&
           wr_proof_equal(proof, second->proof);
}

static void second_session_enter(wr_session_t *session)
{
    wr_second_t *second = session->second;
    uint8_t *value = reply_value(session);
    memset(value, 0, UHTTPD_SHA256_SIZE + 4);
    if (!session->door->open) {
        wr_proof(&session->door->key, true, second->server_nonce, second->client_nonce, value);
    }
    wr_transfer_get_version(value + UHTTPD_SHA256_SIZE);
    uhttpd_ws_deadline(session->ws, 0);
    second_session_reply(session, second->login, WR_CODE_OK, UHTTPD_SHA256_SIZE + 4);
}

static void second_session_deny(wr_session_t *session)
{
    second_session_reply(session, session->second->login, WR_CODE_EACCES, 0);
}

/* The terminal */

static bool second_session_holds(const wr_session_t *session)
{
    return wr_holder() == session;
}

static size_t put_holder(uint8_t *out)
{
    const wr_session_t *holder = wr_holder();
    wr_holder_record_t record = {.watchers = (uint8_t)s_watchers};
    char address[ADDRESS_MAX + 1] = "";
    if (holder != NULL) {
        snprintf(address, sizeof address, "%s", uhttpd_ws_remote(holder->ws));
        record.held = true;
        record.silent = uhttpd_ws_silent(holder->ws);
        record.classic = holder->edition == &wr_classic_edition;
        record.since = (uint32_t)(wr_holder_since() / 1000);
        record.address = address;
    }
    return wr_record_holder(out, &record);
}

static void second_session_hold(wr_session_t *session, const wr_request_t *request)
{
    wr_holder_take(session);
    wr_terminal_attach(session->ws, true);
    wr_terminal_resize(request->columns, request->rows);
    wr_terminal_credit(request->credit);
    uint32_t credit = wr_terminal_grant();
    wr_terminal_granted(credit);
    wr_put32(reply_value(session), credit);
    second_session_reply(session, request->id, WR_CODE_OK, 4);
}

static void second_session_watch(wr_session_t *session, const wr_request_t *request)
{
    wr_terminal_watch(&session->second->watcher, session->ws, 0);
    wr_terminal_watcher_credit(&session->second->watcher, request->credit);
    session->second->watches = true;
    s_watchers++;
    wr_put32(reply_value(session), 0);
    second_session_reply(session, request->id, WR_CODE_OK, 4);
}

static void second_session_unwatch(wr_session_t *session)
{
    if (session->second->watches) {
        session->second->watches = false;
        s_watchers--;
        wr_terminal_unwatch(&session->second->watcher);
    }
}

static void second_session_attach(wr_session_t *session, const wr_request_t *request)
{
    if (second_session_holds(session) || session->second->watches) {
        second_session_reply(session, request->id, WR_CODE_EINVAL, 0);
    } else if (request->flags & WR_ATTACH_WATCH) {
        second_session_watch(session, request);
    } else if (wr_holder_is_taken() && !(request->flags & WR_ATTACH_TAKEOVER)) {
        second_session_reply(session, request->id, WR_CODE_EBUSY, put_holder(reply_value(session)));
    } else {
        second_session_hold(session, request);
    }
}

static void second_session_detach(wr_session_t *session, const wr_request_t *request)
{
    bool attached = second_session_holds(session) || session->second->watches;
    wr_holder_leave(session);
    second_session_unwatch(session);
    second_session_reply(session, request->id, attached ? WR_CODE_OK : WR_CODE_EINVAL, 0);
}

static void second_session_interrupt(wr_session_t *session, const wr_request_t *request)
{
    uint16_t code = WR_CODE_EPERM;
    if (second_session_holds(session)) {
        code = wr_terminal_interrupt(request->flags & WR_INTERRUPT_DISCARD) ? WR_CODE_OK : WR_CODE_EAGAIN;
    }
    second_session_reply(session, request->id, code, 0);
}

static void second_session_reset(wr_session_t *session, const wr_request_t *request)
{
    bool hard = request->flags & WR_RESET_HARD;
    uint16_t feature = hard ? WR_FEATURE_HARD_RESET : WR_FEATURE_SOFT_RESET;
    bool possible = (wr_terminal_features() & feature) != 0;
    uint16_t code = !second_session_holds(session) ? WR_CODE_EPERM : possible ? WR_CODE_OK : WR_CODE_EOPNOTSUPP;
    second_session_reply(session, request->id, code, 0);
    if (code != WR_CODE_OK) {
        return;
    }
    if (hard) {
        wr_session_close_all(UHTTPD_WS_SERVICE_RESTART, "the board starts again");
    }
    wr_terminal_reset(hard);
}

static void second_session_lose_terminal(wr_session_t *session)
{
    (void)session;
    wr_terminal_detach();
}

/* Requests */

static void begin_file_operation(wr_session_t *session, const wr_request_t *request)
{
    uint16_t code = wr_operations_begin(&session->second->operations, session->ws, request);
    if (code != WR_CODE_OK) {
        second_session_reply(session, request->id, code, 0);
    }
}

static void second_session_operate(wr_session_t *session, const wr_request_t *request)
{
    switch ((wr_session_type_t)request->type) {
    case WR_PING:
        second_session_reply(session, request->id, WR_CODE_OK, 0);
        break;
    case WR_WHO:
        second_session_reply(session, request->id, WR_CODE_OK, put_holder(reply_value(session)));
        break;
    case WR_ATTACH:
        second_session_attach(session, request);
        break;
    case WR_DETACH:
        second_session_detach(session, request);
        break;
    case WR_INTERRUPT:
        second_session_interrupt(session, request);
        break;
    case WR_RESET:
        second_session_reset(session, request);
        break;
    case WR_LOGIN:
    case WR_SIZE:
    case WR_DATA:
    case WR_CREDIT:
    case WR_CANCEL: /* no operations, or not now: what calls has seen to them */
    case WR_HELLO:
    case WR_RESULT:
    case WR_LOST:
    case WR_OPENED: /* a server's */
        break;
    }
}

static void add_credit(wr_session_t *session, const wr_request_t *request)
{
    if (request->id != 0) {
        wr_operations_credit(session->second->operations, request->id, request->credit);
    } else if (second_session_holds(session)) {
        wr_terminal_credit(request->credit);
    } else if (session->second->watches) {
        wr_terminal_watcher_credit(&session->second->watcher, request->credit);
    }
}

/* @return true: it was a message that has no result. */
static bool second_session_note(wr_session_t *session, const wr_request_t *request, uint16_t code)
{
    bool valid = code == WR_CODE_OK;
    switch (request->type) {
    case WR_SIZE:
        if (valid && second_session_holds(session)) {
            wr_terminal_resize(request->columns, request->rows);
        }
        return true;
    case WR_CREDIT:
        if (valid) {
            add_credit(session, request);
        }
        return true;
    case WR_CANCEL:
        wr_operations_cancel(session->second->operations, request->id);
        return true;
    default:
        return code == WR_CODE_ENOSYS && request->id == 0;
    }
}

static void second_session_obey(wr_session_t *session, const wr_request_t *request, uint16_t code)
{
    if (second_session_note(session, request, code)) {
        return;
    }
    if (request->type == WR_LOGIN) {
        wr_session_close(session, UHTTPD_WS_PROTOCOL_ERROR, "a second login");
    } else if (request->id == 0 || wr_operations_has(session->second->operations, request->id)) {
        wr_session_close(session, UHTTPD_WS_PROTOCOL_ERROR, "no id, or one in use");
    } else if (code != WR_CODE_OK) {
        second_session_reply(session, request->id, code, 0);
    } else if (wr_is_file_operation(request->type)) {
        begin_file_operation(session, request);
    } else {
        second_session_operate(session, request);
    }
}

static void second_session_take_data(wr_session_t *session, const wr_piece_t *piece)
{
    bool fits = piece->id != 0 ? wr_operations_data(session->second->operations, piece->id, piece->data, piece->len)
                               : second_session_holds(session) && wr_terminal_keys(piece->data, piece->len);
    if (!fits) {
        wr_session_close(session, UHTTPD_WS_PROTOCOL_ERROR, "data beyond credit");
    }
}

static void second_session_take_message(wr_session_t *session)
{
    const wr_reader_t *reader = &session->second->reader;
    wr_request_t request;
    uint16_t code = wr_request_read(&request, reader->front, reader->have);
    if (session->phase == WR_PHASE_LOGIN) {
        second_session_login(session, &request, code);
    } else {
        second_session_obey(session, &request, code);
    }
}

static void take_piece(wr_session_t *session, const wr_piece_t *piece)
{
    switch (piece->kind) {
    case WR_PIECE_ERROR:
        wr_session_close(session, piece->close, "");
        break;
    case WR_PIECE_DATA:
        if (session->phase == WR_PHASE_IN) {
            second_session_take_data(session, piece);
        } else {
            wr_session_close(session, UHTTPD_WS_PROTOCOL_ERROR, "no login");
        }
        break;
    case WR_PIECE_MESSAGE:
        second_session_take_message(session);
        break;
    default:
        break;
    }
}

static bool second_session_takes_input(wr_session_t *session)
{
    return (session->phase == WR_PHASE_LOGIN || session->phase == WR_PHASE_IN) && send_reply(session);
}

static size_t second_session_input(wr_session_t *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len,
                                   bool final)
{
    if (!second_session_takes_input(session)) {
        return UHTTPD_WS_LATER;
    }
    if (type != UHTTPD_WS_BINARY) {
        wr_session_close(session, UHTTPD_WS_UNSUPPORTED, "all messages are binary");
        return len;
    }
    wr_piece_t piece;
    wr_reader_input(&session->second->reader, data, len, final, &piece);
    take_piece(session, &piece);
    return len;
}

/* Going on */

static void give_input_credit(wr_session_t *session)
{
    uint8_t message[WR_CREDIT_SIZE];
    uint32_t more = wr_terminal_grant();
    if (more == 0) {
        return;
    }
    wr_reply_credit(message, 0, more);
    if (uhttpd_ws_send(session->ws, UHTTPD_WS_BINARY, message, sizeof message)) {
        wr_terminal_granted(more);
    }
}

static void second_session_serve(wr_session_t *session, uint64_t now)
{
    if (!send_reply(session)) {
        return;
    }
    uint64_t when = 0;
    if (second_session_holds(session)) {
        give_input_credit(session);
        when = wr_terminal_output(now);
    } else if (session->second->watches) {
        when = wr_terminal_show(&session->second->watcher, now);
    }
    uint64_t look = wr_operations_run(&session->second->operations, session->ws, TERMINAL_ROOM);
    uhttpd_ws_deadline(session->ws, look != 0 && (when == 0 || look < when) ? look : when);
}

static void second_session_end(wr_session_t *session)
{
    wr_second_t *second = session->second;
    if (second == NULL) {
        return;
    }
    second_session_unwatch(session);
    wr_operations_end(&second->operations);
    session->second = NULL;
    free(second);
}

const wr_edition_t wr_second_edition = {
    .open = second_session_open_session,
    .input = second_session_input,
    .is_right = second_session_is_right,
    .enter = second_session_enter,
    .deny = second_session_deny,
    .serve = second_session_serve,
    .lose_terminal = second_session_lose_terminal,
    .end = second_session_end,
};
