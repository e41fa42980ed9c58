/* SPDX-License-Identifier: MIT */
#pragma once

#include "terminal/ring.h"
#include "second/file.h"
#include "second/operations.h"
#include "uhttpd.h"

/**
 * @file
 * How operations go from the I/O task to a worker and back, and what happens to those whose session has ended.
 */
#define WR_CHUNK 4096            /* bytes of a file in one piece of work: a sector of flash */
#define WR_WINDOW (2 * WR_CHUNK) /* one is worked on while the other is on its way */
#define WR_WORK_FRAME 1400       /* bytes of a message: fits an Ethernet segment with all headers */

typedef enum {
    WR_TURN_OURS,    /* the I/O task's */
    WR_TURN_WORKING, /* a worker's, or on the way to one */
    WR_TURN_WORKED,  /* the I/O task's, which does not know it yet */
} wr_turn_t;

struct wr_operation {
    uhttpd_job_t job;            /* first: a job is its operation */
    struct wr_operation *of_all; /* the next of all; this and below under work.c's lock */
    uhttpd_handle_t server;      /* whose workers work */
    uhttpd_ws_t *ws;             /* NULL: its session has ended */
    bool admitted;               /* false: it waits until others have ended */
    bool evicted;                /* it has to make room for one that waits */
    wr_turn_t turn;

    struct wr_operation *next; /* of the session; the following belong to the side whose turn it is */
    wr_file_op_t file;
    wr_file_step_t step;
    bool worked; /* a result has not been taken */
    /* the I/O task's, always */
    uint16_t id;
    wr_ring_t ring;    /* GET, LIST: to be sent; PUT: to be written */
    uint32_t credit;   /* GET, LIST: bytes that may be sent */
    uint32_t granted;  /* PUT: bytes that may come without more credit */
    uint64_t to_come;  /* PUT: bytes that have not come */
    uint64_t moved_at; /* when the client has last taken or given something */
    bool begun, opens, over, cancelled;
};

/** @brief Puts the operation at the end of the queue. I/O task, as all below. */
void wr_work_enrol(wr_operation_t *op, uhttpd_ws_t *ws);

/**
 * @brief Lets it begin, if it is its turn: one of each session always may, and beside those as many as wr_operations_max()
 *        says, the oldest first. One whose client has taken and given nothing for long gives way.
 * @return true: it has been admitted.
 */
bool wr_work_admit(wr_operation_t *op, uint64_t now);

/** @return false: a worker has it. */
bool wr_work_take(wr_operation_t *op);

/** @brief Makes a worker do op->step. The session is woken when it is done. */
void wr_work_submit(wr_operation_t *op);

/** @brief Gives it up, by a worker if anything is open, and frees it. */
void wr_work_release(wr_operation_t *op);

/** @brief Room for a message, WR_WORK_FRAME bytes. */
uint8_t *wr_work_frame(void);
