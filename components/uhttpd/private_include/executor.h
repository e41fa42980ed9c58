/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"
#include "uhttpd_os.h"

/**
 * @file
 * A queue of jobs and the workers that run them.
 */
typedef struct {
    uhttpd_os_mutex_t lock;
    uhttpd_os_sem_t queued; /* given once for each job, and for each worker at the end */
    uhttpd_os_sem_t left;   /* given by each worker that leaves */
    uhttpd_job_t *first, **end;
    bool stopping;
    unsigned workers;
    uhttpd_os_task_t *tasks; /* NULL where somebody else's threads work */
} executor_t;

/** @return ESP_OK or ESP_ERR_NO_MEM. */
esp_err_t executor_init(executor_t *executor);

/** @brief Starts plain worker tasks that call @p run with @p arg. */
esp_err_t executor_start_tasks(executor_t *executor, const uhttpd_config_t *config, void (*run)(void *arg), void *arg);

/** @return ESP_OK, or ESP_ERR_UHTTPD_STOPPING. Any task. */
esp_err_t executor_submit(executor_t *executor, uhttpd_job_t *job);

/** @brief Takes back a job that still waits. Only its address is looked at. @return false: it does not wait. Any task. */
bool executor_withdraw(executor_t *executor, const uhttpd_job_t *job);

/** @brief Runs jobs until executor_stop() and the queue is empty. */
void executor_work(executor_t *executor);

/** @brief Runs the jobs that wait as cancelled, here and now: workers may be busy for long. Later ones run as ever. */
void executor_cancel(executor_t *executor);

/** @brief From now on jobs are refused, and workers leave when none is left. */
void executor_stop(executor_t *executor);

/** @brief Waits until every worker has left. */
void executor_join(executor_t *executor);

void executor_deinit(executor_t *executor);
