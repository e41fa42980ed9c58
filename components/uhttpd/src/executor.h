/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "io.h"
#include "uhttpd.h"
#include "uhttpd_os.h"

/**
 * @file
 * A queue of jobs and the workers that run them.
 */
typedef struct uh_running uh_running_t; /* a worker that runs a job */

typedef struct {
    uhttpd_os_mutex_t lock;
    uhttpd_os_sem_t queued; /* given once for each job, and for each worker at the end */
    uhttpd_os_sem_t left;   /* given by each worker that returns */
    uhttpd_job_t *first, **end;
    uh_running_t *running;
    uint64_t since; /* when a job was taken last, or when the first began to wait */
    bool stopping;
    unsigned workers; /* that there are, with the spare ones */
    atomic_uint spares;
    uh_io_source_t *watcher; /* woken when jobs begin to wait, until uh_executor_look() finds none; NULL: nobody is */
    bool watched;
    unsigned task_count;
    uhttpd_os_task_t *tasks; /* NULL if the program supplies the threads */
} uh_executor_t;

/** @return ESP_OK or ESP_ERR_NO_MEM. */
esp_err_t uh_executor_init(uh_executor_t *executor);

/** @brief Starts plain worker tasks that call @p run with @p arg. */
esp_err_t uh_executor_start_tasks(uh_executor_t *executor, unsigned count, const uhttpd_os_task_config_t *task,
                                  void (*run)(void *arg), void *arg);

/** @return ESP_OK, or ESP_ERR_UHTTPD_STOPPING. Any task. */
esp_err_t uh_executor_submit(uh_executor_t *executor, uhttpd_job_t *job);

/** @brief True when a job has been waiting for @p ms, and no worker has taken one meanwhile. Any task. */
bool uh_executor_is_stuck(uh_executor_t *executor, uint32_t ms);

/**
 * @brief True when a job waits for an address for which at least two workers fewer run than for @p from. Any task.
 */
bool uh_executor_is_unfair(uh_executor_t *executor, uint64_t from);

/** @brief Whether jobs wait. If not, uh_executor_t::watcher will be woken by the next. */
bool uh_executor_look(uh_executor_t *executor);

/** @brief As uhttpd_spare_begin(), with a limit to the number of spare ones, and uhttpd_spare_fail(). */
bool uh_executor_spare_begin(uh_executor_t *executor, unsigned most);
void uh_executor_spare_fail(uh_executor_t *executor);

/** @brief Lets uh_executor_withdraw() have a job from now on, or no more. Before it is submitted, or when it runs. */
void uh_executor_let_refuse(uhttpd_job_t *job, bool may);

/**
 * @brief Takes back the newest of those that may be refused, of the address that has most jobs in work or waiting.
 * @param waited  ms that it has been waiting for at least
 * @param share   jobs that any address may have
 * @return NULL: there is none. Any task.
 */
uhttpd_job_t *uh_executor_withdraw(uh_executor_t *executor, uint32_t waited, unsigned share);

/** @brief Runs jobs until uh_executor_stop() and the queue is empty, or until there are spare workers and no jobs. */
void uh_executor_work(uh_executor_t *executor);

/** @brief Runs the waiting jobs as cancelled in the calling task, because workers may be busy for a long time. Later
 *        jobs run as usual. */
void uh_executor_cancel(uh_executor_t *executor);

/** @brief From now on jobs are refused, and workers return when no job is left. */
void uh_executor_stop(uh_executor_t *executor);

/** @brief Waits until every worker has returned. */
void uh_executor_join(uh_executor_t *executor);

void uh_executor_deinit(uh_executor_t *executor);
