/* SPDX-License-Identifier: MIT */
#include "executor.h"

#include <stdlib.h>

struct uh_running {
    uint64_t from; /* as uhttpd_job_t::from */
    uh_running_t *next;
};

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

esp_err_t uh_executor_start_tasks(uh_executor_t *executor, unsigned count, const uhttpd_os_task_config_t *task,
                                  void (*run)(void *arg), void *arg)
{
    executor->tasks = calloc(count, sizeof(*executor->tasks));
    if (!executor->tasks) {
        return ESP_ERR_NO_MEM;
    }
    for (unsigned i = 0; i < count; i++) {
        esp_err_t err = uhttpd_os_task_start("uhttpd worker", run, arg, task, &executor->tasks[i]);
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

/* --- addresses, under lock ---------------------------------------------------------------------------------------- */

static unsigned count_running(const uh_executor_t *executor, uint64_t from)
{
    unsigned count = 0;
    for (const uh_running_t *running = executor->running; running; running = running->next) {
        count += running->from == from;
    }
    return count;
}

static unsigned count_jobs(const uh_executor_t *executor, uint64_t from)
{
    unsigned count = count_running(executor, from);
    for (const uhttpd_job_t *job = executor->first; job; job = job->next) {
        count += job->from == from;
    }
    return count;
}

/* The first of those whose address has the fewest workers. There is a job. */
static uhttpd_job_t **fairest_job(uh_executor_t *executor)
{
    uhttpd_job_t **fairest = &executor->first;
    unsigned least = count_running(executor, (*fairest)->from);
    for (uhttpd_job_t **link = &(*fairest)->next; least && *link; link = &(*link)->next) {
        unsigned count = count_running(executor, (*link)->from);
        if (count < least) {
            least = count;
            fairest = link;
        }
    }
    return fairest;
}

static uhttpd_job_t *unlink_job(uh_executor_t *executor, uhttpd_job_t **link)
{
    uhttpd_job_t *job = *link;
    *link = job->next;
    executor->end = *link ? executor->end : link;
    return job;
}

/* @param[in,out] most  jobs of one address */
static uhttpd_job_t **newest_of_crowd(uh_executor_t *executor, unsigned *most)
{
    uhttpd_job_t **newest = NULL;
    for (uhttpd_job_t **link = &executor->first; *link; link = &(*link)->next) {
        unsigned count = (*link)->refusable_at ? count_jobs(executor, (*link)->from) : 0;
        if (count && count >= *most) {
            *most = count;
            newest = link;
        }
    }
    return newest;
}

bool uh_executor_is_unfair(uh_executor_t *executor, uint64_t from)
{
    uhttpd_os_lock(executor->lock);
    unsigned own = count_running(executor, from);
    bool unfair = executor->first && count_running(executor, (*fairest_job(executor))->from) + 2 <= own;
    uhttpd_os_unlock(executor->lock);
    return unfair;
}

/* --- the queue ---------------------------------------------------------------------------------------------------- */

bool uh_executor_look(uh_executor_t *executor)
{
    uhttpd_os_lock(executor->lock);
    bool waits = executor->first;
    executor->watched = waits;
    uhttpd_os_unlock(executor->lock);
    return waits;
}

void uh_executor_let_refuse(uhttpd_job_t *job, bool may)
{
    job->refusable_at = may ? (uint32_t)uhttpd_os_now() | 1 : 0;
}

uhttpd_job_t *uh_executor_withdraw(uh_executor_t *executor, uint32_t waited, unsigned share)
{
    uhttpd_os_lock(executor->lock);
    unsigned most = share + 1;
    uhttpd_job_t **newest = newest_of_crowd(executor, &most);
    bool may = newest && (uint32_t)uhttpd_os_now() - (*newest)->refusable_at + 1 > waited;
    uhttpd_job_t *job = may ? unlink_job(executor, newest) : NULL;
    uhttpd_os_unlock(executor->lock);
    return job;
}

/* @param[out] leave  there is no job, and there will be none */
static uhttpd_job_t *executor_take(uh_executor_t *executor, uh_running_t *running, bool *leave)
{
    uhttpd_os_lock(executor->lock);
    uhttpd_job_t *job = executor->first ? unlink_job(executor, fairest_job(executor)) : NULL;
    if (job) {
        *running = (uh_running_t) {.from = job->from, .next = executor->running};
        executor->running = running;
        executor->since = uhttpd_os_now();
    }
    *leave = !job && executor->stopping;
    uhttpd_os_unlock(executor->lock);
    return job;
}

static void note_done(uh_executor_t *executor, const uh_running_t *running)
{
    uhttpd_os_lock(executor->lock);
    uh_running_t **link = &executor->running;
    while (*link != running) {
        link = &(*link)->next;
    }
    *link = running->next;
    uhttpd_os_unlock(executor->lock);
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
        uh_running_t running;
        uhttpd_job_t *job = executor_take(executor, &running, &leave);
        if (job) {
            job->run(job, false);
            note_done(executor, &running);
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
