/* SPDX-License-Identifier: MIT */
#include "second/work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "errcode.h"
#include "uhttpd_guesses.h"
#include "uhttpd_os.h"

#define STALL_MS 5000 /* an operation that has moved nothing for so long gives way */

typedef struct {
    uhttpd_os_mutex_t lock; /* of all below */
    const uhttpd_storage_t *storage;
    wr_operation_t *first;
    unsigned count, max;          /* those that have been admitted */
    uint8_t frame[WR_WORK_FRAME]; /* the I/O task's */
} pool_t;

static pool_t *s_pool;

static void second_work_run_job(uhttpd_job_t *job, bool cancelled);

/* Set-up */

esp_err_t wr_operations_init(unsigned max)
{
    pool_t *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return ESP_ERR_NO_MEM;
    }
    pool->lock = uhttpd_os_mutex_create();
    if (pool->lock == NULL) {
        free(pool);
        return ESP_ERR_NO_MEM;
    }
    pool->max = max;
    s_pool = pool;
    return ESP_OK;
}

void wr_operations_set_storage(const uhttpd_storage_t *storage)
{
    uhttpd_os_lock(s_pool->lock);
    s_pool->storage = storage;
    uhttpd_os_unlock(s_pool->lock);
}

bool wr_operations_has_storage(void)
{
    uhttpd_os_lock(s_pool->lock);
    bool has = s_pool->storage != NULL;
    uhttpd_os_unlock(s_pool->lock);
    return has;
}

uint16_t wr_operations_max(void)
{
    return (uint16_t)s_pool->max;
}

uint8_t *wr_work_frame(void)
{
    return s_pool->frame;
}

/* All operations */

static wr_operation_t *oldest_that_waits_locked(void)
{
    wr_operation_t *op = s_pool->first;
    while (op != NULL && (op->admitted || op->ws == NULL)) {
        op = op->of_all;
    }
    return op;
}

static void second_work_wake_next_locked(void)
{
    wr_operation_t *next = oldest_that_waits_locked();
    if (next != NULL) {
        uhttpd_ws_wake(next->ws);
    }
}

static void second_work_forget(wr_operation_t *op)
{
    uhttpd_os_lock(s_pool->lock);
    wr_operation_t **link = &s_pool->first;
    while (*link != op) {
        link = &(*link)->of_all;
    }
    *link = op->of_all;
    s_pool->count -= op->admitted;
    second_work_wake_next_locked();
    uhttpd_os_unlock(s_pool->lock);
    wr_file_op_free(&op->file);
    free(op);
}

/* The workers of another server give up the operations that a server has left when it ended. */
static void second_work_adopt(uhttpd_handle_t server)
{
    uhttpd_os_lock(s_pool->lock);
    for (wr_operation_t *op = s_pool->first; op != NULL; op = op->of_all) {
        if (op->ws == NULL && op->turn == WR_TURN_OURS) {
            op->server = server;
            op->turn = uhttpd_submit(server, &op->job) == ESP_OK ? WR_TURN_WORKING : WR_TURN_OURS;
        }
    }
    uhttpd_os_unlock(s_pool->lock);
}

void wr_work_enrol(wr_operation_t *op, uhttpd_ws_t *ws)
{
    second_work_adopt(uhttpd_ws_server(ws));
    uhttpd_os_lock(s_pool->lock);
    op->job.run = second_work_run_job;
    op->job.from = uhttpd_guesses_from(uhttpd_ws_remote(ws));
    op->server = uhttpd_ws_server(ws);
    op->ws = ws;
    op->turn = WR_TURN_OURS;
    op->file.storage = s_pool->storage;
    wr_operation_t **link = &s_pool->first;
    while (*link != NULL) {
        link = &(*link)->of_all;
    }
    *link = op;
    uhttpd_os_unlock(s_pool->lock);
}

static bool session_works_locked(const uhttpd_ws_t *ws)
{
    const wr_operation_t *op = s_pool->first;
    while (op != NULL && !(op->admitted && op->ws == ws)) {
        op = op->of_all;
    }
    return op != NULL;
}

