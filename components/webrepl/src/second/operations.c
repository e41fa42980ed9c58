/* SPDX-License-Identifier: MIT */
#include "second/operations.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "errcode.h"
#include "terminal/ring.h"
#include "second/file.h"
#include "second/reply.h"
#include "second/work.h"
#include "uhttpd_os.h"

#define LOOK_MS 1000   /* how often one that waits looks whether another has stalled */
#define LEAST_DATA 256 /* bytes of a file that are worth a message, unless they are the last */

static size_t second_operations_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Setting up */

static size_t buffer_size(uint8_t type)
{
    switch (type) {
    case WR_GET:
    case WR_PUT:
        return WR_WINDOW;
    case WR_LIST:
    case WR_SHA256:
        return WR_CHUNK;
    default:
        return 0;
    }
}

static char *copy_path(char **at, const uint8_t *path, size_t len)
{
    char *copy = *at;
    if (len > 0) {
        memcpy(copy, path, len);
    }
    copy[len] = '\0';
    *at += len + 1;
    return copy;
}

/* Room for the path of an entry: a slash and a name. */
static size_t inner_size(const wr_request_t *request)
{
    bool needed = request->type == WR_LIST && (request->flags & WR_LIST_DIGEST);
    return needed ? request->path_len + 1u + sizeof((wr_file_op_t *)NULL)->name : 0;
}

/* Everything an operation needs is one piece of memory, whose size depends only on bounded lengths. */
static wr_operation_t *second_operations_make(const wr_request_t *request)
{
    size_t buffer = buffer_size(request->type);
    size_t names = request->path_len + 1u + request->to_len + 1u + inner_size(request);
    wr_operation_t *op = calloc(1, sizeof *op + buffer + names);
    if (op == NULL) {
        return NULL;
    }
    char *at = (char *)(op + 1) + buffer;
    wr_ring_init(&op->ring, (uint8_t *)(op + 1), buffer);
    op->file.path = copy_path(&at, request->path, request->path_len);
    op->file.to = copy_path(&at, request->to, request->to_len);
    op->file.inner = at;
    return op;
}

static _Atomic uint32_t s_keep_ms;

void wr_operations_set_keep(uint32_t keep_ms)
{
    atomic_store(&s_keep_ms, keep_ms);
}

static bool is_early(const wr_operation_t *op)
{
    return op->file.type == WR_PUT && (op->file.flags & WR_PUT_EARLY);
}

static void set_up(wr_operation_t *op, const wr_request_t *request)
{
    op->id = request->id;
    op->credit = request->credit < WR_CREDIT_MAX ? request->credit : WR_CREDIT_MAX;
    op->file.type = request->type;
    op->file.flags = request->flags;
    op->file.offset = request->offset;
    op->file.size = request->size;
    op->file.keep_ms = atomic_load(&s_keep_ms);
    if (request->digest != NULL) {
        memcpy(op->file.expected, request->digest, UHTTPD_SHA256_SIZE);
    }
    if (is_early(op)) {
        op->to_come = request->size;
        op->granted = request->size < WR_WINDOW ? (uint32_t)request->size : WR_WINDOW;
    }
}

static size_t count_operations(const wr_operation_t *list)
{
    size_t count = 0;
    for (; list != NULL; list = list->next) {
        count++;
    }
    return count;
}

uint16_t wr_operations_begin(wr_operation_t **list, uhttpd_ws_t *ws, const wr_request_t *request)
{
    if (!wr_operations_has_storage()) {
        return WR_CODE_EOPNOTSUPP;
    }
    if (count_operations(*list) >= wr_operations_max()) {
        return WR_CODE_EAGAIN;
    }
    wr_operation_t *op = second_operations_make(request);
    if (op == NULL) {
        return WR_CODE_ENOMEM;
    }
    set_up(op, request);
    wr_work_enrol(op, ws);
    op->next = *list;
    *list = op;
    return WR_CODE_OK;
}

uint32_t wr_operations_early(void)
{
    return wr_operations_has_storage() ? WR_WINDOW : 0;
}

static wr_operation_t *second_operations_find(wr_operation_t *list, uint16_t id)
{
    while (list != NULL && list->id != id) {
        list = list->next;
    }
    return list;
}

bool wr_operations_has(const wr_operation_t *list, uint16_t id)
{
    return second_operations_find((wr_operation_t *)list, id) != NULL;
}

/* What the client says */

bool wr_operations_data(wr_operation_t *list, uint16_t id, const uint8_t *data, size_t len)
{
    wr_operation_t *op = second_operations_find(list, id);
    if (op == NULL || op->file.type != WR_PUT || op->cancelled || op->over) {
        return true; /* it has crossed the RESULT */
    }
    if (len > op->granted) {
        return false;
    }
    wr_ring_push(&op->ring, data, len);
    op->granted -= (uint32_t)len;
    op->to_come -= len;
    op->moved_at = uhttpd_os_now();
    return true;
}

void wr_operations_credit(wr_operation_t *list, uint16_t id, uint32_t more)
{
    wr_operation_t *op = second_operations_find(list, id);
    if (op != NULL) {
        op->credit = more < WR_CREDIT_MAX - op->credit ? op->credit + more : WR_CREDIT_MAX;
    }
}

