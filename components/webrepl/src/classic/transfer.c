/* SPDX-License-Identifier: MIT */
#include "classic/transfer.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "errcode.h"
#include "classic/file_work.h"
#include "terminal/terminal.h"
#include "uhttpd_guesses.h"
#include "uhttpd_os.h"

/* Whose turn it is. During the worker's turn, files and the machine's requests belong to the worker. */
typedef enum {
    IDLE,     /* the I/O task's */
    WORKING,  /* a worker's, for the session */
    WORKED,   /* the I/O task's: the result is there */
    CLEANING, /* a worker's, after a session has ended */
} turn_t;

typedef struct {
    uhttpd_job_t job; /* first: a job is its transfer */
    _Atomic turn_t turn;
    wr_file_work_t files;
    int err; /* the result */
    size_t got;

    uhttpd_ws_t *ws;        /* NULL: no session */
    uhttpd_handle_t server; /* of the last session: whose workers work */
    bool begun;             /* the leftovers of the previous session are being removed */
    wr_classic_t classic;

    uhttpd_os_mutex_t lock; /* of the rest */
    const uhttpd_storage_t *offered;
    uint8_t version[3];
} transfer_t;

static transfer_t *s_transfer;

static void transfer_run_job(uhttpd_job_t *job, bool cancelled);

esp_err_t wr_transfer_init(void)
{
    transfer_t *transfer = calloc(1, sizeof *transfer);
    if (transfer == NULL) {
        return ESP_ERR_NO_MEM;
    }
    transfer->lock = uhttpd_os_mutex_create();
    if (transfer->lock == NULL) {
        free(transfer);
        return ESP_ERR_NO_MEM;
    }
    transfer->job.run = transfer_run_job;
    s_transfer = transfer;
    return ESP_OK;
}

void wr_transfer_set_files(const uhttpd_storage_t *files, const uint8_t version[3])
{
    uhttpd_os_lock(s_transfer->lock);
    s_transfer->offered = files;
    memcpy(s_transfer->version, version, sizeof s_transfer->version);
    uhttpd_os_unlock(s_transfer->lock);
}

void wr_transfer_get_version(uint8_t version[3])
{
    uhttpd_os_lock(s_transfer->lock);
    memcpy(version, s_transfer->version, sizeof s_transfer->version);
    uhttpd_os_unlock(s_transfer->lock);
}

/* The worker's side */

/* @return true: there is a session that waits for it */
static bool transfer_hand_back(transfer_t *transfer)
{
    turn_t turn = WORKING;
    return atomic_compare_exchange_strong(&transfer->turn, &turn, WORKED);
}

/* Files may belong to a language runtime, and this is not one of its threads, so a worker cleans up. If none can, the
 * next session does. */
static void transfer_cancel(transfer_t *transfer)
{
    transfer->err = ECANCELED;
    transfer->got = 0;
    if (!transfer_hand_back(transfer) && uhttpd_submit(transfer->server, &transfer->job) != ESP_OK) {
        atomic_store(&transfer->turn, IDLE);
    }
}

static void transfer_work(transfer_t *transfer)
{
    bool for_session = atomic_load(&transfer->turn) == WORKING;
    if (for_session) {
        transfer->err = wr_file_work_do(&transfer->files, &transfer->classic, &transfer->got);
    }
    if (!for_session || !transfer_hand_back(transfer)) {
        wr_file_work_abandon(&transfer->files);
        atomic_store(&transfer->turn, IDLE);
    }
}

static void transfer_run_job(uhttpd_job_t *job, bool cancelled)
{
    transfer_t *transfer = (transfer_t *)job;
    if (cancelled) {
        transfer_cancel(transfer);
    } else {
        transfer_work(transfer);
    }
    wr_terminal_wake();
}

/* The I/O task's side */

static bool transfer_submit(transfer_t *transfer, uhttpd_ws_t *ws, turn_t turn)
{
    transfer->server = uhttpd_ws_server(ws);
    transfer->job.from = uhttpd_guesses_from(uhttpd_ws_remote(ws));
    atomic_store(&transfer->turn, turn);
    if (uhttpd_submit(transfer->server, &transfer->job) == ESP_OK) {
        return true;
    }
    atomic_store(&transfer->turn, IDLE);
    return false;
}

void wr_transfer_attach(uhttpd_ws_t *ws)
{
    s_transfer->ws = ws;
    s_transfer->begun = false;
    wr_transfer_run();
}

void wr_transfer_detach(void)
{
    transfer_t *transfer = s_transfer;
    uhttpd_ws_t *ws = transfer->ws;
    transfer->ws = NULL;
    turn_t turn = WORKING;
    if (atomic_compare_exchange_strong(&transfer->turn, &turn, CLEANING) || turn == CLEANING) {
        return;
    }
    atomic_store(&transfer->turn, IDLE);
    if (wr_file_work_pending(&transfer->files)) {
        transfer_submit(transfer, ws, CLEANING);
    }
}

static bool transfer_begin(transfer_t *transfer)
{
    if (transfer->begun || atomic_load(&transfer->turn) != IDLE) {
        return transfer->begun;
    }
    if (wr_file_work_pending(&transfer->files)) {
        transfer_submit(transfer, transfer->ws, CLEANING);
        return false;
    }
    uhttpd_os_lock(transfer->lock);
    transfer->files.files = transfer->offered;
    wr_classic_init(&transfer->classic, transfer->offered != NULL, transfer->version);
    uhttpd_os_unlock(transfer->lock);
    transfer->begun = true;
    return true;
}

/* @return true: the result is there, or there will be none. */
static bool has_worked(transfer_t *transfer)
{
    if (atomic_load(&transfer->turn) == IDLE) {
        if (transfer_submit(transfer, transfer->ws, WORKING)) {
            return false; /* the worker sets the result */
        }
        transfer->err = ECANCELED;
        transfer->got = 0;
        return true;
    }
    turn_t turn = WORKED;
    return atomic_compare_exchange_strong(&transfer->turn, &turn, IDLE);
}

void wr_transfer_run(void)
{
    transfer_t *transfer = s_transfer;
    wr_classic_t *classic = &transfer->classic;
    if (!transfer_begin(transfer)) {
        return;
    }
    while (classic->want != WR_CLASSIC_INPUT) {
        if (classic->want == WR_CLASSIC_SEND) {
            if (!uhttpd_ws_send(transfer->ws, UHTTPD_WS_BINARY, classic->frame, classic->frame_len)) {
                return;
            }
            wr_classic_sent(classic);
        } else {
            if (!has_worked(transfer)) {
                return;
            }
            wr_classic_worked(classic, wr_errcode(transfer->err), transfer->got);
        }
    }
}

static bool transfer_takes_input(const transfer_t *transfer)
{
    return transfer->begun && transfer->classic.want == WR_CLASSIC_INPUT;
}

size_t wr_transfer_input(const uint8_t *data, size_t len)
{
    size_t taken = 0;
    wr_transfer_run();
    while (taken < len && transfer_takes_input(s_transfer)) {
        taken += wr_classic_input(&s_transfer->classic, data + taken, len - taken);
        wr_transfer_run();
    }
    return taken;
}