static void evict_stalled_locked(uint64_t now)
{
    for (wr_operation_t *op = s_pool->first; op != NULL; op = op->of_all) {
        if (op->admitted && op->ws != NULL && op->turn != WR_TURN_WORKING && now - op->moved_at >= STALL_MS) {
            op->evicted = true;
            uhttpd_ws_wake(op->ws);
        }
    }
}

bool wr_work_admit(wr_operation_t *op, uint64_t now)
{
    uhttpd_os_lock(s_pool->lock);
    if (!op->admitted) {
        bool has_room = s_pool->count < s_pool->max && oldest_that_waits_locked() == op;
        op->admitted = has_room || !session_works_locked(op->ws);
        op->moved_at = now;
        s_pool->count += op->admitted;
    }
    bool admitted = op->admitted;
    if (admitted) {
        second_work_wake_next_locked();
    } else {
        evict_stalled_locked(now);
    }
    uhttpd_os_unlock(s_pool->lock);
    return admitted;
}

/* The worker's side */

/* @return false: there is no session that waits for it. */
static bool second_work_hand_back(wr_operation_t *op)
{
    uhttpd_os_lock(s_pool->lock);
    bool waits = op->ws != NULL;
    if (waits) {
        op->turn = WR_TURN_WORKED;
        uhttpd_ws_wake(op->ws);
    }
    uhttpd_os_unlock(s_pool->lock);
    return waits;
}

/* Files may belong to a language runtime, and this is not one of its threads. So giving up waits for a worker, which
 * does it when the session has ended. */
static void second_work_cancel(wr_operation_t *op)
{
    op->file.done = 0;
    op->file.over = true;
    op->file.code = WR_CODE_ECANCELED;
    op->file.value_len = 0;
    if (!second_work_hand_back(op) && uhttpd_submit(op->server, &op->job) != ESP_OK) {
        uhttpd_os_lock(s_pool->lock);
        op->turn = WR_TURN_OURS;
        uhttpd_os_unlock(s_pool->lock);
    }
}

static bool has_session(wr_operation_t *op)
{
    uhttpd_os_lock(s_pool->lock);
    bool has = op->ws != NULL;
    uhttpd_os_unlock(s_pool->lock);
    return has;
}

static void second_work_run_job(uhttpd_job_t *job, bool cancelled)
{
    wr_operation_t *op = (wr_operation_t *)job;
    if (cancelled) {
        second_work_cancel(op);
        return;
    }
    if (has_session(op)) {
        wr_file_op_do(&op->file, op->step);
        if (second_work_hand_back(op)) {
            return;
        }
    }
    wr_file_op_do(&op->file, WR_FILE_GIVE_UP);
    second_work_forget(op);
}

/* The I/O task's side */

bool wr_work_take(wr_operation_t *op)
{
    uhttpd_os_lock(s_pool->lock);
    if (op->turn == WR_TURN_WORKED) {
        op->turn = WR_TURN_OURS;
        op->worked = true;
    }
    bool ours = op->turn == WR_TURN_OURS;
    uhttpd_os_unlock(s_pool->lock);
    return ours;
}

static bool second_work_submit(wr_operation_t *op)
{
    uhttpd_os_lock(s_pool->lock);
    op->turn = WR_TURN_WORKING; /* before a worker can have it */
    bool taken = uhttpd_submit(op->server, &op->job) == ESP_OK;
    if (!taken) {
        op->turn = WR_TURN_OURS;
    }
    uhttpd_os_unlock(s_pool->lock);
    return taken;
}

void wr_work_submit(wr_operation_t *op)
{
    if (!second_work_submit(op)) {
        op->over = true; /* the server is being stopped: the session will end, too */
        op->file.code = WR_CODE_ECANCELED;
        op->file.value_len = 0;
    }
}

void wr_work_release(wr_operation_t *op)
{
    uhttpd_os_lock(s_pool->lock);
    op->ws = NULL;
    bool working = op->turn == WR_TURN_WORKING;
    uhttpd_os_unlock(s_pool->lock);
    if (working) {
        return;
    }
    if (wr_file_op_pending(&op->file)) {
        second_work_submit(op);
    } else {
        second_work_forget(op);
    }
}