void wr_operations_cancel(wr_operation_t *list, uint16_t id)
{
    wr_operation_t *op = second_operations_find(list, id);
    if (op != NULL) {
        op->cancelled = true;
    }
}

/* Sending */

/* How much of a message uhttpd_ws_send() would take, without the reserve for others. */
static size_t room_for_data(uhttpd_ws_t *ws, size_t reserve)
{
    size_t room = uhttpd_ws_room(ws);
    return room > reserve + WR_MESSAGE_HEADER ? second_operations_min(room - reserve, WR_WORK_FRAME) - WR_MESSAGE_HEADER
                                              : 0;
}

/* Only whole records, which lie one after the other from the beginning of the buffer. */
static size_t whole_records(const wr_operation_t *op, size_t most)
{
    const uint8_t *at = op->ring.data + (op->ring.tail & op->ring.mask);
    size_t used = wr_ring_used(&op->ring), len = 0;
    while (len < used && len + wr_record_file_len(at + len) <= most) {
        len += wr_record_file_len(at + len);
    }
    return len;
}

static size_t next_piece(const wr_operation_t *op, size_t room)
{
    size_t most = second_operations_min(op->credit, room);
    if (op->file.type == WR_LIST) {
        return whole_records(op, most);
    }
    size_t used = wr_ring_used(&op->ring);
    return most >= second_operations_min(used, LEAST_DATA) || most == op->credit ? second_operations_min(used, most)
                                                                                 : 0;
}

/* @return true: some of it was sent */
static bool send_data(wr_operation_t *op, uhttpd_ws_t *ws, size_t reserve)
{
    uint8_t *frame = wr_work_frame();
    size_t len;
    bool sent = false;
    while (wr_ring_used(&op->ring) > 0 && (len = next_piece(op, room_for_data(ws, reserve))) > 0) {
        size_t header = wr_reply_data(frame, op->id);
        wr_ring_peek(&op->ring, 0, frame + header, len);
        if (!uhttpd_ws_send(ws, UHTTPD_WS_BINARY, frame, header + len)) {
            break;
        }
        wr_ring_drop(&op->ring, len);
        op->credit -= (uint32_t)len;
        sent = true;
    }
    return sent;
}

/* Credit for what there is room for, but never for more than the rest of the file. */
static uint32_t credit_due(const wr_operation_t *op)
{
    size_t room = wr_ring_room(&op->ring) - op->granted;
    return (uint32_t)(op->to_come - op->granted < room ? op->to_come - op->granted : room);
}

static bool send_opened(wr_operation_t *op, uhttpd_ws_t *ws)
{
    uint8_t message[WR_MESSAGE_HEADER + WR_FILE_RECORD_SIZE];
    size_t len;
    if (op->file.type == WR_GET) {
        len = wr_reply_opened(message, op->id);
        memcpy(message + len, op->file.record, sizeof op->file.record);
        len += sizeof op->file.record;
    } else {
        len = wr_reply_opened_put(message, op->id, op->file.offset, credit_due(op));
    }
    return uhttpd_ws_send(ws, UHTTPD_WS_BINARY, message, len);
}

static void send_credit(wr_operation_t *op, uhttpd_ws_t *ws)
{
    uint32_t more = credit_due(op);
    if (more == 0 || (more < WR_CHUNK && more < op->to_come - op->granted)) {
        return;
    }
    uint8_t message[WR_CREDIT_SIZE];
    wr_reply_credit(message, op->id, more);
    if (uhttpd_ws_send(ws, UHTTPD_WS_BINARY, message, sizeof message)) {
        op->granted += more;
    }
}

static bool send_result(const wr_operation_t *op, uhttpd_ws_t *ws)
{
    uint8_t message[WR_RESULT_SIZE + UHTTPD_SHA256_SIZE];
    size_t len = wr_reply_result(message, op->id, op->file.code);
    memcpy(message + len, op->file.value, op->file.value_len);
    return uhttpd_ws_send(ws, UHTTPD_WS_BINARY, message, len + op->file.value_len);
}

/* Going on */

static void take_result(wr_operation_t *op)
{
    wr_file_op_t *file = &op->file;
    op->over = file->over;
    if (op->step == WR_FILE_BEGIN && !file->again && !file->over) {
        op->begun = true;
        op->opens = file->type == WR_GET || file->type == WR_PUT;
        if (file->type == WR_PUT && !is_early(op)) {
            op->to_come = file->size - file->offset;
        }
    } else if (op->step == WR_FILE_MOVE && file->type == WR_PUT) {
        wr_ring_drop(&op->ring, file->done);
    } else if (op->step == WR_FILE_MOVE && file->type != WR_SHA256) {
        op->ring.head += (uint32_t)file->done;
    }
}

/* The contiguous part of the free, or of the used, buffer. */
static void second_operations_offer(wr_operation_t *op, uint32_t from, size_t most)
{
    size_t at = from & op->ring.mask;
    op->file.data = op->ring.data + at;
    op->file.len = second_operations_min(most, op->ring.mask + 1 - at);
}

