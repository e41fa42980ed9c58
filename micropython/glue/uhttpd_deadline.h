/* SPDX-License-Identifier: MIT */
#pragma once

#include "py/mpstate.h"
#include "py/mpthread.h"
#include "py/obj.h"

/**
 * @file
 * Callbacks that take too long are interrupted, and so are file systems and block devices in Python. Everything is called by Python threads that hold the GIL, unless said
 * otherwise.
 */

/** The deadline of one worker's callbacks and file operations; lives on the worker's stack, which keeps the exception alive. */
typedef struct glue_deadline {
    struct glue_deadline *next;
    mp_state_thread_t *thread;
    uintptr_t port_thread;
    mp_obj_t too_late; /* an exception that is raised without the GIL, hence made before; or MP_OBJ_NULL */
    uint32_t timeout;  /* ms, of what is under way; 0: nothing is, or it may take any time */
    uint32_t files;    /* ms, of each file operation */
    uint64_t at;       /* in terms of uhttpd_os_now(); 0: not now. Under the lock */
    bool missed;       /* too_late was raised in this callback */
} glue_deadline_t;

/** @brief Before the first server starts. @return false: there is no memory */
bool glue_deadlines_init(void);

/**
 * @brief Of the calling thread, which is a worker from now on, until glue_deadline_strike_off().
 * @param callback_timeout  ms; 0: callbacks may take any time
 */
void glue_deadline_enlist(glue_deadline_t *deadline, uint32_t callback_timeout);
void glue_deadline_strike_off(const glue_deadline_t *deadline);

/** @brief A callback begins, or has ended. @param timeout  ms; 0: it may take any time */
void glue_deadline_begin(glue_deadline_t *deadline, uint32_t timeout);
void glue_deadline_end(glue_deadline_t *deadline);

/** @brief How long a file operation of the calling thread may take, ms. */
uint32_t glue_deadline_of_files(void);

/** @brief A file operation begins. @return to be given to glue_deadline_end(); NULL: a callback under way has a deadline,
 *         or the thread is the program's, and Ctrl-C ends what it does */
glue_deadline_t *glue_deadline_begin_files(void);

/** @brief How often glue_deadlines_watch() is to be called, ms. */
uint32_t glue_deadlines_period(uint32_t callback_timeout);

/** @brief True for a thread that is no worker, where nobody but the program is interrupted. */
bool glue_deadline_is_programs(void);

/** @brief uhttpd_config_t::watch: raises CallbackTimeout in what takes too long. Called without the GIL. */
void glue_deadlines_watch(void *unused);

/** @brief Makes every Python thread that waits look for scheduled functions. Any task, without the GIL. */
void glue_wake_all(void);

/** @name A wait for a client, without the GIL: its time does not count, and a callback's begins anew after it. Any Python
 *        thread
 *  @{ */
void glue_wait_begin(void);
void glue_wait_end(void);
/** @} */
