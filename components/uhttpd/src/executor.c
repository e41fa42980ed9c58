/* SPDX-License-Identifier: MIT */
#include "executor.h"

#include <stdlib.h>

esp_err_t uh_executor_init(uh_executor_t *executor)
{
    *executor = (uh_executor_t) {
        .lock = uhttpd_os_mutex_create(), .queued = uhttpd_os_sem_create(), .left = uhttpd_os_sem_create()};
    executor->end = &executor->first;
    if (executor->lock && executor->queued && executor->left) {
        return ESP_OK;
    }
    uh_executor_deinit(executor);
    return ESP_ERR_NO_MEM;
}

void uh_executor_deinit(uh_executor_t *executor)
{
    if (executor->lock) {
        uhttpd_os_mutex_destroy(executor->lock);
    }
    if (executor->queued) {
        uhttpd_os_sem_destroy(executor->queued);
    }
    if (executor->left) {
        uhttpd_os_sem_destroy(executor->left);
    }
    free(executor->tasks);
}

esp_err_t uh_executor_start_tasks(uh_executor_t *executor, const uhttpd_config_t *config, void (*run)(void *arg),
                                  void *arg)
{
    executor->tasks = calloc(config->workers, sizeof(*executor->tasks));
    if (!executor->tasks) {
        return ESP_ERR_NO_MEM;
    }
    for (unsigned i = 0; i < config->workers; i++) {
        esp_err_t err = uhttpd_os_task_start("uhttpd worker", run, arg, config->worker_stack, config->task_priority,
                                             &executor->tasks[i]);
        if (err != ESP_OK) {
            return err;
        }
        executor->workers = ++executor->task_count;
    }
    return ESP_OK;
}

esp_err_t uh_executor_submit(uh_executor_t *executor, uhttpd_job_t *job)
{
    job->next = NULL;
    uhttpd_os_lock(executor->lock);
    bool refused = executor->stopping;
    if (!refused) {
        executor->since = executor->first ? executor->since : uhttpd_os_now();
        *executor->end = job;
        executor->end = &job->next;
    }
    bool wake = executor->watcher && !executor->watched;
    executor->watched = true;
    uhttpd_os_unlock(executor->lock);
    if (refused) {
        return ESP_ERR_UHTTPD_STOPPING;
    }
    uhttpd_os_sem_give(executor->queued);
    if (wake) {
        uh_io_wake(executor->watcher);
    }
    return ESP_OK;
}

bool uh_executor_is_stuck(uh_executor_t *executor, uint32_t ms)
{
    uhttpd_os_lock(executor->lock);
    bool stuck = executor->first && uhttpd_os_now() - executor->since >= ms;
    uhttpd_os_unlock(executor->lock);
    return stuck;
}

bool uh_executor_look(uh_executor_t *executor)
{
    uhttpd_os_lock(executor->lock);
    bool waits = executor->first;
    executor->watched = waits;
    uhttpd_os_unlock(executor->lock);
    return waits;
}

bool uh_executor_withdraw(uh_executor_t *executor, const uhttpd_job_t *job, uint32_t ticket)
{
    uhttpd_os_lock(executor->lock);
    uhttpd_job_t **link = &executor->first;
    while (*link && *link != job) {
        link = &(*link)->next;
    }
    bool found = *link && (*link)->ticket == ticket;
    if (found) {
        *link = job->next;
        executor->end = *link ? executor->end : link;
    }
    uhttpd_os_unlock(executor->lock);
    return found;
}

/* @param[out] leave  there is no job, and there will be none */
static uhttpd_job_t *executor_take(uh_executor_t *executor, bool *leave)
{
    uhttpd_os_lock(executor->lock);
    uhttpd_job_t *job = executor->first;
    if (job) {
        executor->first = job->next;
        executor->since = uhttpd_os_now();
        if (!executor->first) {
            executor->end = &executor->first;
        }
    }
    *leave = !job && executor->stopping;
    uhttpd_os_unlock(executor->lock);
    return job;
}

bool uh_executor_spare_begin(uh_executor_t *executor, unsigned most)
{
    uhttpd_os_lock(executor->lock);
    bool may = !executor->stopping && atomic_load(&executor->spares) < most;
    if (may) {
        atomic_fetch_add(&executor->spares, 1);
        executor->workers++;
    }
    uhttpd_os_unlock(executor->lock);
    return may;
}

/* Whichever worker has nothing to do is the spare one. From uh_executor_stop() on all of them are counted. */
static bool dismiss_spare(uh_executor_t *executor)
{
    uhttpd_os_lock(executor->lock);
    bool may = !executor->stopping && atomic_load(&executor->spares) > 0;
    if (may) {
        atomic_fetch_sub(&executor->spares, 1);
        executor->workers--;
    }
    uhttpd_os_unlock(executor->lock);
    return may;
}

void uh_executor_spare_fail(uh_executor_t *executor)
{
    if (!dismiss_spare(executor)) {
        uhttpd_os_sem_give(executor->left);
    }
}

#define SPARE_IDLE_MS 10000

void uh_executor_work(uh_executor_t *executor)
{
    for (;;) {
        bool leave;
        uint32_t patience = atomic_load(&executor->spares) ? SPARE_IDLE_MS : UHTTPD_OS_FOREVER;
        if (!uhttpd_os_sem_take(executor->queued, patience)) {
            if (dismiss_spare(executor)) {
                return;
            }
            continue;
        }
        uhttpd_job_t *job = executor_take(executor, &leave);
        if (job) {
            job->run(job, false);
        } else if (leave) {
            break;
        }
    }
    uhttpd_os_sem_give(executor->left); /* last touch: uh_executor_join() may free everything now */
}

void uh_executor_stop(uh_executor_t *executor)
{
    uhttpd_os_lock(executor->lock);
    executor->stopping = true;
    uhttpd_os_unlock(executor->lock);
    for (unsigned i = 0; i < executor->workers; i++) {
        uhttpd_os_sem_give(executor->queued);
    }
}

void uh_executor_cancel(uh_executor_t *executor)
{
    uhttpd_os_lock(executor->lock);
    uhttpd_job_t *job = executor->first;
    executor->first = NULL;
    executor->end = &executor->first;
    uhttpd_os_unlock(executor->lock);
    while (job) {
        uhttpd_job_t *next = job->next; /* the job may be gone, or wait again, once it has run */
        job->run(job, true);
        job = next;
    }
}

void uh_executor_join(uh_executor_t *executor)
{
    for (unsigned i = 0; i < executor->workers; i++) {
        uhttpd_os_sem_take(executor->left, UHTTPD_OS_FOREVER);
    }
    for (unsigned i = 0; i < executor->task_count; i++) {
        uhttpd_os_task_join(executor->tasks[i]);
    }
    executor->workers = executor->task_count = 0;
}