/* @return false: nothing can be done now. */
static bool next_upload_step(wr_operation_t *op)
{
    size_t used = wr_ring_used(&op->ring);
    if (op->to_come == 0 && used == 0) {
        op->step = WR_FILE_FINISH;
        return true;
    }
    op->step = WR_FILE_MOVE;
    second_operations_offer(op, op->ring.tail, second_operations_min(used, WR_CHUNK));
    return used >= WR_CHUNK || (used > 0 && (op->to_come == 0 || op->granted == 0));
}

static bool is_given_up(const wr_operation_t *op)
{
    return op->cancelled || op->evicted;
}

static bool next_step(wr_operation_t *op)
{
    if (is_given_up(op)) {
        op->file.flags = op->cancelled ? 0 : op->file.flags; /* nothing needs to be kept */
        op->step = WR_FILE_GIVE_UP;
        return true;
    }
    if (!op->begun) {
        op->step = WR_FILE_BEGIN;
        second_operations_offer(op, 0, WR_CHUNK);
        return true;
    }
    if (op->file.type == WR_PUT) {
        return next_upload_step(op);
    }
    op->step = WR_FILE_MOVE;
    second_operations_offer(op, op->ring.head, second_operations_min(wr_ring_room(&op->ring), WR_CHUNK));
    if (op->file.type == WR_LIST) {
        return wr_ring_used(&op->ring) == 0;
    }
    return wr_ring_room(&op->ring) >= WR_CHUNK;
}

/* The end of the buffer must not cut a record in two. */
static void rewind_if_empty(wr_operation_t *op)
{
    if (wr_ring_used(&op->ring) == 0) {
        op->ring.head = op->ring.tail = 0;
    }
}

typedef enum { STAYS, SENT, ENDED } outcome_t;

static outcome_t second_operations_finish(wr_operation_t *op, uhttpd_ws_t *ws)
{
    bool unsent = op->file.type != WR_PUT && wr_ring_used(&op->ring) > 0 && op->file.code == WR_CODE_OK;
    if (unsent && !is_given_up(op)) {
        return STAYS;
    }
    if (unsent || (op->evicted && op->file.code == WR_CODE_ECANCELED)) {
        op->file.code = op->cancelled ? WR_CODE_ECANCELED : WR_CODE_ETIMEDOUT;
        op->file.value_len = 0;
    }
    return send_result(op, ws) ? ENDED : STAYS;
}

static outcome_t second_operations_go_on(wr_operation_t *op, uhttpd_ws_t *ws)
{
    if (op->over) {
        return second_operations_finish(op, ws);
    }
    if (op->file.type != WR_PUT) {
        rewind_if_empty(op);
    }
    if (next_step(op)) {
        wr_work_submit(op);
    }
    return STAYS;
}

/* While a worker has the operation, data that was read before is sent, and credit is given for data that was written
 * before. */
static outcome_t second_operations_run(wr_operation_t *op, uhttpd_ws_t *ws, uint64_t now, size_t reserve)
{
    bool ours = wr_work_take(op), sent = false;
    if (op->worked) {
        op->worked = false;
        op->moved_at = now;
        take_result(op);
    }
    if (op->opens) {
        if (!send_opened(op, ws)) {
            return STAYS;
        }
        op->opens = false;
        op->granted += op->file.type == WR_PUT ? credit_due(op) : 0;
    }
    if (op->file.type != WR_PUT) {
        sent = !is_given_up(op) && send_data(op, ws, reserve);
        op->moved_at = sent ? now : op->moved_at;
    } else if (op->begun && !op->over) {
        send_credit(op, ws);
    }
    outcome_t outcome = ours ? second_operations_go_on(op, ws) : STAYS;
    return outcome == STAYS && sent ? SENT : outcome;
}

static void second_operations_append(wr_operation_t **list, wr_operation_t *op)
{
    while (*list != NULL) {
        list = &(*list)->next;
    }
    op->next = NULL;
    *list = op;
}

/* An operation that has sent goes to the end of the list, so that all take turns when there is little room. */
uint64_t wr_operations_run(wr_operation_t **list, uhttpd_ws_t *ws, size_t reserve)
{
    uint64_t now = uhttpd_os_now();
    bool waits = false;
    size_t count = count_operations(*list);
    for (wr_operation_t **link = list; count > 0; count--) {
        wr_operation_t *op = *link;
        bool admitted = wr_work_admit(op, now);
        waits = waits || !admitted;
        outcome_t outcome = admitted || op->cancelled ? second_operations_run(op, ws, now, reserve) : STAYS;
        if (outcome == STAYS) {
            link = &op->next;
            continue;
        }
        *link = op->next;
        if (outcome == SENT) {
            second_operations_append(list, op);
        } else {
            wr_work_release(op);
        }
    }
    return waits ? now + LOOK_MS : 0;
}

void wr_operations_end(wr_operation_t **list)
{
    while (*list != NULL) {
        wr_operation_t *op = *list;
        *list = op->next;
        wr_work_release(op);
    }
}
